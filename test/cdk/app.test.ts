import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

it("refuses a choice that cannot be in one sentence, before anything is synthesised", () => {
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ dashboard: "maybe" }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cdk/app.ts"], { env, encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: "", stderr: "steplearn: dashboard must be true or false, got maybe\n" });
});

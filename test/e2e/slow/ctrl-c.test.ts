/** Ctrl-C on the command line, on small data. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { commandLine } from "../../helpers/command-line.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const folder = scratchFolder();
const steplearn = commandLine(folder);

/** y = 1 where x + noise > 0. */
const row = (i: number): string => {
  const [x, noise] = [1, 2].map((seed) => (hashRow(seed, i) - 2 ** 31) / 2 ** 31);
  return `id-${i},${x.toFixed(3)},${x + noise > 0 ? "yes" : "no"}`;
};

beforeAll(() => writeFile(join(folder, "rows.csv"), `id,x,y\n${Array.from({ length: 2_000 }, (_, i) => row(i)).join("\n")}\n`));

it("a training stops at Ctrl-C, says how to go on, and then ends with the bytes of a run that never stopped", async () => {
  const args = [
    "rows.csv",
    "--label",
    "y",
    "--model",
    "logisticRegression",
    "--param",
    "elasticNetParam=1",
    "--param",
    "regParam=0.01",
    "--exclude",
    "id",
    "--store",
    "s2",
    "--output",
    "m2",
  ];
  let sent = false;
  const stopped = await steplearn(["train", ...args, "--run", "stopped"], (text, kill) => {
    if (!sent && text.includes("round 0 ")) {
      sent = true;
      kill("SIGINT");
    }
  });
  const whole = await steplearn(["train", ...args, "--run", "whole"]);
  expect(whole.code).toBe(0);
  // The run may have ended before the signal came: then it is published as if nothing had been.
  if (stopped.code !== 0) {
    expect(stopped.code).toBe(130);
    expect(stopped.out).toBe("");
    expect(stopped.err).toContain("steplearn: stopped; go on with: steplearn resume stopped --store s2\n");
    expect((await steplearn(["resume", "stopped", "--store", "s2"])).code).toBe(0);
  }
  const [a, b] = await Promise.all(["stopped", "whole"].map((run) => readFile(join(folder, "m2", run, "model.json"), "utf8")));
  expect(a).toBe(b);
});

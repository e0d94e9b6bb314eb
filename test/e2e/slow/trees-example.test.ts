/** The examples of forests, as they stand. */
import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { parseJob } from "../../../src/job/read.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const folder = scratchFolder();
cpSync("examples", folder, { recursive: true });

it("the forest of the diabetes example explains a third of the variance of patients held out", async () => {
  const text = await readFile(join(folder, "trees/diabetes.yaml"), "utf8");
  const { job } = parseJob(text, join(folder, "trees/diabetes.yaml"));
  const at = (path: string): string => join(folder, "trees", path);
  const { metrics } = await train(
    { ...job, data: { ...job.data, paths: job.data.paths.map(at) }, output: at("models") },
    { store: at("store") },
  );
  expect(metrics.test?.r2).toBeGreaterThan(0.33);
});

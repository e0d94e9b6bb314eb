/** The examples of trees, as they stand. */
import { cpSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Trained, train } from "../../../src/api/train.ts";
import { parseJob } from "../../../src/job/read.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const folder = scratchFolder();
cpSync("examples", folder, { recursive: true });

async function trained(name: string): Promise<Trained> {
  const path = join(folder, "trees", `${name}.yaml`);
  const { job } = parseJob(await readFile(path, "utf8"), path);
  return train(job, { store: join(folder, "store"), folder: join(folder, "trees") });
}

it("the boosted trees of the churn example stop early, as its README says", async () => {
  const { model, metrics } = await trained("churn");
  expect(model.trees).toBe(84);
  expect(metrics.test?.areaUnderROC?.toFixed(3)).toBe("0.842");
});

it("the forest of the diabetes example explains a third of the variance of patients held out", async () => {
  expect((await trained("diabetes")).metrics.test?.r2).toBeGreaterThan(0.33);
});

/** Models of a real table against those of scikit-learn. */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { JobForm } from "../../../src/job/schema.ts";
import { explicit, trainedIn } from "../../helpers/quality.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { sharedFile } from "../../helpers/shared.ts";

const scratch = scratchFolder();

describe("Adult, on its own test file", () => {
  // age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours country income
  const numbers = [0, 2, 4, 10, 11, 12].map((j) => `c${j}`);
  const categories = [1, 3, 5, 6, 7, 8, 9, 13].map((j) => `c${j}`);
  // The labels of the test file end in a dot.
  const testRows = gunzipSync(readFileSync(sharedFile("binary/adult/adult.test.csv.gz"))).toString("utf8");
  writeFileSync(`${scratch}/adult.test.csv`, testRows.replaceAll(/K\.$/gm, "K"));
  const form: JobForm = {
    data: { path: sharedFile("binary/adult/adult.data.csv.gz"), header: false },
    label: { column: "c14", positive: ">50K" },
    split: { testPath: `${scratch}/adult.test.csv` },
    model: { logisticRegression: {} },
  };

  it("reaches the published area with the features of the reference", async () => {
    const { metrics } = await trainedIn(scratch, { ...form, features: explicit(categories, numbers) });
    expect(metrics.rows).toEqual({ train: 32_561, test: 16_281, dropped: 0, bad: 0 });
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.9055 - 0.002);
    expect(metrics.test?.areaUnderROC).toBeLessThan(0.9055 + 0.002);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.853 - 0.004);
  });

  it("loses less than 0.005 with the features that the data suggest", async () => {
    const { metrics } = await trainedIn(scratch, form);
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.9055 - 0.005);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.853 - 0.005);
  });
});

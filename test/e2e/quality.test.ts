/** Models of real tables, from the file to the metrics on the rows held out, against those of scikit-learn. */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { scratchFolder } from "../helpers/scratch.ts";
import { sharedFile } from "../helpers/shared.ts";

const scratch = scratchFolder();

async function trained(form: JobForm) {
  return train(job({ ...form, output: `${scratch}/models` }), { store: `${scratch}/store`, run: `run-${runs++}` });
}
let runs = 0;

/** All levels of the categories, the numbers standardised. */
function explicit(categories: readonly string[], numbers: readonly string[], before: JobForm["features"] = []): JobForm["features"] {
  return [
    ...(before as Exclude<typeof before, "auto" | undefined>),
    { stringIndexer: { inputs: [...categories], handleInvalid: "keep" } },
    { oneHotEncoder: { inputs: [...categories] } },
    { standardScaler: { inputs: [...numbers], withMean: true } },
    { vectorAssembler: { inputs: [...numbers, ...categories] } },
  ];
}

describe("Telco churn, every fifth row held out", () => {
  const numbers = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"];
  const phone = ["PhoneService", "MultipleLines", "InternetService", "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport"];
  const categories = [
    "gender",
    "Partner",
    "Dependents",
    ...phone,
    "StreamingTV",
    "StreamingMovies",
    "Contract",
    "PaperlessBilling",
    "PaymentMethod",
  ];
  const form: JobForm = {
    data: { path: sharedFile("churn/telco_customer_churn.csv.gz"), exclude: ["customerID"] },
    label: { column: "Churn", positive: "Yes" },
    split: { everyNth: 5 },
    model: { logisticRegression: {} },
  };

  it("reaches the published area and accuracy with the features of the reference", async () => {
    const features = explicit(categories, numbers, [{ imputer: { inputs: ["TotalCharges"], strategy: "constant", value: 0 } }]);
    const { metrics } = await trained({ ...form, features });
    expect(metrics.rows).toEqual({ train: 5_635, test: 1_408, dropped: 0, bad: 0 });
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.8374 - 0.002);
    expect(metrics.test?.areaUnderROC).toBeLessThan(0.8374 + 0.002);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.8054 - 0.004);
    expect(metrics.test?.accuracy).toBeLessThan(0.8054 + 0.004);
  });

  it("loses less than 0.005 with the features that the data suggest, an id among its columns or not", async () => {
    for (const exclude of [["customerID"], []]) {
      const { metrics } = await trained({ ...form, data: { path: sharedFile("churn/telco_customer_churn.csv.gz"), exclude } });
      expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.8374 - 0.005);
      expect(metrics.test?.accuracy).toBeGreaterThan(0.8054 - 0.005);
    }
  });
});

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
    const { metrics } = await trained({ ...form, features: explicit(categories, numbers) });
    expect(metrics.rows).toEqual({ train: 32_561, test: 16_281, dropped: 0, bad: 0 });
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.9055 - 0.002);
    expect(metrics.test?.areaUnderROC).toBeLessThan(0.9055 + 0.002);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.853 - 0.004);
  });

  it("loses less than 0.005 with the features that the data suggest", async () => {
    const { metrics } = await trained(form);
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.9055 - 0.005);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.853 - 0.005);
  });
});

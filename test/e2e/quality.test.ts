/** Models of a real table against those of scikit-learn; a larger one: slow/quality.test.ts. */
import { describe, expect, it } from "vitest";
import type { JobForm } from "../../src/job/schema.ts";
import { explicit, trainedIn } from "../helpers/quality.ts";
import { scratchFolder } from "../helpers/scratch.ts";
import { sharedFile } from "../helpers/shared.ts";

const scratch = scratchFolder();

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
    const { metrics } = await trainedIn(scratch, { ...form, features });
    expect(metrics.rows).toEqual({ train: 5_635, test: 1_408, dropped: 0, bad: 0 });
    expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.8374 - 0.002);
    expect(metrics.test?.areaUnderROC).toBeLessThan(0.8374 + 0.002);
    expect(metrics.test?.accuracy).toBeGreaterThan(0.8054 - 0.004);
    expect(metrics.test?.accuracy).toBeLessThan(0.8054 + 0.004);
  });

  it("loses less than 0.005 with the features that the data suggest, an id among its columns or not", async () => {
    for (const exclude of [["customerID"], []]) {
      const { metrics } = await trainedIn(scratch, { ...form, data: { path: sharedFile("churn/telco_customer_churn.csv.gz"), exclude } });
      expect(metrics.test?.areaUnderROC).toBeGreaterThan(0.8374 - 0.005);
      expect(metrics.test?.accuracy).toBeGreaterThan(0.8054 - 0.005);
    }
  });
});

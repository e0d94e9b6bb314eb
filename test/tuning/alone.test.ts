/** A candidate of a search has the bits of its settings trained alone on the same rows: neither company nor folds show in a model. */
import { describe, expect, it } from "vitest";
import { compared, type Searched } from "../helpers/alone.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const [header, ...customers] = customerLines(500);
const lines = customers.map((line, row) => `${line},${[1, 0.3, 2.7][row % 3]}`);

const stages = [
  { imputer: { inputs: ["total_charges"], strategy: "mean" } },
  { standardScaler: { inputs: ["age", "total_charges"], withMean: true } },
  { vectorAssembler: { inputs: ["age", "monthly_charges", "total_charges"] } },
] satisfies Searched["form"]["features"];

const forms = {
  "linear regression": {
    label: "monthly_charges",
    weight: "w",
    model: { linearRegression: {} },
    tune: { folds: 3, grid: { regParam: [0.01, 0.1] } },
  },
  "logistic regression": {
    label: "churn",
    features: stages,
    model: { logisticRegression: {} },
    tune: { folds: 2, grid: { regParam: [0.01, 0.1] } },
  },
  "gradient boosting": {
    label: "monthly_charges",
    weight: "w",
    features: [...stages.slice(0, 2), { vectorAssembler: { inputs: ["age", "total_charges"] } }],
    model: { gradientBoostingRegressor: { trees: 4, earlyStoppingRounds: 2, validationShare: 0.3 } },
    tune: { folds: 2, grid: { learningRate: [0.1, 0.5] } },
  },
  "random forest": {
    label: "churn",
    weight: "w",
    features: stages,
    model: { randomForestClassifier: { numTrees: 3, classWeight: "balanced", outOfBag: true } },
    tune: { folds: 2, grid: { maxDepth: [2, 4] } },
  },
} satisfies Readonly<Record<string, Searched["form"]>>;

describe.each(Object.entries<Searched["form"]>(forms))("a search of %s", (name, form) => {
  it("comes to what its settings come to alone", async () => {
    const { winner, folds } = await compared({ form, header: `${header},w`, lines, seams: { partRows: 130 } }, `${scratch}/${name}`);
    expect(winner[0]).toEqual(winner[1]);
    expect(folds).toHaveLength(form.tune.folds ?? 0);
    for (const [searched, alone] of folds) {
      expect(searched.view).toEqual(alone.view);
      // Its candidates that are only judged take their sums fold by fold.
      if (name !== "linear regression") expect(searched).toEqual(alone);
    }
  });
});

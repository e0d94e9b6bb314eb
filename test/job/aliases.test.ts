import { describe, expect, it } from "vitest";
import { parseJob } from "../../src/job/read.ts";

const read = (model: string, more = "") => parseJob(`data: t.csv\nlabel: y\nmodel: ${model}\n${more}`, "j.yaml");

describe("names of other libraries", () => {
  it("are read as ours and noted with their place", () => {
    const { job, notes } = read(
      "{ LogisticRegression: { max_iter: 7, fit_intercept: false, class_weight: balanced, l1_ratio: 0.5, lambda: 2 } }",
    );
    expect(job.model.learner).toBe("logisticRegression");
    expect(job.model.params).toMatchObject({ maxIter: 7, fitIntercept: false, classWeight: "balanced", elasticNetParam: 0.5, regParam: 2 });
    expect(notes).toEqual([
      "j.yaml:3:10: LogisticRegression is read as logisticRegression",
      "j.yaml:3:32: max_iter is read as maxIter",
      "j.yaml:3:45: fit_intercept is read as fitIntercept",
      "j.yaml:3:67: class_weight is read as classWeight",
      "j.yaml:3:91: l1_ratio is read as elasticNetParam",
      "j.yaml:3:106: lambda is read as regParam",
    ]);
  });

  it("of trees, each learner's own", () => {
    const boosting = read(
      "{ LGBMRegressor: { n_estimators: 7, num_leaves: 9, min_data_in_leaf: 3, lambda_l2: 2, feature_fraction: 0.5 } }",
    ).job;
    expect(boosting.model.learner).toBe("gradientBoostingRegressor");
    expect(boosting.model.params).toMatchObject({ trees: 7, maxLeaves: 9, minRows: 3, l2: 2, colSample: 0.5 });
    const forest = read("{ randomForestRegressor: { n_estimators: 7, min_samples_leaf: 3 } }").job;
    expect(forest.model.params).toMatchObject({ numTrees: 7, minInstancesPerNode: 3 });
  });

  it("of stages, their parameters and values", () => {
    const { job, notes } = read(
      "{ linearRegression: }",
      "features:\n  - SimpleImputer: { inputCols: [a], outputCols: [b], strategy: most_frequent }",
    );
    expect(job.features).toEqual([{ kind: "imputer", params: { inputs: ["a"], outputs: ["b"], strategy: "mode" } }]);
    expect(notes.map((note) => note.replace(/^[^ ]+ /, ""))).toEqual([
      "SimpleImputer is read as imputer",
      "inputCols is read as inputs",
      "outputCols is read as outputs",
      "most_frequent is read as mode",
    ]);
  });

  it("of metrics and of what a search varies", () => {
    const { job, notes } = read(
      "{ logisticRegression: }",
      "metrics: [roc_auc_score, f1]\ntune: { grid: { reg_param: [1, 2] }, metric: average_precision }",
    );
    expect(job.metrics).toEqual(["areaUnderROC", "f1"]);
    expect(job.tune).toEqual({ folds: 3, grid: [{ regParam: 1 }, { regParam: 2 }], metric: "averagePrecision", seed: 42 });
    expect(notes).toEqual([
      "j.yaml:4:11: roc_auc_score is read as areaUnderROC",
      "j.yaml:5:17: reg_param is read as regParam",
      "j.yaml:5:46: average_precision is read as averagePrecision",
    ]);
  });

  it("keep their place when the value is wrong", () => {
    expect(() => read("{ Logistic_Regression: { max_iter: 0 } }")).toThrow(
      "j.yaml:3:43: model.logisticRegression.maxIter must be an integer >= 1, got 0",
    );
  });

  it.each([
    ["C: 10", "j.yaml:3:32: model.logisticRegression.C must be given as regParam = 1 / (n C), n being the number of training rows"],
    [
      "alpha: 1",
      "j.yaml:3:32: model.logisticRegression.alpha must be given as regParam with standardization: false: regParam is alpha for scikit-learn's Lasso",
    ],
    ["lambda_l2: 1", "j.yaml:3:32: model.logisticRegression.lambda_l2 must be given as regParam = (lambda_l1 + lambda_l2) / n"],
    ["penalty: l1", "j.yaml:3:32: model.logisticRegression.penalty must be given as regParam and elasticNetParam: 0 for l2, 1 for l1"],
  ])("that are only proportional are refused with the formula: %s", (parameter, message) => {
    expect(() => read(`{ logisticRegression: { ${parameter} } }`)).toThrow(message);
  });

  it("that mean one thing here and another there are refused with what each is", () => {
    expect(() => read("{ gradientBoostingRegressor: { loss: quantile, alpha: 0.9 } }")).toThrow(
      "model.gradientBoostingRegressor.alpha must be given as l1 where it is XGBoost's penalty, as quantile where it is the level of a quantile loss",
    );
  });

  it.each([
    ["Ridge", "must be given as linearRegression with regParam"],
    ["Lasso", "must be given as linearRegression with regParam and elasticNetParam: 1"],
    ["lightgbm", "must be given as gradientBoostingClassifier or gradientBoostingRegressor"],
  ])("that are a learner of ours with parameters say so: %s", (name, message) => {
    expect(() => read(`{ ${name}: {} }`)).toThrow(new RegExp(`^j.yaml:3:10: model.${name} ${message}$`));
  });

  it("do not hide that a parameter is given twice", () => {
    expect(() => read("{ linearRegression: { maxIter: 5, max_iter: 6 } }")).toThrow(
      "j.yaml:3:42: model.linearRegression.max_iter must be given once, got maxIter beside it",
    );
  });

  it("are no names for what only resembles them", () => {
    expect(() => read("{ linearRegression: { class_weight: balanced } }")).toThrow(/class_weight must be a known key/);
  });
});

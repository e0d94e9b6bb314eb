import { describe, expect, it } from "vitest";
import { baseline, finishEvaluation } from "../../src/evaluation/evaluation.ts";
import { askAll, evaluate } from "./helpers.ts";

describe("regression metrics", () => {
  const ask = askAll("regression", { baseline: [2] });

  it("follows the definitions, weighted", () => {
    // Weights 1, 3: errors 2 and -1; labels 5 and 1 with mean 2, squares 9 + 3; predictions 3 and 2, from 2: 1 and 0.
    const { metrics, rows, warnings } = finishEvaluation(evaluate(ask, [3, 2], [5, 1], [1, 3]), ask);
    const squared = { rmse: Math.sqrt(7 / 4), mse: 7 / 4, mae: 5 / 4, r2: 1 - 7 / 12 };
    // The mean error is -1 / 4: squares from it 81 / 16 + 3 x 9 / 16.
    expect(metrics).toEqual({ ...squared, explainedVariance: 1 / 4, explainedVarianceScore: 1 - 6.75 / 12 });
    expect([rows, warnings]).toEqual([2, []]);
  });

  it("judges the mean of the training labels by the same rows", () => {
    // From 3: deviations 2 and -2 of weights 1 and 3.
    const other = askAll("regression", { baseline: [3] });
    const { metrics } = baseline(evaluate(other, [3, 2], [5, 1], [1, 3]), other);
    expect(metrics).toEqual({ rmse: 2, mse: 4, mae: 2, r2: 1 - 16 / 12, explainedVariance: 1, explainedVarianceScore: 0 });
  });

  it("equals itself when the model predicts the baseline", () => {
    const other = askAll("regression", { baseline: [3] });
    const statistic = evaluate(other, [3, 3, 3], [5, 1, 4], [1, 3, 2]);
    const [own, constant] = [finishEvaluation(statistic, other).metrics, baseline(statistic, other).metrics];
    for (const name of other.metrics) expect(own[name]).toBeCloseTo(constant[name] as number, 14);
  });

  it("gives only what is asked, in the order asked", () => {
    const few = askAll("regression", { metrics: ["r2", "mae"] });
    expect(Object.keys(finishEvaluation(evaluate(few, [1, 2], [1, 3]), few).metrics)).toEqual(["r2", "mae"]);
  });

  it("says what is not defined", () => {
    const constant = finishEvaluation(evaluate(ask, [1, 2], [4, 4]), ask);
    expect(constant.metrics).toMatchObject({ r2: null, mse: 6.5 });
    expect(constant.warnings).toEqual(["r2, explainedVarianceScore not defined: the held-out labels are all the same"]);
    const none = finishEvaluation(evaluate(ask, [], []), ask);
    expect(Object.values(none.metrics)).toEqual([null, null, null, null, null, null]);
    expect(none.warnings).toEqual(["no metric is defined: there are no held-out rows with a weight above 0"]);
    expect(Object.values(baseline(evaluate(ask, [], []), ask).metrics)).toEqual([null, null, null, null, null, null]);
  });

  it("refuses predictions and labels that are no numbers", () => {
    expect(() => evaluate(ask, [1, Number.NaN], [1, 2])).toThrow("prediction of row 1 of its block must be a finite number, got NaN");
    expect(() => evaluate(ask, [Number.POSITIVE_INFINITY], [1])).toThrow(expect.objectContaining({ name: "NumericError" }));
    expect(() => evaluate(ask, [1], [Number.NaN])).toThrow(expect.objectContaining({ name: "InputError" }));
    expect(() => evaluate(ask, [1, 2, 3], [1])).toThrow("predictions must hold 1 numbers for each of 1 rows, got 3");
  });
});

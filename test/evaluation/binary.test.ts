import { describe, expect, it } from "vitest";
import { baseline, finishEvaluation } from "../../src/evaluation/evaluation.ts";
import { askAll, evaluate } from "./helpers.ts";

describe("binary metrics", () => {
  const ask = askAll("binary");
  // Predicted at 0.5: no, no, yes, yes, no; a probability equal to the threshold is not above it.
  const probabilities = [0.1, 0.5, 0.8, 0.6, 0.4];
  const labels = [0, 1, 1, 0, 1];

  it("follows the definitions", () => {
    const { metrics, confusion, byClass, rows, warnings } = finishEvaluation(evaluate(ask, probabilities, labels), ask);
    expect(confusion).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(metrics).toMatchObject({ accuracy: 2 / 5, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5, areaUnderROC: 4 / 6 });
    const loss = -(Math.log(0.9) + Math.log(0.5) + Math.log(0.8) + Math.log(0.4) + Math.log(0.4)) / 5;
    expect(metrics.logLoss).toBeCloseTo(loss, 14);
    expect(byClass?.map(({ name, support }) => [name, support])).toEqual([
      ["no", 2],
      ["yes", 3],
    ]);
    expect([rows, warnings]).toEqual([5, []]);
  });

  it("treats a weight like that many rows, and a weight of 0 like none", () => {
    const weighted = finishEvaluation(evaluate(ask, [...probabilities, 0.9], [...labels, 0], [2, 1, 3, 1, 1, 0]), ask);
    const repeat = [0, 0, 1, 2, 2, 2, 3, 4];
    const repeated = finishEvaluation(
      evaluate(
        ask,
        repeat.map((i) => probabilities[i]),
        repeat.map((i) => labels[i]),
      ),
      ask,
    );
    for (const name of ask.metrics) expect(weighted.metrics[name]).toBeCloseTo(repeated.metrics[name] as number, 14);
    expect(weighted.curve).toEqual(repeated.curve);
  });

  it("moves with the threshold", () => {
    const low = askAll("binary", { threshold: 0.3 });
    expect(finishEvaluation(evaluate(low, probabilities, labels), low).confusion).toEqual([
      [1, 1],
      [0, 3],
    ]);
  });

  it("judges the majority class and the class shares of the training rows by the same rows", () => {
    const skewed = askAll("binary", { baseline: [0.25, 0.75] });
    const { metrics, confusion } = baseline(evaluate(skewed, probabilities, labels), skewed);
    expect(confusion).toEqual([
      [0, 2],
      [0, 3],
    ]);
    // One point of the curves: every row, precision 3/5.
    expect(metrics).toMatchObject({
      accuracy: 0.6,
      precision: 0.6,
      recall: 1,
      f1: 0.75,
      areaUnderROC: 0.5,
      areaUnderPR: 0.6,
      averagePrecision: 0.6,
    });
    expect(metrics.logLoss).toBeCloseTo(-(2 * Math.log(0.25) + 3 * Math.log(0.75)) / 5, 14);
    const even = baseline(evaluate(ask, probabilities, labels), ask);
    expect(even.metrics.accuracy).toBe(0.4);
  });

  it("clips certainty at 1e-15", () => {
    const { metrics } = finishEvaluation(evaluate(ask, [1, 0], [0, 0]), ask);
    expect(metrics.logLoss).toBeCloseTo(-Math.log(1e-15) / 2, 10);
    const right = finishEvaluation(evaluate(ask, [1, 0], [1, 0]), ask).metrics.logLoss as number;
    expect(right).toBeGreaterThan(0);
    expect(right).toBeLessThan(2e-15);
  });

  it("keeps scores only for a curve", () => {
    const plain = askAll("binary", { metrics: ["accuracy", "logLoss"] });
    expect(evaluate(plain, probabilities, labels)).toMatchObject({ scores: null });
    expect(finishEvaluation(evaluate(plain, probabilities, labels), plain).curve).toBeUndefined();
    const whole = finishEvaluation(evaluate(ask, probabilities, labels), ask).curve;
    expect(whole?.thresholds).toEqual([0.8, 0.6, 0.5, 0.4, 0.1]);
  });

  it("says what one class leaves undefined", () => {
    const onlyNo = finishEvaluation(evaluate(ask, [0.2, 0.3], [0, 0]), ask);
    expect(onlyNo.metrics).toMatchObject({
      areaUnderROC: null,
      areaUnderPR: null,
      averagePrecision: null,
      recall: null,
      f1: null,
      accuracy: 1,
    });
    expect(onlyNo.warnings).toEqual([
      "areaUnderROC, areaUnderPR, averagePrecision, f1, precision, recall not defined: no held-out row is of class yes",
    ]);
    const never = finishEvaluation(evaluate(ask, [0.2, 0.3], [0, 1]), ask);
    expect(never.metrics).toMatchObject({ precision: 0, recall: 0, f1: 0, areaUnderROC: 1 });
    expect(never.warnings).toEqual(["class yes is never predicted; its precision counts as 0"]);
    const none = finishEvaluation(evaluate(ask, [], []), ask);
    expect(Object.values(none.metrics).every((value) => value === null)).toBe(true);
    expect(none.warnings).toEqual(["no metric is defined: there are no held-out rows with a weight above 0"]);
  });

  it("refuses what is no probability or no class", () => {
    expect(() => evaluate(ask, [0.1, Number.NaN], [0, 1])).toThrow(expect.objectContaining({ name: "NumericError" }));
    expect(() => evaluate(ask, [0.1], [2])).toThrow("label of row 0 of its block must be a class index from 0 to 1, got 2");
    expect(() => evaluate(ask, [0.1], [Number.NaN])).toThrow(expect.objectContaining({ name: "InputError" }));
  });
});

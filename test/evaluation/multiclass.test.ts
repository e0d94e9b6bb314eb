import { describe, expect, it } from "vitest";
import { baseline, finishEvaluation } from "../../src/evaluation/evaluation.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { askAll, evaluate } from "./helpers.ts";

describe("multiclass metrics", () => {
  const ask = askAll("multiclass");
  // Columns of the classes a, b, c; the last row ties a with b, and the first wins.
  const probabilities = [0.7, 0.2, 0.1, 0.4].concat([0.2, 0.5, 0.3, 0.4], [0.1, 0.3, 0.6, 0.2]);
  const labels = [0, 1, 1, 0];

  it("follows the definitions", () => {
    const { metrics, confusion, mostConfused, byClass, warnings } = finishEvaluation(
      evaluate(ask, probabilities, labels, [1, 2, 3, 4]),
      ask,
    );
    expect(confusion).toEqual([
      [5, 0, 0],
      [0, 2, 3],
      [0, 0, 0],
    ]);
    expect(mostConfused).toEqual([{ truth: "b", predicted: "c", weight: 3 }]);
    expect(byClass?.map(({ precision, recall }) => [precision, recall])).toEqual([
      [1, 1],
      [1, 0.4],
      [0, null],
    ]);
    expect(metrics.accuracy).toBe(0.7);
    expect(metrics.weightedRecall).toBe(0.7);
    expect(metrics.weightedPrecision).toBe(1);
    expect(metrics.weightedF1).toBeCloseTo((1 + 4 / 7) / 2, 15);
    expect(metrics.f1).toBe(metrics.weightedF1);
    const loss = -(Math.log(0.7) + 2 * Math.log(0.5) + 3 * Math.log(0.3) + 4 * Math.log(0.4)) / 10;
    expect(metrics.logLoss).toBeCloseTo(loss, 14);
    expect(warnings).toEqual(["no held-out row is of class c"]);
  });

  it("judges the largest class and the shares by the same rows", () => {
    const { metrics, confusion } = baseline(evaluate(ask, probabilities, labels), ask);
    expect(confusion?.map((row) => row[0])).toEqual([2, 2, 0]);
    expect(metrics.accuracy).toBe(0.5);
    expect(metrics.logLoss).toBeCloseTo(-(2 * Math.log(0.5) + 2 * Math.log(0.25)) / 4, 14);
  });

  it("is null without rows and refuses a class too many", () => {
    const none = finishEvaluation(evaluate(ask, [], []), ask);
    expect(Object.values(none.metrics).every((value) => value === null)).toBe(true);
    expect(() => evaluate(ask, [1, 0, 0], [3])).toThrow("label of row 0 of its block must be a class index from 0 to 2, got 3");
    expect(() => evaluate(ask, [1, 0], [1])).toThrow("predictions must hold 3 numbers for each of 1 rows, got 2");
  });
});

describe("many rows", () => {
  const ask = askAll("multiclass", { metrics: ["accuracy", "logLoss"] });
  const rows = 2_500;
  const uniform = (k: number, i: number): number => hashRow(k, i) / 2 ** 32;
  const probabilities = [0, 1, 2].flatMap((k) => Array.from({ length: rows }, (_, i) => uniform(k, i)));
  const labels = Array.from({ length: rows }, (_, i) => hashRow(7, i) % 3);
  const weights = labels.map((_, i) => hashRow(8, i) % 4);

  it("count as one after another do", () => {
    const confusion = new Float64Array(9);
    let loss = 0;
    labels.forEach((label, i) => {
      const own = [0, 1, 2].map((k) => uniform(k, i));
      confusion[3 * label + own.indexOf(Math.max(...own))] += weights[i];
      loss -= weights[i] * Math.log(own[label]);
    });
    const found = finishEvaluation(evaluate(ask, probabilities, labels, weights), ask);
    expect(found.confusion?.flat()).toEqual(Array.from(confusion));
    // Sums of 2,500 positive numbers, each logarithm within an ulp.
    expect(found.metrics.logLoss).toBeCloseTo(loss / confusion.reduce((a, b) => a + b), 12);
  });

  it("are refused where a prediction among the last of them is no number", () => {
    const one = probabilities.with(rows + 2_400, Number.NaN);
    expect(() => evaluate(ask, one, labels)).toThrow("prediction of row 2400 of its block must be a finite number, got NaN");
  });
});

describe("thousands of classes", () => {
  const count = 4_000;
  const rows = 50;
  const classes = Array.from({ length: count }, (_, k) => `c${k}`);
  const ask = askAll("multiclass", { classes, baseline: classes.map(() => 1 / count) });
  // Row i is of class i; even rows are predicted right, odd ones as the class before.
  const probabilities = new Array(rows * count).fill(0);
  for (let i = 0; i < rows; i++) probabilities[(i - (i % 2)) * rows + i] = 1;
  const labels = Array.from({ length: rows }, (_, i) => i);
  const statistic = evaluate(ask, probabilities, labels);

  it("keep no cell that no row is in, and have no matrix", () => {
    expect(statistic.task === "multiclass" && statistic.confusion.cells.length).toBe(rows);
    const { metrics, confusion, mostConfused, byClass } = finishEvaluation(statistic, ask);
    expect(confusion).toBeUndefined();
    expect(metrics.accuracy).toBe(0.5);
    expect(byClass).toHaveLength(count);
    expect(mostConfused?.slice(0, 2)).toEqual([
      { truth: "c1", predicted: "c0", weight: 1 },
      { truth: "c3", predicted: "c2", weight: 1 },
    ]);
    expect(mostConfused).toHaveLength(rows / 2);
    expect(baseline(statistic, ask).metrics.accuracy).toBe(1 / rows);
  });

  it("are counted by one warning each", () => {
    expect(finishEvaluation(statistic, ask).warnings).toEqual([
      "no held-out row is of 3950 of the 4000 classes: c50, c51, c52, c53, c54, c55, c56, c57, c58, c59 and 3940 more",
      "25 of the 4000 classes are never predicted, their precision counts as 0: c1, c3, c5, c7, c9, c11, c13, c15, c17, c19 and 15 more",
    ]);
  });
});

/** Spark's own expected numbers of its evaluators, from `reference_cases.json`. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { baseline, finishEvaluation } from "../../src/evaluation/evaluation.ts";
import { draw, rocPoints } from "../../src/statistics/curves.ts";
import { addScores, emptyScores, type Scores } from "../../src/statistics/scores.ts";
import { askAll, evaluate } from "../evaluation/helpers.ts";

interface Case {
  readonly id: string;
  readonly data: Record<string, never>;
  readonly expected: Record<string, never>;
}
const cases: Case[] = JSON.parse(readFileSync(new URL("../../../shared/data/reference_cases.json", import.meta.url), "utf8")).cases;

function reference<Data, Expected>(id: string): { data: Data; expected: Expected } {
  const found = cases.find((one) => one.id === id);
  if (found === undefined) throw new Error(`reference_cases.json must hold ${id}`);
  return found as { data: Data; expected: Expected };
}

function scoresOf(rows: [score: number, label: number][]): Scores {
  const scores = emptyScores(false);
  const of = (label: number) => Float64Array.from(rows.filter((row) => row[1] === label).map(([score]) => score));
  addScores(scores.positives, of(1), null);
  addScores(scores.negatives, of(0), null);
  return scores;
}

describe("Spark's BinaryClassificationMetricsSuite", () => {
  it("spark-binary-metrics", () => {
    const { data, expected } = reference<
      { score_label: [number, number][] },
      { thresholds: number[]; tp: number[]; fp: number[]; positives: number; negatives: number } & Record<string, number>
    >("spark-binary-metrics");
    const scores = scoresOf(data.score_label);
    const { thresholds, tp, fp, positives, negatives } = expected;
    expect(draw(scores).curve).toEqual({ thresholds, truePositives: tp, falsePositives: fp, positives, negatives });
    expect(draw(scores).areas.areaUnderROC).toBeCloseTo(expected.areaUnderROC, 14);
    expect(draw(scores).areas.areaUnderPR).toBeCloseTo(expected.areaUnderPR_trapezoid, 14);

    const ask = askAll("binary", { weighted: false });
    const statistic = evaluate(
      ask,
      data.score_label.map(([score]) => score),
      data.score_label.map(([, label]) => label),
    );
    expect(finishEvaluation(statistic, ask).metrics.areaUnderPR).toBeCloseTo(expected.areaUnderPR_trapezoid, 14);
    expect(baseline(statistic, ask).metrics.areaUnderROC).toBe(0.5);
  });

  it("spark-roc-points", () => {
    const { data, expected } = reference<{ score_label: [number, number][] }, { roc: [number, number][] }>("spark-roc-points");
    // Spark appends (1, 1) although the lowest threshold has reached it.
    expect(rocPoints(draw(scoresOf(data.score_label)).curve)).toEqual(expected.roc.slice(0, -1));
    expect(expected.roc.at(-1)).toEqual(expected.roc.at(-2));
  });
});

describe("Spark's MulticlassMetricsSuite", () => {
  it("spark-multiclass-metrics", () => {
    const { data, expected } = reference<
      { prediction_label: [number, number][] },
      { confusion_rows_true: number[][]; precision: number[]; recall: number[]; fpr: number[]; accuracy: number; weightedF1: number }
    >("spark-multiclass-metrics");
    const ask = askAll("multiclass");
    const certain = [0, 1, 2].flatMap((k) => data.prediction_label.map(([prediction]) => (prediction === k ? 1 : 0)));
    const { metrics, confusion, byClass } = finishEvaluation(
      evaluate(
        ask,
        certain,
        data.prediction_label.map(([, label]) => label),
      ),
      ask,
    );
    expect(confusion).toEqual(expected.confusion_rows_true);
    expect(byClass?.map(({ precision }) => precision)).toEqual(expected.precision);
    expect(byClass?.map(({ recall }) => recall)).toEqual(expected.recall);
    expect(byClass?.map(({ falsePositiveRate }) => falsePositiveRate)).toEqual(expected.fpr);
    expect(metrics.accuracy).toBeCloseTo(expected.accuracy, 14);
    expect(metrics.weightedF1).toBeCloseTo(expected.weightedF1, 14);
  });
});

describe("Spark's RegressionMetricsSuite", () => {
  it("spark-regression-metrics", () => {
    const { data, expected } = reference<{ pred: number[]; obs: number[] }, Record<string, number>>("spark-regression-metrics");
    const ask = askAll("regression", { metrics: ["rmse", "mse", "mae", "r2", "explainedVariance"] });
    const { metrics } = finishEvaluation(evaluate(ask, data.pred, data.obs), ask);
    expect(new Set(Object.keys(metrics))).toEqual(new Set(Object.keys(expected)));
    // Published to some 7 digits; the case's own tolerance.
    for (const [name, value] of Object.entries(expected)) expect(Math.abs((metrics[name] as number) - value)).toBeLessThan(1e-5);
  });
});

/** By `sklearn.metrics` of scikit-learn 1.9.1, with these weights. */
describe("scikit-learn's scores of weighted rows", () => {
  const weight = [2, 1, 3, 0, 1.5, 1];

  it("of a regression", () => {
    const ask = askAll("regression");
    const { metrics } = finishEvaluation(evaluate(ask, [2.5, 0, 2, 8, 4.5, -1], [3, -0.5, 2.5, 7, 4, 0.5], weight), ask);
    expect(metrics.explainedVarianceScore).toBeCloseTo(0.8040961709706145, 14);
    expect(metrics.r2).toBeCloseTo(0.7502226179875334, 14);
  });

  it("of ties, with a row that weighs nothing", () => {
    const ask = askAll("binary");
    const { metrics } = finishEvaluation(evaluate(ask, [0.8, 0.4, 0.4, 0.8, 0.1, 0.4], [1, 0, 1, 0, 0, 1], weight), ask);
    expect(metrics.areaUnderROC).toBeCloseTo(0.8666666666666667, 14);
    expect(metrics.averagePrecision).toBeCloseTo(0.9047619047619049, 14);
    expect(metrics.f1).toBeCloseTo(0.5, 14);
  });
});

import { describe, expect, it } from "vitest";
import {
  canonicalMetric,
  defaultMetrics,
  defaultTuneMetric,
  largerIsBetter,
  metricFits,
  metricNames,
  metricsOf,
} from "../../src/evaluation/names.ts";

const tasks = ["regression", "binary", "multiclass"] as const;

describe("metric names", () => {
  it.each([
    ["areaUnderROC", "areaUnderROC"],
    ["area_under_roc", "areaUnderROC"],
    ["auc", "areaUnderROC"],
    ["roc_auc_score", "areaUnderROC"],
    ["average_precision", "averagePrecision"],
    ["neg_log_loss", "logLoss"],
    ["binary_logloss", "logLoss"],
    ["neg_mean_squared_error", "mse"],
    ["l1", "mae"],
    ["f1_weighted", "weightedF1"],
    ["var", "explainedVariance"],
    ["explained_variance_score", "explainedVarianceScore"],
    ["area", undefined],
    ["constructor", undefined],
  ])("%s is %s", (name, canonical) => {
    expect(canonicalMetric(name)).toBe(canonical);
  });

  it("have one meaning each", () => {
    const spellings = Object.entries(metricNames).flatMap(([name, { aliases }]) => [name, ...aliases].map((spelling) => [spelling, name]));
    for (const [spelling, name] of spellings) expect(canonicalMetric(spelling), spelling).toBe(name);
  });

  it.each(tasks)("of the defaults fit %s", (task) => {
    for (const name of [...defaultMetrics(task), defaultTuneMetric(task)]) expect(metricFits(name, task)).toBe(true);
    expect(metricsOf(task)).toEqual(expect.arrayContaining([...defaultMetrics(task)]));
  });

  it("say which way is better", () => {
    expect(largerIsBetter("areaUnderROC")).toBe(true);
    for (const loss of ["rmse", "mse", "mae", "logLoss"] as const) expect(largerIsBetter(loss)).toBe(false);
  });

  it("fit no task under an unknown name", () => {
    expect(metricFits("auc", "binary")).toBe(false);
    expect(metricFits("constructor", "binary")).toBe(false);
  });
});

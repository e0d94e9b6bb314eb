/**
 * LightGBM's examples to their end. In bins of its own the trees are the same for 100 iterations; where it guesses the rows of a leaf or
 * draws rows and columns, a tree that parts leads to others, and 500 test rows answer by some thousandths: then the mean of several runs
 * is compared with the mean of several of LightGBM's.
 */
import { describe, expect, it } from "vitest";
import { figures, mean, parameters, trainedExample } from "../../helpers/lightgbm-examples.ts";
import { referenceCase } from "../../helpers/reference.ts";

/** Of a mean of runs as they scatter. */
const standardError = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length);
};

describe("100 iterations of LightGBM's examples", () => {
  it.each([
    ["binary", 2e-6],
    ["multiclass", 2e-4],
  ] as const)("%s: the same trees where a leaf may have one row", (example, tolerance) => {
    const minWeight = example === "multiclass" ? 5 / 1.25 : 5;
    const { metricAfter } = trainedExample(example, { ...parameters[example], minRows: 1, minWeight });
    expect(Math.abs(metricAfter(100) - figures[example].exact[2])).toBeLessThan(tolerance);
  });

  it("regression: the same trees with all of the example's parameters", () => {
    const found = trainedExample("regression", parameters.regression).metricAfter(100);
    expect(Math.abs(found - figures.regression.whole[2])).toBeLessThan(1e-6);
    expect(Math.abs(found - referenceCase("lightgbm-regression-example").expected.l2.iter100)).toBeLessThan(0.002);
  });

  it("binary, without weights: the first tree, and the order of the test rows", () => {
    const { binary_logloss: loss } = referenceCase("lightgbm-binary-example").expected;
    const { metricAfter, aucAfter } = trainedExample("binary", parameters.binary, false);
    expect(Math.abs(metricAfter(1) - loss.iter1)).toBeLessThan(0.002);
    expect(Math.abs(metricAfter(10) - loss.iter10)).toBeLessThan(0.002);
    expect(aucAfter(100)).toBeGreaterThanOrEqual(0.825);
  });

  it.each([
    ["binary", 0.8, [1, 2, 3]],
    ["regression", 0.9, [1, 2, 3, 4]],
  ] as const)("%s: rows and columns drawn as the example says", (example, colSample, seeds) => {
    const runs = seeds.map((seed) => trainedExample(example, { ...parameters[example], rowSample: 0.8, colSample, seed }));
    const found = runs.map(({ metricAfter }) => metricAfter(100));
    const { sampled } = figures[example];
    const scatter = Math.hypot(standardError(found), standardError(sampled));
    expect(Math.abs(mean(found) - mean(sampled))).toBeLessThan(Math.max(0.002, 2 * scatter));
  });
});

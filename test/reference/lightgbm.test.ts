/**
 * LightGBM's own examples with its parameters, by its convention: the same trees from the same rows, so the same metric. 100 iterations,
 * and sampling: e2e/slow/lightgbm.test.ts.
 */
import { describe, expect, it } from "vitest";
import { type Example, figures, trainedExample } from "../helpers/lightgbm-examples.ts";
import { referenceCase } from "../helpers/reference.ts";

describe("LightGBM's examples", () => {
  it.each([
    ["unweighted", 7],
    // One node of the ninth tree is cut at another value: see as-lightgbm.ts.
    ["holes", 5],
  ] satisfies [Example, number][])("%s: the same ten trees", (example, digits) => {
    const { metricAfter } = trainedExample(example, { trees: 10 });
    expect(metricAfter(1)).toBeCloseTo(figures[example].whole[0], 7);
    expect(metricAfter(10)).toBeCloseTo(figures[example].whole[1], digits);
  });

  it("multiclass: the same first trees", () => {
    const { metricAfter } = trainedExample("multiclass", { trees: 1 });
    expect(metricAfter(1)).toBeCloseTo(figures.multiclass.whole[0], 7);
  });

  it("regression: the same ten trees of 31 leaves in fewer than nine rounds a tree", () => {
    const { metricAfter, rounds } = trainedExample("regression", { trees: 10 });
    const { l2 } = referenceCase("lightgbm-regression-example").expected;
    expect(metricAfter(1)).toBeCloseTo(l2.iter1, 5);
    expect(metricAfter(10)).toBeCloseTo(l2.iter10, 5);
    expect(metricAfter(10)).toBeCloseTo(figures.regression.whole[1], 7);
    expect(rounds).toBeLessThan(90);
  });
});

/**
 * LightGBM's own examples with its parameters, in its bins: the same trees, so the same metric, while nothing else differs. LightGBM
 * guesses the rows of a leaf from its second derivatives, we count them, so the comparison with all of its parameters has a tolerance but
 * for squares, where the guess is exact. 100 iterations, and sampling: e2e/slow/lightgbm.test.ts.
 */
import { describe, expect, it } from "vitest";
import { figures, parameters, trainedExample } from "../helpers/lightgbm-examples.ts";
import { referenceCase } from "../helpers/reference.ts";

const expectNear = (found: number, wanted: number, tolerance: number): void => {
  expect(Math.abs(found - wanted)).toBeLessThan(tolerance);
};

describe("LightGBM's examples", () => {
  it("binary: the same trees where a leaf may have one row", () => {
    const { metricAfter } = trainedExample("binary", { ...parameters.binary, minRows: 1, trees: 10 });
    expectNear(metricAfter(1), figures.binary.exact[0], 2e-6);
    expectNear(metricAfter(10), figures.binary.exact[1], 2e-6);
  });

  it("multiclass: the same first trees", () => {
    const { metricAfter } = trainedExample("multiclass", { ...parameters.multiclass, trees: 1 });
    expectNear(metricAfter(1), figures.multiclass.whole[0], 1e-4);
  });

  it("regression: the same trees with all of the example's parameters, 31 leaves in fewer than nine rounds a tree", () => {
    const { metricAfter, rounds } = trainedExample("regression", { ...parameters.regression, trees: 10 });
    const { l2 } = referenceCase("lightgbm-regression-example").expected;
    expectNear(metricAfter(1), l2.iter1, 1e-6);
    expectNear(metricAfter(10), l2.iter10, 1e-6);
    expectNear(metricAfter(10), figures.regression.whole[1], 1e-6);
    expect(rounds).toBeLessThan(90);
  });
});

/**
 * LightGBM's own examples with its parameters, by its convention: the same trees from the same rows, so the same metric. 100 iterations
 * of all of them, and sampling: e2e/slow/lightgbm.test.ts.
 */
import { describe, expect, it } from "vitest";
import { figures, trainedExample } from "../helpers/lightgbm-examples.ts";
import { referenceCase } from "../helpers/reference.ts";

describe("LightGBM's examples", () => {
  it("regression: the same ten trees of 31 leaves in fewer than nine rounds a tree", () => {
    const { metricAfter, rounds } = trainedExample("regression", { trees: 10 });
    const { l2 } = referenceCase("lightgbm-regression-example").expected;
    expect(metricAfter(1)).toBeCloseTo(l2.iter1, 5);
    expect(metricAfter(10)).toBeCloseTo(l2.iter10, 5);
    expect(metricAfter(10)).toBeCloseTo(figures.regression.whole[1], 7);
    expect(rounds).toBeLessThan(90);
  });

  it("with penalties, columns that gain nothing at a node are not looked at below it", () => {
    expect(trainedExample("penalised", { trees: 10 }).metricAfter(10)).toBeCloseTo(figures.penalised.whole[1], 7);
  });
});

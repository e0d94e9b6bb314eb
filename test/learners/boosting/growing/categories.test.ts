/** Splits by category of hand-made histograms. */
import { describe, expect, it } from "vitest";
import { bestCategories, type CategoryRules } from "../../../../src/learners/boosting/growing/categories.ts";
import { type GrownNode, sumsOf } from "../../../../src/learners/boosting/growing/grow.ts";
import { layoutWith } from "../../../../src/learners/boosting/growing/layout.ts";
import type { Split } from "../../../../src/learners/boosting/growing/split.ts";

const plain: CategoryRules = { missingIsOne: true, fewOfColumn: false, leavesArePenalised: false };
const lightgbm: CategoryRules = { missingIsOne: false, fewOfColumn: true, leavesArePenalised: true };

/** Sums of g by category, missing values last; h and rows are 200 each, and 0 where g is. */
function split(sums: readonly number[], own: CategoryRules, bounds = Number.POSITIVE_INFINITY): Split | null {
  const layout = layoutWith([sums.length], "plane");
  const histogram = new Float64Array(layout.size);
  sums.forEach((g, bin) => {
    histogram.set([g, g === 0 ? 0 : 200], 2 * bin);
    histogram[2 * layout.total + bin] = g === 0 ? 0 : 200;
  });
  const node: GrownNode = {
    ...{ depth: 0, key: 1, low: -bounds, high: bounds, sums: sumsOf(histogram, layout) },
    ...{ split: null, searched: false, barred: [], left: -1, right: -1 },
  };
  return bestCategories(histogram, layout, 0, node, 0, { l1: 0, l2: 0, minRows: 1, minWeight: 0, minGain: 0 }, own, 0);
}

describe("splits by category", () => {
  it("gain what the loss falls by within the node's bounds", () => {
    // Values 2 and -2: 400^2 / 200 each; within 1 it is 2 * 400 * 1 - 200 * 1 each.
    expect(split([-400, 400, 0], plain)?.gain).toBe(1600);
    expect(split([-400, 400, 0], plain, 1)?.gain).toBe(1200);
  });

  it("missing values are a category or stay on the right", () => {
    expect(split([100, 100, -400], plain)).toMatchObject({ missingLeft: true, left: { rows: 200 } });
    expect([...(split([100, 100, -400], lightgbm)?.goesLeft ?? [])].at(-1)).toBe(0);
  });

  it("four categories are tried against the rest, or sorted where missing values make a fifth", () => {
    const four = [-200, -190, 200, 190, 0];
    expect(split(four, plain)).toMatchObject({ left: { rows: 200 } });
    expect(split(four, plain)).not.toHaveProperty("l2");
    expect(split(four, lightgbm)).toMatchObject({ left: { g: -390, rows: 400 }, l2: 10 });
    // Of a column of three also where the node has one.
    expect(split([-200, 0, 0, 200], lightgbm)).toMatchObject({ left: { rows: 200 } });
    expect(split([-200, 0, 0, 200], lightgbm)).not.toHaveProperty("l2");
  });
});

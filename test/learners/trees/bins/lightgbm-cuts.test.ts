/** Bins counted out by hand along LightGBM's `GreedyFindBin`. */
import { describe, expect, test } from "vitest";
import { lightgbmCuts } from "../../../../src/learners/trees/bins/lightgbm-cuts.ts";

/** Values with how often each is there. */
const cutsOf = (counts: readonly (readonly [value: number, count: number])[], maxBins: number, missing = 0): number[] => {
  const values = Float64Array.from(counts.flatMap(([value, count]) => new Array<number>(count).fill(value)));
  return [...lightgbmCuts({ sample: { values, weights: null }, distinct: null }, values.length + missing, maxBins)];
};
const ZERO = Math.fround(1e-35);
const near = (cuts: readonly number[]): number[] => cuts.map((cut) => Math.round(cut * 1e9) / 1e9);

describe("LightGBM's bins", () => {
  test("end between neighbours, a float64 above the middle, once a bin has three rows", () => {
    const counts = [
      [1, 2],
      [2, 2],
      [3, 5],
    ] as const;
    expect(cutsOf(counts, 255)).toEqual([ZERO, 2.5 + 2 ** -51]);
  });

  test("zero has one of its own, between negative and positive values", () => {
    const counts = [
      [-1, 3],
      [0, 1],
      [1, 3],
    ] as const;
    expect(cutsOf(counts, 255)).toEqual([-ZERO, ZERO]);
    expect(cutsOf([counts[0], counts[2]], 255)).toEqual([-ZERO, ZERO]);
    expect(cutsOf([counts[0]], 255)).toEqual([-ZERO]);
  });

  test("are filled with the mean of the rows left, and a value of many rows is alone", () => {
    const counts = Array.from({ length: 12 }, (_, i) => [i + 1, i === 4 ? 12 : 1] as const);
    // Four bins besides that of zero for 23 rows; 5 has 12 of them, of the other 11 each of three bins should have 3 2/3.
    const [zero, ...cuts] = cutsOf(counts, 5);
    expect(zero).toBe(ZERO);
    expect(near(cuts)).toEqual([4.5, 5.5, 9.5]);
  });

  test("of negative and positive values are as many as their shares", () => {
    const counts = Array.from({ length: 40 }, (_, i) => [i < 10 ? i - 10 : i - 9, 3] as const);
    // A quarter of eight for the negative ones, the rest but that of zero for the others.
    const cuts = near(cutsOf(counts, 9));
    expect(cuts.filter((cut) => cut < 0)).toEqual([-5.5]);
    expect(cuts.filter((cut) => cut > 0)).toHaveLength(5);
    expect(cutsOf(counts, 9)).toHaveLength(8);
  });

  test("leave one to missing values", () => {
    const counts = Array.from({ length: 30 }, (_, i) => [i + 1, 1] as const);
    expect(cutsOf(counts, 4)).toHaveLength(3);
    expect(cutsOf(counts, 4, 1)).toHaveLength(2);
  });

  test("are none of a column without values", () => {
    expect(cutsOf([], 255, 3)).toEqual([]);
  });
});

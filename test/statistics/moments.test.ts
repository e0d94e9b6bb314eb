import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMoments, emptyMoments, mergeMoments, summaryOf } from "../../src/statistics/moments.ts";

function momentsOf(values: readonly number[], weights: readonly number[] | null = null) {
  const moments = emptyMoments(1);
  addMoments(moments, 0, Float64Array.from(values), Uint32Array.from(values.keys()), weights === null ? null : Float64Array.from(weights));
  return moments;
}

const summarise = (values: readonly number[], weights: readonly number[] | null = null) => summaryOf(momentsOf(values, weights), 0);

describe("moments", () => {
  test("of 1, 2, missing, 6", () => {
    expect(summarise([1, 2, Number.NaN, 6])).toEqual({ n: 3, weight: 3, mean: 3, m2: 14, min: 1, max: 6, missing: 1 });
  });

  test("of no rows, and of missing values only", () => {
    const none = { n: 0, weight: 0, mean: 0, m2: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
    expect(summarise([])).toEqual({ ...none, missing: 0 });
    expect(summarise([Number.NaN, Number.NaN])).toEqual({ ...none, missing: 2 });
  });

  test("read the rows at the given offsets into the given column only", () => {
    const moments = emptyMoments(2);
    addMoments(moments, 1, Float64Array.of(100, 1, 100, 5), Uint32Array.of(1, 3));
    expect(summaryOf(moments, 1)).toEqual({ n: 2, weight: 2, mean: 3, m2: 8, min: 1, max: 5, missing: 0 });
    expect(summaryOf(moments, 0).n).toBe(0);
  });

  test("a weight is a number of rows, and weight 0 no row", () => {
    const weighted = summarise([4, 7, 9], [3, 1, 0]);
    const repeated = summarise([4, 4, 4, 7]);
    expect(weighted).toEqual({ ...repeated, n: 2 });
  });

  test("a constant column has its very value as mean and no deviation, over any number of runs", () => {
    const parts = [momentsOf(Array(10_000).fill(0.1)), momentsOf(Array(7).fill(0.1))];
    mergeMoments(parts[0], parts[1]);
    expect(summaryOf(parts[0], 0)).toMatchObject({ n: 10_007, mean: 0.1, m2: 0 });
  });

  test("keep all digits where squares would cancel", () => {
    // Deviations -6, -3, 3, 6 from 1e9 + 10: every step is exact in float64, while sums of squares near 1e18 keep no unit digit.
    expect(summarise([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toMatchObject({ mean: 1e9 + 10, m2: 90 });
  });

  test("a mean that float64 cannot hold does not spoil m2", () => {
    // Whole numbers are all that float64 has at 2^52, so the mean 2^52 + 2/3 is rounded up; the deviations are -2/3, 1/3, 1/3.
    const large = 4_503_599_627_370_496;
    expect(summarise([large, large + 1, large + 1]).m2).toBeCloseTo(2 / 3, 15);
  });

  test("an infinite value spoils mean and m2, not the range", () => {
    const { mean, min, max } = summarise([1, Number.POSITIVE_INFINITY]);
    expect(Number.isFinite(mean)).toBe(false);
    expect([min, max]).toEqual([1, Number.POSITIVE_INFINITY]);
  });

  test("merged parts are the whole, and merging with empty changes nothing", () => {
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), fc.nat(200), (values, cut) => {
        const left = momentsOf(values.slice(0, cut));
        mergeMoments(left, momentsOf(values.slice(cut)));
        const before = structuredClone(left);
        mergeMoments(left, emptyMoments(1));
        expect(left).toEqual(before);
        const fromEmpty = emptyMoments(1);
        mergeMoments(fromEmpty, left);
        expect(fromEmpty).toEqual(left);
        const present = values.filter((v) => !Number.isNaN(v));
        const merged = summaryOf(left, 0);
        expect([merged.n, merged.missing]).toEqual([present.length, values.length - present.length]);
        if (present.length === 0) return;
        const mean = present.reduce((sum, v) => sum + v, 0) / present.length;
        const m2 = present.reduce((sum, v) => sum + (v - mean) * (v - mean), 0);
        const scale = Math.max(...present.map(Math.abs));
        // 200 additions of numbers up to `scale`: errors of a few hundred roundings of 1.1e-16 each.
        expect(Math.abs(merged.mean - mean)).toBeLessThanOrEqual(1e-13 * scale);
        expect(Math.abs(merged.m2 - m2)).toBeLessThanOrEqual(1e-12 * (m2 + scale * scale));
        expect([merged.min, merged.max]).toEqual([Math.min(...present) + 0, Math.max(...present) + 0]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aboutMeans, at, type Comoments, emptyComoments, mergeComoments } from "../../src/statistics/comoments.ts";

/** By definition, row by row, about the exact means: the independent answer. */
function direct(rows: readonly (readonly number[])[], weights: readonly number[]): Comoments {
  const n = rows[0].length;
  const weight = weights.reduce((sum, w) => sum + w, 0);
  const mean = Float64Array.from({ length: n }, (_, j) => rows.reduce((sum, row, i) => sum + weights[i] * row[j], 0) / weight);
  const result = {
    ...emptyComoments(n),
    mean,
    weight,
    rows: weights.filter((w) => w > 0).length,
    weightSquares: weights.reduce((sum, w) => sum + w * w, 0),
  };
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++)
      result.c[at(n, i, j)] = rows.reduce((sum, row, r) => sum + weights[r] * (row[i] - mean[i]) * (row[j] - mean[j]), 0);
  }
  return result;
}

/** Comoments of one block from raw sums about a shift. */
function ofBlock(rows: readonly (readonly number[])[], weights: readonly number[], shift: readonly number[]): Comoments {
  const n = shift.length;
  const sums = shift.map((s, j) => rows.reduce((sum, row, i) => sum + weights[i] * (row[j] - s), 0));
  const products: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++)
      products.push(rows.reduce((sum, row, r) => sum + weights[r] * (row[i] - shift[i]) * (row[j] - shift[j]), 0));
  const counts = {
    rows: weights.filter((w) => w > 0).length,
    weight: weights.reduce((a, b) => a + b, 0),
    weightSquares: weights.reduce((a, b) => a + b * b, 0),
  };
  return aboutMeans(shift, counts, sums, products);
}

describe("comoments", () => {
  it("of three rows are what the hand finds", () => {
    // x: 1 2 6 (mean 3), y: 2 2 5 (mean 3): Sxx = 4 + 1 + 9, Sxy = 2 + 1 + 6, Syy = 1 + 1 + 4.
    const found = ofBlock(
      [
        [1, 2],
        [2, 2],
        [6, 5],
      ],
      [1, 1, 1],
      [0, 0],
    );
    expect([...found.mean]).toEqual([3, 3]);
    expect([...found.c]).toEqual([14, 9, 6]);
  });

  it("merge to those of all rows, however the rows are split and shifted", () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    const row = fc.tuple(fc.tuple(value, value, value), fc.constantFrom(0, 0.5, 1, 3));
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 30 }), fc.nat(30), value, (drawn, cut, shift) => {
        const rows = drawn.map(([own]) => own.map((x) => x + 1_000));
        const weights = drawn.map(([, w]) => w);
        fc.pre(weights.some((w) => w > 0));
        const merged = emptyComoments(3);
        for (const [first, end] of [
          [0, cut],
          [cut, rows.length],
        ])
          mergeComoments(merged, ofBlock(rows.slice(first, end), weights.slice(first, end), [shift, 1_000, 900]));
        const known = direct(rows, weights);
        // Shifts lie up to ten deviations off, squared a hundred, times 1e6 of rounding room over 1e-16.
        merged.c.forEach((c, i) => {
          expect(Math.abs(c - known.c[i])).toBeLessThan(1e-8 * (1 + merged.weight * 1_000));
        });
        merged.mean.forEach((mean, i) => {
          expect(mean).toBeCloseTo(known.mean[i], 9);
        });
        expect(merged.rows).toBe(known.rows);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("keep the digits of a column far from zero", () => {
    // Deviations of 1 about 1e9: raw squares would be off by 100.
    const rows = [[1e9 + 1], [1e9 - 1], [1e9 + 1], [1e9 - 1]];
    const merged = ofBlock(rows.slice(0, 2), [1, 1], [1e9]);
    mergeComoments(merged, ofBlock(rows.slice(2), [1, 1], [1e9]));
    expect([...merged.c]).toEqual([4]);
  });

  it("of nothing add nothing", () => {
    const some = ofBlock(
      [
        [1, 2],
        [3, 5],
      ],
      [1, 2],
      [0, 0],
    );
    const copy = structuredClone(some);
    mergeComoments(some, emptyComoments(2));
    expect(some).toEqual(copy);
    const none = emptyComoments(2);
    mergeComoments(none, some);
    expect(none).toEqual(copy);
  });

  it("of different columns do not merge", () => {
    expect(() => mergeComoments(emptyComoments(2), emptyComoments(3))).toThrow("comoments must be of the same columns, got 2 and 3");
  });
});

import { describe, expect, test } from "vitest";
import { place, withKernels } from "../../src/kernels/kernels.ts";
import { placeBlock, random, read } from "./arena.ts";

/** Mean, squares about it and bound of each column, three numbers a column. */
function spread(x: Float64Array[], w: Float64Array): number[][] {
  return withKernels((k) => {
    const block = placeBlock(k, x);
    // The number after the last weight must not count.
    const weights = place(k, Float64Array.of(...w, Number.NaN));
    const out = k.allocate(24 * x.length);
    k.spread(
      block.x,
      block.stride,
      w.length,
      x.length,
      weights,
      w.reduce((a, b) => a + b, 0),
      out,
    );
    const found = read(out, 3 * x.length);
    return x.map((_, j) => [...found.subarray(3 * j, 3 * j + 3)]);
  });
}

describe.each([1, 2, 3, 4, 5, 8, 9, 513])("of %d rows", (rows) => {
  const w = Float64Array.from({ length: rows }, (_, i) => (i + 1) % 4);
  const total = w.reduce((a, b) => a + b, 0);

  test.each([0, 1e6])("columns about %d have the moments of the definition", (centre) => {
    const x = [1, 2, 3].map((seed) => random(rows, seed, centre - 1, centre + 1));
    spread(x, w).forEach(([mean, squares, reach], j) => {
      // Deviations of size 1 about the centre are exact to centre * eps, and so are the figures of their mean and squares.
      const room = (1 + centre) * 4 * Number.EPSILON;
      const wanted = centre + x[j].reduce((sum, value, i) => sum + (w[i] * (value - centre)) / total, 0);
      const m2 = x[j].reduce((sum, value, i) => sum + w[i] * (value - wanted) ** 2, 0);
      expect(Math.abs(mean - wanted)).toBeLessThanOrEqual(room);
      expect(Math.abs(squares - m2)).toBeLessThanOrEqual(2 * total * room);
      const farthest = Math.max(...x[j].map((value) => Math.abs(value - mean)));
      expect(reach).toBeGreaterThanOrEqual(farthest - room);
      // Rounding only: the correction of the mean counts twice.
      expect(reach).toBeLessThanOrEqual(farthest + 3 * room);
    });
  });

  test("a constant column has no spread", () => {
    const [[mean, squares, reach]] = spread([new Float64Array(rows).fill(0.5)], w);
    expect([mean, squares, reach]).toEqual([0.5, 0, 0]);
  });
});

test("a column that overflows says so", () => {
  const [[, squares, reach]] = spread([Float64Array.of(1e300, -1e300)], Float64Array.of(1, 1));
  expect([squares, reach]).toEqual([Number.POSITIVE_INFINITY, 1e300]);
});

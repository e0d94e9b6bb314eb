/** Kernels of growing trees against plain loops. */
import { describe, expect, it } from "vitest";
import { float64, place, uint8, withKernels } from "../../src/kernels/kernels.ts";

describe("binCategories", () => {
  it("looks categories up, and takes all else for missing", () => {
    const values = [0, 1, 2, 3, -1, 1.5, Number.NaN, 1e9];
    const bins = withKernels((k) => {
      const [x, codes, out] = [place(k, values), k.allocate(16), k.allocate(16)];
      uint8(k, codes, 3).set([7, 5, 6]);
      k.binCategories(x, values.length, codes, 3, 9, out, 1);
      return [...uint8(k, out, values.length)];
    });
    expect(bins).toEqual([7, 5, 6, 9, 9, 9, 9, 9]);
  });
});

describe("roundPairs", () => {
  it("rounds to multiples of the quanta, halves to even", () => {
    const [g, h] = [
      [0.3, -0.3, 0.5, 1.5, -2.5, 0],
      [0.2, 0.24, 0.1, 0, 7, 1e-9],
    ];
    const rounded = (bits: number): number[] =>
      withKernels((k) => {
        const [out, counts] = [k.allocate(16 * g.length), k.allocate(16)];
        uint8(k, counts, 6).set([1, 1, 1, 0, 5, 1]);
        k.roundPairs(place(k, g), place(k, h), counts, g.length, 1, 0.125, bits, out);
        return [...new BigInt64Array(k.memory.buffer, out, 2 * g.length)].map(Number);
      });
    expect(rounded(0)).toEqual([0, 2, 0, 2, 0, 1, 2, 0, -2, 56, 0, 0]);
    expect(rounded(3)).toEqual([0, 17, 0, 17, 0, 9, 2, 0, -2, 453, 0, 1]);
  });
});

describe("widenRange", () => {
  it.each([0, 1, 2, 5])("holds %s numbers more", (n) => {
    const values = [3, -4, 7, 0, -9].slice(0, n);
    const range = withKernels((k) => {
      const at = place(k, [-1, 2]);
      k.widenRange(place(k, values), n, at);
      return [...float64(k, at, 2)];
    });
    expect(range).toEqual([Math.min(-1, ...values), Math.max(2, ...values)]);
  });
});

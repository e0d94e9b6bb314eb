/** Kernels of growing trees against plain loops. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { float64, place, uint8, withKernels } from "../../src/kernels/kernels.ts";

const draw = (i: number, stream: number): number => hashRow(stream, i) / 2 ** 32;

describe("binNumbers", () => {
  it("counts the cuts below a number", () => {
    const cuts = Float64Array.from({ length: 200 }, (_, i) => i / 7 - 10);
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -10, 0, 1e300];
    for (let i = 0; i < 500; i++) values.push(i % 3 === 0 ? cuts[i % 200] : 40 * draw(i, 1) - 15);
    const bins = withKernels((k) => {
      const table = place(k, [...cuts, ...Array.from({ length: 56 }, () => Number.POSITIVE_INFINITY)]);
      const [x, out] = [place(k, values), k.allocate(2 * values.length)];
      k.binNumbers(x, values.length, table, 201, out, 2);
      return [...uint8(k, out, 2 * values.length)].filter((_, i) => i % 2 === 0);
    });
    expect(bins).toEqual(values.map((value) => (Number.isNaN(value) ? 201 : cuts.filter((cut) => cut < value).length)));
  });
});

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

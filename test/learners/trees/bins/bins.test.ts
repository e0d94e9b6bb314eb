import { describe, expect, it } from "vitest";
import { hashRow } from "../../../../src/kernels/hash.ts";
import { place, uint8, withKernels } from "../../../../src/kernels/kernels.ts";
import type { ColumnCuts, Cuts } from "../../../../src/learners/learner.ts";
import { binnedBytes, binRows } from "../../../../src/learners/trees/bins/bins.ts";

const draw = (i: number, stream: number): number => hashRow(stream, i) / 2 ** 32;
const numbers = (...cuts: number[]): ColumnCuts => ({ kind: "numbers", cuts: Float64Array.from(cuts) });

const spaced: Record<string, number[]> = {
  "equal steps": Array.from({ length: 200 }, (_, i) => i / 7 - 10),
  "steps that grow tenfold": Array.from({ length: 60 }, (_, i) => 10 ** (i - 30)),
  "a crowd and one far away": [...Array.from({ length: 253 }, (_, i) => i * 1e-9), 1e9],
  "infinite ends": [Number.NEGATIVE_INFINITY, -1, 0, 1, Number.POSITIVE_INFINITY],
  "one alone": [3],
  none: [],
};

describe("binRows", () => {
  it.each(Object.entries(spaced))("counts the cuts below each number, whatever its block: %s", (_, cuts) => {
    const special = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0, 0, 5e-324, 1e300, -1e300];
    const values = [...special, ...cuts];
    // More than the rows of a tile, and no multiple of four.
    for (let i = 0; values.length < 1_333; i++)
      values.push(i % 2 === 0 ? 40 * draw(i, 1) - 15 : (cuts[i % cuts.length] ?? i) + 1e-9 * (draw(i, 2) - 0.5));
    const half = values.map((value) => (Number.isNaN(value) ? 1 : value / 2));
    const own: Cuts = { key: "", columns: [numbers(...cuts), numbers(0, 1)] };
    const bins = withKernels((k) => {
      const rows = values.length;
      const address = k.allocate(binnedBytes(rows, 2));
      const blocks = [0, 700].map((from) => {
        const to = from === 0 ? 700 : rows;
        const zeros = place(k, new Float64Array(to - from));
        const x = place(k, [...values.slice(from, to), ...half.slice(from, to)]);
        return { rows: to - from, columns: 2, stride: to - from, x, label: zeros, weight: zeros, index: zeros };
      });
      binRows(k, address, rows, own, blocks);
      return uint8(k, address, 2 * rows).slice();
    });
    const below = (of: readonly number[], value: number): number =>
      Number.isNaN(value) ? of.length + 1 : of.filter((cut) => cut < value).length;
    expect([...bins]).toEqual(values.flatMap((value, i) => [below(cuts, value), below([0, 1], half[i])]));
  });
});

import { describe, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { addColumns, type ColumnMoments, emptyColumns, mergeColumns } from "../../../src/learners/logistic/columns.ts";
import { memoryParts, plainView } from "../../helpers/memory-part.ts";

const rows = 230;
const all = Array.from({ length: rows }, (_, i) => i);
const columns = {
  far: all.map((i) => 1e6 + hashRow(1, i) / 2 ** 32),
  rare: all.map((i) => (hashRow(2, i) % 10 === 0 ? 3 : 0)),
  one: all.map(() => 0.1),
};
const table = { columns, label: all.map((i) => hashRow(3, i) % 3), weight: all.map((i) => i % 4) };
const view = plainView("far", "rare", "one");

function collected(partRows: number, sparse: boolean): ColumnMoments {
  const into = emptyColumns(3, 3);
  for (const part of memoryParts(table, partRows)) {
    const own = emptyColumns(3, 3);
    addColumns(own, part, view, [0], sparse);
    mergeColumns(into, own);
  }
  return into;
}

describe.each([
  ["matrices", false],
  ["sparse rows", true],
] as const)("column moments of %s", (_, sparse) => {
  it.each([30, 1_000])("are those of the definition, in parts of %i rows", (partRows) => {
    const found = collected(partRows, sparse);
    const total = table.weight.reduce((a, b) => a + b, 0);
    expect(found.weight).toBe(total);
    expect(found.weightSquares).toBe(table.weight.reduce((sum, w) => sum + w * w, 0));
    expect(found.rows).toBe(table.weight.filter((w) => w > 0).length);
    expect(found.leastWeight).toBe(1);
    expect([...found.classes]).toEqual([0, 1, 2].map((k) => table.weight.reduce((sum, w, i) => sum + (table.label[i] === k ? w : 0), 0)));
    Object.values(columns).forEach((values, j) => {
      const mean = values.reduce((sum, x, i) => sum + table.weight[i] * x, 0) / total;
      expect(found.mean[j]).toBeCloseTo(mean, 9);
      const m2 = values.reduce((sum, x, i) => sum + table.weight[i] * (x - mean) ** 2, 0);
      // A column at a million with deviation 0.3: the mean above is itself off by 1e-10.
      expect(Math.abs(found.m2[j] - m2)).toBeLessThan(1e-7);
      const reach = Math.max(...values.filter((_, i) => table.weight[i] > 0).map((x) => Math.abs(x - mean)));
      expect(found.reach[j]).toBeGreaterThanOrEqual(reach - 1e-9);
    });
  });
});

it("the reach of a matrix's columns is not much more than the greatest deviation", () => {
  const { reach, mean } = collected(30, false);
  const greatest = Math.max(...columns.rare.map((x) => Math.abs(x - mean[1])));
  expect(reach[1]).toBeLessThan(1.3 * greatest);
});

it("nothing merges to nothing", () => {
  const none = emptyColumns(3, 3);
  mergeColumns(none, emptyColumns(3, 3));
  expect(none).toEqual(emptyColumns(3, 3));
});

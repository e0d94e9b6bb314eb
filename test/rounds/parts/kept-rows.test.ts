import { describe, expect, it } from "vitest";
import type { Table } from "../../../src/data/columns.ts";
import type { Known, View } from "../../../src/features/view.ts";
import { InputError } from "../../../src/ports/errors.ts";
import { keptRows } from "../../../src/rounds/parts/kept-rows.ts";

/** Code 3 is a missing colour; size has one missing value. Fold 0 leaves out the last row. */
const table: Table = {
  rows: 6,
  columns: {
    colour: { type: "string", codes: Uint8Array.of(0, 1, 0, 3, 1, 2), dictionary: ["red", "green", "blue"] },
    size: { type: "number", values: Float64Array.of(1, 2, 3, 2, Number.NaN, 9) },
  },
};
const rows = { number: 0, firstRow: 100, table, groups: [Uint32Array.of(0, 1, 2, 3, 4)], labels: new Float64Array(6), weights: null };
const kept = (skipWhere: Known[], failWhere: Known[] = []): number[] => {
  const view: View = { columns: [], skipWhere, failWhere };
  return Array.from(keptRows(rows, view, [0]));
};

describe("kept rows", () => {
  it("are those whose values are known, of strings and of numbers, one condition after another", () => {
    expect(kept([])).toEqual([0, 1, 2, 3, 4]);
    expect(kept([{ source: "colour", known: ["red", "green", null] }])).toEqual([0, 1, 2, 3, 4]);
    expect(kept([{ source: "colour", known: ["red", null] }])).toEqual([0, 2, 3]);
    expect(kept([{ source: "colour", known: null }])).toEqual([0, 1, 2, 4]);
    expect(kept([{ source: "size", known: null }])).toEqual([0, 1, 2, 3]);
    const both = [
      { source: "colour", known: null },
      { source: "size", known: ["2", "3"] },
    ];
    expect(kept(both)).toEqual([1, 2]);
  });

  it("refuses a value by column, value and row, but of no row that is skipped or in another fold", () => {
    const colour = (known: (string | null)[]): Known => ({ source: "colour", known });
    expect(kept([], [colour(["red", "green", null])])).toEqual([0, 1, 2, 3, 4]);
    expect(kept([{ source: "colour", known: null }], [colour(["red", "green"])])).toEqual([0, 1, 2, 4]);
    expect(() => kept([], [colour(["red", null])])).toThrow(InputError);
    expect(() => kept([], [colour(["red", null])])).toThrow(
      'column colour must have a usable value in every row, got "green", which training did not see, in row 101',
    );
    expect(() => kept([], [{ source: "size", known: null }])).toThrow("got a missing value in row 104");
  });
});

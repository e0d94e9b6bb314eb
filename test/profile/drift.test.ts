import { describe, expect, it } from "vitest";
import type { Table } from "../../src/data/columns.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { askDrift, type Drift, emptyDrift, finishDrift, mapDrift, mergeDrift } from "../../src/profile/drift.ts";
import type { ColumnProfile, NumberProfile } from "../../src/profile/profile.ts";

const numbers = (edges: readonly number[], shares: readonly number[], counted: number, missing = 0): NumberProfile => ({
  name: "x",
  type: "number",
  missing,
  min: null,
  max: null,
  mean: null,
  standardDeviation: null,
  counted,
  edges,
  shares,
});

function driftOf(profile: ColumnProfile, table: Table, parts = 1): Drift {
  const ask = askDrift({ rows: 1, columns: [profile] }, [{ name: profile.name }], table.rows);
  if (ask === null) throw new Error("the column must be there");
  const found = emptyDrift(ask);
  const [column] = Object.values(table.columns);
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((p) => Math.floor((p * table.rows) / parts));
    const cut =
      column.type === "string" ? { ...column, codes: column.codes.slice(from, to) } : { ...column, values: column.values.slice(from, to) };
    const other = emptyDrift(ask);
    mapDrift(other, { rows: to - from, columns: { [profile.name]: cut } }, from, ask);
    mergeDrift(found, other);
  }
  return finishDrift(found, ask);
}

const numberTable = (values: readonly number[]): Table => ({
  rows: values.length,
  columns: { x: { type: "number", values: Float64Array.from(values) } },
});

describe("drift", () => {
  it("of ten rows is what the hand finds", () => {
    // Ten values of a tenth each and nothing above; of ten new rows five are 1 and five 2. With half a row in each of the 11 bins:
    // 2 (5.5 - 1.5)/15.5 ln(5.5/1.5) + 8 (0.5 - 1.5)/15.5 ln(0.5/1.5) = 8/15.5 (1.29928 + 1.09861).
    const profile = numbers([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [...Array(10).fill(0.1), 0], 10);
    const { rows, columns, changed } = driftOf(profile, numberTable([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]));
    expect(rows).toBe(10);
    expect(columns.x.psi).toBeCloseTo((8 / 15.5) * (1.299_283 + 1.098_612), 6);
    // Twenty rows in all: chance gives (1/10 + 1/10) chi², 5.9 once in 1,000.
    expect(changed).toEqual([]);
  });

  it("of many rows is the formula of the shares, whatever the parts", () => {
    // (1/4 - 1/2) ln(1/2) + (3/4 - 1/2) ln(3/2), and a third bin that nobody is in.
    const profile = numbers([1, 2], [0.5, 0.5, 0], 1_000_000);
    const values = Array.from({ length: 40_000 }, (_, i) => (i % 4 === 0 ? 1 : 2));
    for (const parts of [1, 7]) {
      const { columns, changed } = driftOf(profile, numberTable(values), parts);
      expect(columns.x.psi).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(1.5), 3);
      expect(changed).toEqual(["x"]);
    }
  });

  it("of strings counts those that training did not see with the rare ones", () => {
    const profile: ColumnProfile = {
      name: "s",
      type: "string",
      missing: 0,
      distinct: 2,
      counted: 8_000,
      values: ["a", "b"],
      shares: [0.5, 0.5, 0],
    };
    const table: Table = {
      rows: 3_000,
      columns: { s: { type: "string", codes: Uint8Array.from({ length: 3_000 }, (_, i) => i % 3), dictionary: ["b", "new"] } },
    };
    const { columns, changed } = driftOf(profile, table);
    expect(columns.s.missing).toBeCloseTo(1 / 3, 12);
    // a: 0 of 2,000, b and new: half each.
    const [e, a] = [[4_000.5, 4_000.5, 0.5].map((n) => n / 8_001.5), [0.5, 1_000.5, 1_000.5].map((n) => n / 2_001.5)];
    expect(columns.s.psi).toBeCloseTo(
      a.reduce((sum, share, i) => sum + (share - e[i]) * Math.log(share / e[i]), 0),
      12,
    );
    expect(changed).toEqual(["s"]);
  });

  it("of missing values is named from a tenth of the rows on, and beyond chance", () => {
    const gone = (rows: number, of: number): Table => numberTable(Array.from({ length: rows }, (_, i) => (i < of ? Number.NaN : i % 2)));
    const profile = numbers([0, 1], [0.5, 0.5, 0], 900, 0.1);
    expect(driftOf(profile, gone(1_000, 190)).changed).toEqual([]);
    const changed = driftOf(profile, gone(1_000, 210));
    expect(changed.changed).toEqual(["x"]);
    expect(changed.columns.x.missingChange).toBeCloseTo(0.11, 12);
    // Three of ten may be missing by chance.
    expect(driftOf(profile, gone(10, 3)).changed).toEqual([]);
    // One of five, of a column that hardly ever misses one: too few rows to speak of a share.
    expect(driftOf(numbers([0, 1], [0.5, 0.5, 0], 7_000, 0.0016), gone(5, 1)).changed).toEqual([]);
    expect(driftOf(profile, gone(10, 10))).toMatchObject({ changed: ["x"], columns: { x: { psi: null, missing: 1 } } });
  });

  it("names next to no column of a few rows that come from the training's own distribution", () => {
    const profile = numbers([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], Array(10).fill(0.1), 20_000);
    let named = 0;
    for (let seed = 0; seed < 300; seed++) {
      const rows = 1 + (seed % 60);
      named += driftOf(profile, numberTable(Array.from({ length: rows }, (_, i) => hashRow(seed, i) / 2 ** 32))).changed.length;
    }
    expect(named).toBeLessThanOrEqual(2);
    const moved = driftOf(profile, numberTable(Array.from({ length: 60 }, (_, i) => 0.5 + hashRow(1, i) / 2 ** 33)));
    expect(moved.changed).toEqual(["x"]);
  });

  it("is not told of columns that are not there", () => {
    expect(askDrift({ rows: 1, columns: [numbers([1], [1, 0], 5)] }, [{ name: "y" }], 5)).toBeNull();
  });
});

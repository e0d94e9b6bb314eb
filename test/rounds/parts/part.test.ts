import { describe, expect, it } from "vitest";
import { decimalColumn, type Table } from "../../../src/data/columns.ts";
import { HASH_SEED } from "../../../src/features/take.ts";
import type { View, ViewColumn } from "../../../src/features/view.ts";
import { hashRow, hashString } from "../../../src/kernels/hash.ts";
import { float64, kernels, uint32 } from "../../../src/kernels/kernels.ts";
import { blockRows } from "../../../src/learners/blocks.ts";
import { InputError } from "../../../src/ports/errors.ts";
import { matrixPart, type Rows } from "../../../src/rounds/parts/part.ts";

const ROWS = 1_501;
const all = Array.from({ length: ROWS }, (_, row) => row);
const draw = (row: number, stream: number, values: number): number => hashRow(stream, row) % values;
const texts = ["red", "green", "blue"];

/** Every storage of numbers, and strings of which some are missing. */
const table: Table = {
  rows: ROWS,
  columns: {
    int8: { type: "number", values: Int8Array.from(all, (row) => draw(row, 1, 200) - 100) },
    int16: { type: "number", values: Int16Array.from(all, (row) => draw(row, 2, 60_000) - 30_000) },
    int32: { type: "number", values: Int32Array.from(all, (row) => draw(row, 3, 2 ** 31)) },
    float32: { type: "number", values: Float32Array.from(all, (row) => (row % 11 === 0 ? Number.NaN : draw(row, 4, 1_000) / 8)) },
    float64: { type: "number", values: Float64Array.from(all, (row) => draw(row, 5, 1_000) / 7) },
    decimal8: decimalColumn({ whole: Int8Array.from(all, (row) => draw(row, 7, 200) - 100), places: 1 }),
    decimal16: decimalColumn({ whole: Int16Array.from(all, (row) => (row % 13 === 0 ? -32_768 : draw(row, 8, 20_000))), places: 2 }),
    decimal32: decimalColumn({ whole: Int32Array.from(all, (row) => draw(row, 9, 2 ** 31)), places: 3 }),
    colour: { type: "string", codes: Uint8Array.from(all, (row) => draw(row, 6, 4)), dictionary: texts },
  },
};
const column = (source: string, changed: Partial<ViewColumn> = {}): ViewColumn => ({
  name: source,
  source,
  take: { kind: "number" },
  fill: Number.NaN,
  shift: 0,
  scale: 1,
  ...changed,
});
const view: View = {
  columns: [
    column("int8", { shift: 3, scale: 0.5 }),
    column("int16"),
    column("int32", { scale: 1e-6 }),
    column("float32", { fill: 60, shift: 1 }),
    column("float64"),
    column("decimal8", { shift: 2 }),
    column("decimal16", { fill: 7, scale: 3 }),
    column("decimal32"),
    column("colour", { take: { kind: "level", level: "green" } }),
    column("colour", { take: { kind: "missing" } }),
    column("colour", { take: { kind: "hash", buckets: 2, bucket: 1 } }),
    column("int8", { take: { kind: "equals", value: 7 } }),
  ],
  skipWhere: [],
};

/** By plain arithmetic, in the order of the view's columns. */
function expected(row: number): number[] {
  const number = (name: string): number => Number((table.columns[name] as { values: ArrayLike<number> }).values[row]);
  const text = texts[draw(row, 6, 4)];
  const float32 = number("float32");
  return [
    (number("int8") - 3) * 0.5,
    number("int16"),
    number("int32") * 1e-6,
    (Number.isNaN(float32) ? 60 : float32) - 1,
    number("float64"),
    (draw(row, 7, 200) - 100) / 10 - 2,
    (row % 13 === 0 ? 7 : draw(row, 8, 20_000) / 100) * 3,
    draw(row, 9, 2 ** 31) / 1_000,
    text === "green" ? 1 : 0,
    text === undefined ? 1 : 0,
    hashString(text ?? "", HASH_SEED) % 2 === 1 ? 1 : 0,
    number("int8") === 7 ? 1 : 0,
  ];
}

const groups = [0, 1].map((group) => Uint32Array.from(all.filter((row) => draw(row, 9, 3) === group)));
const rows: Rows = {
  number: 4,
  firstRow: 10_000,
  table,
  groups,
  labels: Float64Array.from(all, (row) => row / 2),
  weights: Float64Array.from(all, (row) => (row % 4) / 2),
};
const part = matrixPart(rows);

describe("matrixPart", () => {
  it.each([0, 1])("encodes the rows of group %i into blocks, in order", (group) => {
    let at = 0;
    for (const block of part.blocks(view, [group])) {
      expect(block.columns).toBe(view.columns.length);
      expect(block.rows).toBe(Math.min(blockRows(view.columns.length), groups[group].length - at));
      const k = kernels();
      const x = float64(k, block.x, block.stride * block.columns);
      for (let i = 0; i < block.rows; i++, at++) {
        const row = groups[group][at];
        expect(view.columns.map((_, j) => x[j * block.stride + i])).toEqual(expected(row));
        expect([float64(k, block.label, block.rows)[i], float64(k, block.weight, block.rows)[i]]).toEqual([row / 2, (row % 4) / 2]);
      }
      if (block.rows % 2 === 1) expect(view.columns.map((_, j) => x[j * block.stride + block.rows])).toEqual(view.columns.map(() => 0));
    }
    expect(at).toBe(groups[group].length);
  });

  it("gives the same as sparse rows, without the zeros", () => {
    let at = 0;
    for (const block of part.sparseBlocks(view, [0])) {
      const k = kernels();
      const starts = uint32(k, block.offsets, block.rows + 1);
      const [indices, values] = [uint32(k, block.indices, starts[block.rows]), float64(k, block.values, starts[block.rows])];
      for (let i = 0; i < block.rows; i++, at++) {
        const dense = view.columns.map(() => 0);
        for (let e = starts[i]; e < starts[i + 1]; e++) {
          expect(values[e]).not.toBe(0);
          dense[indices[e]] = values[e];
        }
        expect(dense).toEqual(expected(groups[0][at]).map((value) => value + 0));
      }
    }
    expect(at).toBe(groups[0].length);
  });

  it("takes every so many blocks", () => {
    const labels = (every: number): number[] => {
      const found: number[] = [];
      for (const block of part.blocks(view, [0], every)) found.push(...float64(kernels(), block.label, block.rows));
      return found;
    };
    const size = blockRows(view.columns.length);
    const whole = labels(1);
    expect(labels(2)).toEqual(whole.filter((_, i) => Math.floor(i / size) % 2 === 0));
  });

  it("leaves out the rows that a view skips", () => {
    const known = { ...view, skipWhere: [{ source: "colour", known: ["red", null] }] };
    let found = 0;
    for (const block of part.blocks(known, [0])) found += block.rows;
    expect(found).toBe([...groups[0]].filter((row) => [0, 3].includes(draw(row, 6, 4))).length);
  });

  it("names column and row of a value that no view takes", () => {
    const unfilled = { ...view, columns: [column("float32", { name: "scaled" })] };
    const read = () => [...part.blocks(unfilled, [0])];
    const first = [...groups[0]].find((row) => row % 11 === 0) ?? Number.NaN;
    expect(read).toThrow(InputError);
    const message = `column float32 (as scaled) must have a usable value in every row, got a missing value in row ${10_000 + first}`;
    expect(read).toThrow(message);
    const beside = { ...view, columns: [...view.columns, ...unfilled.columns] };
    expect(() => [...part.sparseBlocks(beside, [0])]).toThrow(message);
    const failing = { ...view, failWhere: [{ source: "colour", known: ["red", "green", null] }] };
    expect(() => [...part.blocks(failing, [0])]).toThrow(/column colour must have a usable value in every row, got "blue"/);
  });

  it("lets missing values through to a learner that takes them", () => {
    const kept = { ...view, columns: [column("float32", { keepsMissing: true })] };
    const missing = Array.from(part.blocks(kept, [0]), ({ x, rows: n }) => float64(kernels(), x, n).filter(Number.isNaN).length);
    expect(missing.reduce((sum, n) => sum + n, 0)).toBe([...groups[0]].filter((row) => row % 11 === 0).length);
  });

  it("gives no block for no rows", () => {
    const none = matrixPart({ ...rows, groups: [new Uint32Array()] });
    expect([...none.blocks(view, [0])]).toEqual([]);
    expect([...none.sparseBlocks(view, [0])]).toEqual([]);
  });
});

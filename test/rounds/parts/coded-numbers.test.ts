/** Numbers that are encoded by what they are equal to: by code, as they would be one by one. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { decimalColumn, type NumberColumn, type Table } from "../../../src/data/columns.ts";
import { takeNumber } from "../../../src/features/take.ts";
import type { Take, View, ViewColumn } from "../../../src/features/view.ts";
import { float64, uint32, withKernels } from "../../../src/kernels/kernels.ts";
import { codedNumbers } from "../../../src/rounds/parts/coded-numbers.ts";
import { denseBlocks } from "../../../src/rounds/parts/dense-blocks.ts";
import { keptRows } from "../../../src/rounds/parts/kept-rows.ts";
import { sparseBlocks } from "../../../src/rounds/parts/sparse-blocks.ts";

const ROWS = 5_000;
const whole = (i: number): number => ((i * 7) % 5) - 2;
const columns: Record<string, NumberColumn> = {
  int8: { type: "number", values: Int8Array.from({ length: ROWS }, (_, i) => whole(i)) },
  int16: { type: "number", values: Int16Array.from({ length: ROWS }, (_, i) => 400 * whole(i)) },
  int32: { type: "number", values: Int32Array.from({ length: ROWS }, (_, i) => 100_000 * whole(i)) },
  float64: { type: "number", values: Float64Array.from({ length: ROWS }, (_, i) => (i % 11 === 0 ? Number.NaN : 0.1 * whole(i))) },
  decimals: decimalColumn({ places: 1, whole: Int8Array.from({ length: ROWS }, (_, i) => (i % 11 === 0 ? -128 : whole(i))) }),
  many: { type: "number", values: Float64Array.from({ length: ROWS }, (_, i) => i) },
};
const rows = {
  number: 0,
  firstRow: 0,
  table: { rows: ROWS, columns } satisfies Table,
  groups: [Uint32Array.from({ length: ROWS }, (_, i) => i)],
  labels: new Float64Array(ROWS),
  weights: null,
};

const column = (source: string, take: Take, more: Partial<ViewColumn> = {}): ViewColumn => ({
  name: source,
  source,
  take,
  fill: 0,
  shift: 0,
  scale: 1,
  ...more,
});

describe("coded numbers", () => {
  it.each(Object.keys(columns))("encode to what each would by itself, beside the column itself (%s)", (source) => {
    const { values } = columns[source];
    const [a, b] = [values[1], values[2]];
    const view: View = {
      columns: [
        column(source, { kind: "level", level: String(a) }),
        column(source, { kind: "equals", value: b }, { shift: 0.25, scale: 3 }),
        column(source, { kind: "missing" }),
        column(source, { kind: "number" }, { fill: 7, shift: 1, scale: 0.5 }),
        column(source, { kind: "index", levels: [String(b), String(a)], other: null }, { fill: 9 }),
        column(source, { kind: "other", levels: [String(a)] }),
        column(source, { kind: "index", levels: [String(b)], other: null }, { fill: Number.NaN, keepsMissing: true }),
        column(source, { kind: "equals", value: b }, { scale: 0.5 }),
        column(source, { kind: "level", level: String(b) }),
        column(source, { kind: "equals", value: a }, { scale: 0 }),
        column(source, { kind: "level", level: "no number" }),
      ],
      skipWhere: [],
    };
    const [found, expected]: [number[][], number[][]] = [view.columns.map(() => []), []];
    const sparse = view.columns.map(() => new Array<number>(ROWS).fill(0));
    withKernels((k) => {
      let row = 0;
      for (const { rows: n, offsets, indices, values: own } of sparseBlocks(rows, view, keptRows(rows, view, [0]), 1)) {
        for (let i = 0; i < n; i++, row++) {
          const [from, end] = uint32(k, offsets + 4 * i, 2);
          const places = uint32(k, indices, end).slice(from);
          expect(isDeepStrictEqual(places, places.toSorted())).toBe(true);
          for (let at = from; at < end; at++) sparse[places[at - from]][row] = float64(k, own, end)[at];
        }
      }
      for (const { rows: n, stride, x } of denseBlocks(k, rows, view, keptRows(rows, view, [0]), 1)) {
        found.forEach((own, j) => void own.push(...float64(k, x + 8 * stride * j, n)));
      }
    });
    for (const { take, fill, shift, scale } of view.columns) {
      const raw = takeNumber(take);
      expected.push(Array.from(values, (value) => ((Number.isNaN(raw(value)) ? fill : raw(value)) - shift) * scale));
    }
    expect(isDeepStrictEqual(found, expected)).toBe(true);
    expect(isDeepStrictEqual(sparse, expected)).toBe(true);
  });

  it("are found where few differ, once", () => {
    const coded = codedNumbers(columns.decimals);
    expect(coded?.codes).toBeInstanceOf(Uint8Array);
    expect([...(coded?.values ?? [])]).toEqual([Number.NaN, 0, 0.2, -0.1, 0.1, -0.2]);
    expect(codedNumbers(columns.decimals)).toBe(coded);
    expect(codedNumbers(columns.many)).toBe(null);
    const some = { type: "number" as const, values: Int32Array.from({ length: 6_000 }, (_, i) => i % 300) };
    expect(codedNumbers(some)?.codes).toBeInstanceOf(Uint16Array);
  });
});

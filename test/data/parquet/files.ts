/** Parquet files for tests, written by DuckDB, and what DuckDB reads from them. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "vitest";
import type { Column, Table } from "../../../src/data/columns.ts";
import type { ByteSource, LoadColumn } from "../../../src/data/cut.ts";
import { parquetLayout } from "../../../src/data/parquet/layout.ts";

export type Value = number | string | null;

export function memorySource(bytes: Uint8Array, key = "data/x.parquet"): ByteSource {
  return { key, size: bytes.length, read: async (startByte, endByte) => bytes.slice(startByte, endByte) };
}

/** Runs SQL with `{dir}` replaced by a fresh directory; answers the bytes of `{dir}/x.parquet`. */
export async function writtenByDuckDb(...statements: string[]): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "steplearn-parquet-"));
  try {
    await query(statements.map((sql) => sql.replaceAll("{dir}", directory)));
    return await readFile(join(directory, "x.parquet"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Rows of the last statement. */
export async function query(statements: readonly string[]): Promise<Value[][]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    let rows: Value[][] = [];
    for (const sql of statements) {
      const reader = await connection.runAndReadAll(sql);
      rows = reader.getRows().map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : (value as Value))));
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export async function allColumns(source: ByteSource, asked: Record<string, LoadColumn["type"]> = {}): Promise<LoadColumn[]> {
  const { names, types } = await parquetLayout(source);
  return names.map((name, index) => ({ name, index, type: asked[name] ?? types[index] }));
}

/** A column of all parts as plain values, of every `step`th row: null for missing. */
export function valuesOf(parts: readonly Table[], name: string, step = 1): Value[] {
  const values: Value[] = [];
  let first = 0;
  for (const part of parts) {
    for (let row = (step - (first % step)) % step; row < part.rows; row += step) values.push(valueAt(part.columns[name], row));
    first += part.rows;
  }
  return values;
}

/** Rows that have a value. */
export function countOf(parts: readonly Table[], name: string): number {
  let count = 0;
  for (const {
    columns: { [name]: column },
  } of parts) {
    if (column.type === "string") for (const code of column.codes) count += code === column.dictionary.length ? 0 : 1;
    else for (const value of column.values) count += Number.isNaN(value) ? 0 : 1;
  }
  return count;
}

function valueAt(column: Column, row: number): Value {
  if (column.type === "string") return column.codes[row] === column.dictionary.length ? null : column.dictionary[column.codes[row]];
  return Number.isNaN(column.values[row]) ? null : column.values[row];
}

/** Equal bit for bit, in a message that a person can read. */
export function expectSameValues(actual: readonly Value[], expected: readonly Value[], name: string): void {
  const row = actual.findIndex((value, i) => !Object.is(value, expected[i]));
  if (row !== -1) expect({ name, row, value: actual[row] }).toEqual({ name, row, value: expected[row] });
  expect(actual.length).toBe(expected.length);
}

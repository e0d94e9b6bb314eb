/** A table of every kind of column that Parquet files may have, and what it should become here. */
import { expect } from "vitest";
import { parquetLayout } from "../../../src/data/parquet/layout.ts";
import { readParquetCut } from "../../../src/data/parquet/read.ts";
import { allColumns, expectSameValues, memorySource, query, type Value, valuesOf } from "./files.ts";

export const ROWS = 4_500;

/** One column of every kind, with nulls at irregular places; `dense` has none, `few` is a small dictionary, `many` a large one. */
export const TABLE = `CREATE TABLE t AS SELECT
  i::INTEGER AS dense,
  (CASE WHEN i % 7 = 3 THEN NULL ELSE i * 3 - 1000 END)::INTEGER AS int32,
  (CASE WHEN i % 11 = 0 THEN NULL ELSE i * 1000003 - 2000000000 END)::BIGINT AS int64,
  (i % 100)::UTINYINT AS uint8,
  (4294967295 - i)::UINTEGER AS uint32,
  (i * 1000)::UBIGINT AS uint64,
  (CASE WHEN i % 5 = 1 THEN NULL ELSE i / 7.0 END)::FLOAT AS float32,
  (CASE WHEN i % 13 = 2 THEN NULL ELSE sqrt(i) END)::DOUBLE AS float64,
  (i % 4)::DOUBLE AS few,
  (i * 1.25)::DECIMAL(9, 2) AS decimal32,
  (i * 1.001)::DECIMAL(18, 3) AS decimal64,
  (i * -1.0001)::DECIMAL(30, 4) AS decimal128,
  (CASE WHEN i % 3 = 0 THEN NULL ELSE i % 2 = 0 END) AS truth,
  (DATE '1969-06-01' + i::INTEGER) AS day,
  (CASE WHEN i % 17 = 4 THEN NULL ELSE TIMESTAMP '1960-01-01 00:00:00' + to_seconds(i * 40009) END) AS micros,
  (TIMESTAMP '2001-01-01 00:00:00' + to_seconds(i * 61))::TIMESTAMP_MS AS millis,
  (TIMESTAMP '2001-01-01 00:00:00' + to_seconds(i * 61))::TIMESTAMP_NS AS nanos,
  (CASE WHEN i % 10 = 9 THEN NULL WHEN i % 10 = 8 THEN '' ELSE 'größe ' || (i * 7919) % 23 END) AS text,
  ('id-' || (i * 7919) % ${ROWS}) AS many,
  ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID AS uuid
FROM range(${ROWS}) r(i)`;

/** The same columns as DuckDB sees them, as what they should become here. */
const EXPECTED = `SELECT dense, int32, int64, uint8, uint32, uint64, float32, float64, few,
  decimal32::DOUBLE, decimal64::DOUBLE, decimal128::DOUBLE, truth::VARCHAR, (day - DATE '1970-01-01'),
  epoch_us(micros) / 86400e6, epoch_ms(millis::TIMESTAMP) / 86400e3, epoch_ns(nanos) / 86400e9, text, many, uuid::VARCHAR FROM t`;

const expected: Value[][] = await query([TABLE, EXPECTED]);

/** The file has that table. */
export async function expectSame(bytes: Uint8Array, partRows: number): Promise<void> {
  const source = memorySource(bytes);
  const { rowGroups } = await parquetLayout(source);
  const columns = await allColumns(source);
  const answer = await readParquetCut([{ source, firstRowGroup: 0, endRowGroup: rowGroups.length }], columns, partRows);
  expect(answer.rows).toBe(ROWS);
  expect(answer.parts.map((part) => part.rows)).toEqual(
    Array.from({ length: Math.ceil(ROWS / partRows) }, (_, i) => Math.min(partRows, ROWS - i * partRows)),
  );
  for (const [i, { name }] of columns.entries()) {
    // Exact: all of these are one rounding away from the stored integers here and in DuckDB.
    expectSameValues(
      valuesOf(answer.parts, name),
      expected.map((row) => row[i]),
      name,
    );
  }
}

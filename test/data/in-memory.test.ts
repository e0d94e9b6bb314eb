import * as arrow from "apache-arrow";
import { describe, expect, it } from "vitest";
import { isMemoryData, type MemoryData, parquetOf } from "../../src/data/in-memory.ts";
import { parquetLayout } from "../../src/data/parquet/layout.ts";
import { readParquetCut } from "../../src/data/parquet/read.ts";

/** The columns that a run makes of the data. */
async function loaded(data: MemoryData) {
  const bytes = parquetOf(data);
  const source = { key: "memory.parquet", size: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) };
  const { names, types, rowGroups } = await parquetLayout(source, []);
  const columns = names.map((name, index) => ({ name, index, type: types[index] }));
  const { parts } = await readParquetCut([{ source, firstRowGroup: 0, endRowGroup: rowGroups.length }], columns, 131_072);
  return Object.fromEntries(
    names.map((name) => {
      const column = parts[0].columns[name];
      const values = column.type === "string" ? Array.from(column.codes, (code) => column.dictionary[code] ?? null) : [...column.values];
      return [name, [column.type, values]];
    }),
  );
}

describe("data in memory", () => {
  it("has the columns of all rows, with what is missing as missing", async () => {
    const rows = [
      { x: 1, plan: "a", since: new Date("2024-01-02"), gone: false },
      { x: null, plan: undefined, since: null, gone: true, late: 7n },
      { x: Number.NaN, plan: "", gone: null },
    ];
    expect(await loaded(rows)).toEqual({
      x: ["number", [1, Number.NaN, Number.NaN]],
      plan: ["string", ["a", null, ""]],
      since: ["date", [19_724, Number.NaN, Number.NaN]],
      gone: ["string", ["false", "true", null]],
      late: ["number", [Number.NaN, 7, Number.NaN]],
    });
  });

  it("may be an Arrow table, dictionaries and times included", async () => {
    const table = arrow.tableFromArrays({
      x: Float32Array.of(0.5, 2),
      n: BigInt64Array.of(3n, -4n),
      plan: ["a", "b"],
      day: [new Date("1970-01-02"), new Date("1970-01-03")],
    });
    expect(await loaded(table)).toEqual({
      x: ["number", [0.5, 2]],
      n: ["number", [3, -4]],
      plan: ["string", ["a", "b"]],
      day: ["date", [1, 2]],
    });
  });

  it("gives the same bytes for the same data and others for other data", () => {
    const rows = () => [
      { x: 1, y: "a" },
      { x: 2, y: "b" },
    ];
    expect(parquetOf(rows())).toEqual(parquetOf(rows()));
    expect(parquetOf([...rows(), { x: 3, y: "b" }])).not.toEqual(parquetOf(rows()));
  });

  it("is told from paths", () => {
    expect([[{ x: 1 }], arrow.tableFromArrays({ x: [1] })].map(isMemoryData)).toEqual([true, true]);
    expect(["a.csv", ["a.csv"], [], { path: "a.csv" }, null].map(isMemoryData)).toEqual([false, false, false, false, false]);
  });

  it.each<[string, MemoryData, string]>([
    ["no columns", [{}], "data must hold rows and columns, got 0 rows and 0 columns"],
    ["two kinds in a column", [{ x: 1 }, { x: "two" }], 'data row 1: x must be a number, got "two"'],
    ["something else", [{ x: [1] as never }], "data row 0: x must be a number, text, date, got [1]"],
    ["a date that is none", [{ x: new Date("never") }], "data row 0: x must be a valid date, got an invalid one"],
    [
      "an integer that float64 does not hold",
      [{ x: 2n ** 53n + 1n }],
      "data row 0: x must be a number that float64 holds, got 9007199254740993n",
    ],
  ])("refuses %s", (_, data, message) => {
    expect(() => parquetOf(data)).toThrow(message);
  });
});

import { describe, expect, test } from "vitest";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import { columnsOf, dialectOf, piece, readText, rowsOf, sourceOf, valuesOf } from "./reference.ts";

describe("types", () => {
  test("text in a column of numbers makes it one of strings, and the answer says where", async () => {
    const names = ["a", "b"];
    const answer = await readCsvCut([piece(sourceOf("1,2\n3,x\n,y\n"))], dialectOf(names), columnsOf(names, "number"), 1_024);
    expect(answer.types).toEqual(["number", "string"]);
    expect(answer.conflicts).toEqual([{ column: "b", key: "x.csv", byte: 6, found: '"x"' }]);
    expect(Object.keys(answer.parts[0].columns)).toEqual(["a"]);
    expect(valuesOf(answer.parts, "a")).toEqual([1, 3, Number.NaN]);
  });

  test.each(["inf", "-Infinity", "0x10", "1_000", "1e", "--1", "1.2.3", ".", "+", "1,5", "NaN", "1e999"])(
    "%s is no number",
    async (text) => {
      const { types } = await readText(`"${text}"\n2\n`, 1, "number");
      expect(types).toEqual(["string"]);
    },
  );

  test("text in a fixed column makes its row a bad one, and the others close up", async () => {
    const columns = [
      { name: "id", index: 0, type: "string" as const },
      { name: "x", index: 1, type: "number" as const, fixed: true },
      { name: "y", index: 2, type: "number" as const, fixed: true },
    ];
    const text = "a,1,1\nb,inf,oops\nc,0.1234567890123456789012,3\nd,4,-\ne,NA,1234567890123456789012\n";
    const answer = await readCsvCut([piece(sourceOf(text))], dialectOf(["id", "x", "y"]), columns, 1_024);
    expect(answer.types).toEqual(["string", "number", "number"]);
    expect(answer.badSamples).toEqual([
      { key: "x.csv", byte: 6, reason: 'x must be a number, got "inf"' },
      { key: "x.csv", byte: 46, reason: 'y must be a number, got "-"' },
    ]);
    expect(rowsOf(answer.parts, ["id", "x", "y"])).toEqual([
      ["a", 1, 1],
      ["c", Number("0.1234567890123456789012"), 3],
      ["e", Number.NaN, Number("1234567890123456789012")],
    ]);
  });

  test("missing tokens, quoted or not, and numbers among them by value", async () => {
    const missing = ["?", "-999", "none given"];
    const numbers = await readText('1,?\n-999.0," ? "\n"-999",none given\n-998, \n', 2, "number", { missing });
    expect(numbers.types).toEqual(["number", "number"]);
    expect(rowsOf(numbers.parts, ["c0", "c1"])).toEqual([
      [1, Number.NaN],
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
      [-998, Number.NaN],
    ]);
    const strings = await readText('?,"?"\n" ?",none given\n,"none given"\n', 2, "string", { missing });
    expect(rowsOf(strings.parts, ["c0", "c1"])).toEqual([
      [null, null],
      [" ?", null],
      ["", null],
    ]);
  });

  test("dates are days since 1970-01-01 UTC", async () => {
    const day = 86_400_000;
    const texts = [
      "1970-01-01",
      "1969-12-31",
      "2000-02-29",
      "1900-02-28",
      "0001-01-01",
      "9999-12-31",
      "2024-02-29T12:00",
      "2024-03-01 06:30:15.250Z",
    ];
    texts.push("2024-01-01T00:00:00+02:00", "2024-01-01T00:00-05:30", "2024-12-31T23:59:59.999Z");
    const { parts, types } = await readText(`${texts.join("\n")}\nNA\n "2024-01-02" \r\n`, 1, "date");
    const expected = texts.map((text) => Date.parse(text.length > 10 && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text) / day);
    expect(types).toEqual(["date"]);
    expect(valuesOf(parts, "c0")).toEqual([...expected, Number.NaN, 19_724]);
    expect(parts[0].columns.c0.type).toBe("date");
  });

  test.each([
    "2023-02-29",
    "1900-02-29",
    "2024-13-01",
    "2024-00-10",
    "2024-04-31",
    "24-01-01",
    "2024-1-1",
    "2024-01-01x",
    "2024-01-01T25:00",
  ])("%s is no date", async (text) => {
    expect((await readText(`2020-01-01\n${text}\n`, 1, "date")).types).toEqual(["string"]);
  });

  test.each([
    "2024-01-01T10:60",
    "2024-01-01T10:00:60",
    "2024-01-01T10:00:00.",
    "2024-01-01T10:00+2",
    "2024-01-01T10:00+24:00",
    "2024-01-01 ",
    "7",
  ])("%s is no time", async (text) => {
    expect((await readText(`"${text}"\n`, 1, "date")).types).toEqual([text.endsWith(" ") ? "date" : "string"]);
  });
});

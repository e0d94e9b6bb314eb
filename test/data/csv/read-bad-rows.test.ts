import { describe, expect, test } from "vitest";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import { columnsOf, dialectOf, piece, readText, rowsOf, sourceOf, valuesOf } from "./reference.ts";

describe("bad rows", () => {
  test("are left out and described with the byte where they start", async () => {
    const { parts, badRows, badSamples } = await readText('1,2\n3\n4,5,6,7\n8"x",9\n"a"b,1\nc,"d"\n', 2, "string");
    expect(badRows).toBe(4);
    expect(badSamples.map(({ byte, reason }) => [byte, reason])).toEqual([
      [4, "a row must have 2 fields, got 1"],
      [6, "a row must have 2 fields, got more"],
      [14, "a field with quotes must be quoted from end to end, its own quotes doubled"],
      [21, "a field with quotes must be quoted from end to end, its own quotes doubled"],
    ]);
    expect(rowsOf(parts, ["c0", "c1"])).toEqual([
      ["1", "2"],
      ["c", "d"],
    ]);
  });

  test("twenty are described, all are counted", async () => {
    const { badRows, badSamples, rows } = await readText("x\ny,1\n".repeat(5_000), 2, "string");
    expect([badRows, rows]).toEqual([5_000, 5_000]);
    expect(badSamples.map(({ byte }) => byte)).toEqual(Array.from({ length: 20 }, (_, i) => 6 * i));
  });

  test("a quote that is never closed", async () => {
    const { badSamples, rows } = await readText('1,2\n3,"4\n5,6\n', 2, "string");
    expect(rows).toBe(1);
    expect(badSamples).toEqual([{ key: "x.csv", byte: 4, reason: "a quote is never closed; it takes 2 lines with it" }]);
  });

  test("a quote out of place counts every line that it swallows", async () => {
    const reason = "a row must have 2 fields, got 1; it takes 3 lines with it";
    const { badRows, badSamples, rows, quotes } = await readText('1,2\n3" pipe,4\n5,6\n7,8"\n9,10\n', 2, "string");
    expect([rows, badRows]).toEqual([2, 3]);
    expect(badSamples).toEqual([{ key: "x.csv", byte: 4, reason }]);
    expect(quotes).toEqual([{ key: "x.csv", firstRow: 4, unclosed: false }]);
    // A quoted field may have line ends; its row is one, whatever else is wrong with it.
    expect(await readText('1,2\n"3\n4",5,6\n', 2, "string")).toMatchObject({ rows: 1, badRows: 1, quotes: [] });
  });

  test("quotes that do not balance are told with the first row that has one out of place, however the text ends", async () => {
    const unclosed = (firstRow: number) => [{ key: "x.csv", firstRow, unclosed: true }];
    expect((await readText('1,2\n3,4" x\n5,6\n', 2, "string")).quotes).toEqual(unclosed(4));
    // From the stray quote on, all quoted fields are read inside out.
    const quoted = '5,"six"\n'.repeat(100);
    expect((await readText(`1,2\n3,4" x\n${quoted}`, 2, "string")).quotes).toEqual(unclosed(4));
    const all = await readText(`1,2\n3,4" x\n${"5,6\n".repeat(2 ** 21)}7,8`, 2, "string");
    expect(all).toMatchObject({ rows: 1, badRows: 2 ** 21 + 2, quotes: unclosed(4) });
    expect((await readText('1,2\n"3,"4"\n', 2, "string")).quotes).toEqual(unclosed(4));
  });

  test("a field above 1 MiB, and a row above 4 MiB", async () => {
    const mib = 2 ** 20;
    const text = `1,${"x".repeat(mib)}\n2,${"x".repeat(mib + 1)}\n3,"${"y\n".repeat(6 * mib)}"\n4,z\n`;
    const { badSamples, parts } = await readText(text, 2, "string");
    expect(badSamples).toEqual([
      { key: "x.csv", byte: mib + 3, reason: "a field must have at most 1048576 bytes, got more" },
      { key: "x.csv", byte: 2 * mib + 7, reason: expect.stringMatching(/^a row must have at most 4194304 bytes, got more/) },
    ]);
    expect(valuesOf(parts, "c0")).toEqual(["1", "4"]);
  });

  test("a header with other names is an error", async () => {
    const dialect = dialectOf(["a", "b"], { header: true });
    const pieces = [piece(sourceOf("a,b\n1,2\n", "one.csv")), piece(sourceOf("b,a\n1,2\n", "two.csv"))];
    await expect(readCsvCut(pieces, dialect, columnsOf(["a", "b"]), 1_024)).rejects.toThrow(
      'two.csv: the header must be ["a","b"] as in the first file, got ["b","a"]',
    );
  });

  test("an object of another size than listed is an error", async () => {
    const source = { ...sourceOf("1\n2\n"), size: 10 };
    await expect(readCsvCut([piece(source)], dialectOf(["a"]), columnsOf(["a"]), 1_024)).rejects.toThrow(
      "x.csv must have 10 bytes as listed, got 4",
    );
  });
});

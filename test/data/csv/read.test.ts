import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutsToRepeat } from "../../../src/data/csv/parity.ts";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import type { ByteSource, CutAnswer } from "../../../src/data/cut.ts";
import { columnsOf, dialectOf, parsePlainly, piece, readText, rowsOf, sourceOf, valuesOf } from "./reference.ts";

const names3 = ["c0", "c1", "c2"];

describe("fields", () => {
  test("quotes, doubled quotes, separators and line ends in quotes, blanks", async () => {
    const { parts, rows, badRows } = await readText('a,"b,1",c\r\n "x ""y"" z" ,"two\nlines",  d \t\n"","",e', 3, "string", {
      missing: ["NA"],
    });
    expect(rowsOf(parts, names3)).toEqual([
      ["a", "b,1", "c"],
      ['x "y" z', "two\nlines", "d"],
      ["", "", "e"],
    ]);
    expect([rows, badRows]).toEqual([3, 0]);
  });

  test("any text that RFC 4180 can write, as the plain parser reads it", async () => {
    const field = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", " ", "7", "."), maxLength: 20 }),
      fc.string({ unit: fc.constantFrom("a", '""', ",", "\n", "\r\n", " ", "\t", ";"), maxLength: 12 }).map((text) => `"${text}"`),
      fc.constantFrom("", '""', "NA", '"NA"'),
    );
    const row = fc
      .tuple(fc.constantFrom("", "  "), fc.array(field, { minLength: 3, maxLength: 3 }), fc.constantFrom("", " "))
      .map(([before, fields, after]) => fields.map((text) => before + text + after).join(","));
    const file = fc.tuple(fc.array(row, { minLength: 1, maxLength: 30 }), fc.constantFrom("\n", "\r\n"), fc.boolean());
    await fc.assert(
      fc.asyncProperty(file, async ([lines, lineEnd, ends]) => {
        const text = lines.join(lineEnd) + (ends ? lineEnd : "");
        const { parts, badRows } = await readText(text, 3, "string", { missing: ["NA"] });
        const expected = parsePlainly(text, ",").map((fields) => fields.map((value) => (value === "NA" ? null : value)));
        expect(badRows).toBe(0);
        expect(rowsOf(parts, names3)).toEqual(expected);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test("blank lines, a byte order mark, other separators, a header", async () => {
    const names = ["a", "b"];
    const dialect = dialectOf(names, { separator: ";", header: true });
    const { parts } = await readCsvCut([piece(sourceOf("\ufeff\n a ; b \n\n1;2\n \r\n3;4"))], dialect, columnsOf(names, "number"), 1_024);
    expect(rowsOf(parts, names)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("columns that are not asked for are not there", async () => {
    const { parts } = await readCsvCut(
      [piece(sourceOf("1,x,3\n4,y,6\n"))],
      dialectOf(names3),
      [{ name: "c2", index: 2, type: "number" }],
      1_024,
    );
    expect(parts[0].columns).toEqual({ c2: { type: "number", values: Int8Array.of(3, 6) } });
  });

  test("an index chunk ends anywhere in a row", async () => {
    for (const width of [1, 3, 61, 64, 257, 5_000]) {
      const row = Array.from({ length: width }, (_, i) => (i % 7 === 3 ? `"v""${i}\n"` : `${i}`));
      const text = Array.from({ length: Math.ceil(70_000 / width) }, () => row.join(",")).join("\n");
      const { parts, badRows, rows } = await readText(text, width, "string");
      expect([badRows, rows]).toEqual([0, Math.ceil(70_000 / width)]);
      for (const column of [0, Math.min(3, width - 1), width - 1]) {
        const expected = column % 7 === 3 ? `v"${column}\n` : `${column}`;
        expect(new Set(valuesOf(parts, `c${column}`))).toEqual(new Set([expected]));
      }
    }
  });
});

describe("strings", () => {
  test("the dictionary is in order of first appearance and codes are narrow", async () => {
    const { parts } = await readText("b\na\nNA\nb\n c \n", 1, "string");
    expect(parts[0].columns.c0).toEqual({ type: "string", codes: Uint8Array.of(0, 1, 3, 0, 2), dictionary: ["b", "a", "c"] });
  });

  test.each([255, 256, 65_535, 65_536])("%i different values", async (count) => {
    const text = `${Array.from({ length: count }, (_, i) => `value-${i % 2 ? "x" : "a longer text than one word "}${i}`).join("\n")}\nNA\n`;
    const { parts } = await readText(text, 1, "string");
    const values = valuesOf(parts, "c0");
    expect(values[count]).toBe(null);
    expect(values[count - 1]).toBe(`value-${(count - 1) % 2 ? "x" : "a longer text than one word "}${count - 1}`);
    expect(new Set(values).size).toBe(count + 1);
    expect(parts[0].columns.c0).toMatchObject({
      codes: expect.any(count <= 255 ? Uint8Array : count <= 65_535 ? Uint16Array : Uint32Array),
    });
  });

  test("UTF-8, and bytes that are not", async () => {
    const text = new TextEncoder().encode("größe,日本\na\ufffd,b\n");
    const { parts } = await readText(text, 2, "string");
    expect(parts[0].columns.c0).toEqual({ type: "string", codes: Uint8Array.of(0, 1), dictionary: ["größe", "a\ufffd"] });
    expect(valuesOf(parts, "c1")).toEqual(["日本", "b"]);
    await expect(readText(Uint8Array.of(...text, 0x61, 0xff, 0x2c, 0x62, 0x0a), 2, "string")).rejects.toThrow(
      'column c0 must hold UTF-8 text, got "a\ufffd"; save the file as UTF-8, or exclude the column',
    );
  });
});

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

describe("parts and pieces", () => {
  test("parts hold partRows rows over the ends of pieces, and one storage per column", async () => {
    const dialect = dialectOf(["a", "b"], { header: true });
    const pieces = ["a,b\n1,x\n2,y\n", "a,b\n300,x\n", "a,b\n", "a,b\n4,z\n5,\n"].map((text, i) => piece(sourceOf(text, `${i}`)));
    const columns = [
      { name: "a", index: 0, type: "number" as const },
      { name: "b", index: 1, type: "string" as const },
    ];
    const answer = await readCsvCut(pieces, dialect, columns, 2);
    expect(answer.parts.map(({ rows }) => rows)).toEqual([2, 2, 1]);
    const dictionary = ["x", "y", "z"];
    expect(answer.parts.map(({ columns }) => columns.a)).toEqual([
      { type: "number", values: Int16Array.of(1, 2) },
      { type: "number", values: Int16Array.of(300, 4) },
      { type: "number", values: Int16Array.of(5) },
    ]);
    expect(answer.parts.map(({ columns }) => columns.b)).toEqual([
      { type: "string", codes: Uint8Array.of(0, 1), dictionary },
      { type: "string", codes: Uint8Array.of(0, 2), dictionary },
      { type: "string", codes: Uint8Array.of(3), dictionary },
    ]);
    expect(answer.bytes).toBe(pieces.reduce((sum, { source }) => sum + source.size, 0));
  });

  test("a part widens where a later block needs it", async () => {
    const numberAt = (i: number): number =>
      i < 40_000 ? i % 100 : i < 70_000 ? 3 * i : i < 90_000 ? i / 2 : i === 95_000 ? Number.NaN : i / 10;
    const textAt = (i: number): string | null => (i % 1_000 === 7 ? null : `s${i % (i < 40_000 ? 200 : 300)}`);
    const rows = Array.from({ length: 100_000 }, (_, i) => [numberAt(i), textAt(i)] as const);
    const text = rows.map(([value, word]) => `${Number.isNaN(value) ? "" : value},${word ?? "NA"}\n`).join("");
    const columns = [
      { name: "a", index: 0, type: "number" as const },
      { name: "b", index: 1, type: "string" as const },
    ];
    const { parts } = await readCsvCut([piece(sourceOf(text))], dialectOf(["a", "b"], { missing: ["", "NA"] }), columns, 65_536);
    expect(parts.map((part) => [part.rows, part.columns.a.type === "number" && part.columns.a.values.constructor.name])).toEqual([
      [65_536, "Float64Array"],
      [34_464, "Float64Array"],
    ]);
    const [values, words] = [valuesOf(parts, "a"), valuesOf(parts, "b")];
    expect(rows.findIndex(([value, word], i) => !Object.is(values[i], value) || words[i] !== word)).toBe(-1);
  });

  test("CR LF and LF in one file", async () => {
    const lines = Array.from(
      { length: 3_000 },
      (_, i) => `${i},w${i % 3},${i % 10}${i > 1_000 && i % (1 + (i >>> 8)) === 0 ? "\n" : "\r\n"}`,
    );
    const columns = columnsOf(names3, "number").map((column) => (column.index === 1 ? { ...column, type: "string" as const } : column));
    const { parts } = await readCsvCut([piece(sourceOf(lines.join("")))], dialectOf(names3), columns, 1_024);
    expect(rowsOf(parts, names3)).toEqual(lines.map((_, i) => [i, `w${i % 3}`, i % 10]));
    const texts = await readCsvCut([piece(sourceOf(lines.join("")))], dialectOf(names3), columnsOf(names3, "string"), 1_024);
    expect(rowsOf(texts.parts, names3)).toEqual(lines.map((_, i) => [`${i}`, `w${i % 3}`, `${i % 10}`]));
  });

  test("no rows give no parts", async () => {
    expect(await readText("", 2, "number")).toMatchObject({ parts: [], rows: 0, badRows: 0, types: ["number", "number"], quoteParity: 0 });
  });

  test("gzip of several members reads as the text does", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},"q ${i % 5}",${i / 8}\n`);
    const zipped = Buffer.concat([gzipSync(lines.slice(0, 30_000).join("")), gzipSync(lines.slice(30_000).join(""))]);
    const columns = columnsOf(names3, "number").map((column) => (column.index === 1 ? { ...column, type: "string" as const } : column));
    const plain = await readCsvCut([piece(sourceOf(lines.join("")))], dialectOf(names3), columns, 16_384);
    const unpacked = await readCsvCut([piece(sourceOf(zipped), { gzip: true })], dialectOf(names3), columns, 16_384);
    expect({ ...unpacked, bytes: 0 }).toEqual({ ...plain, bytes: 0 });
    expect(unpacked.bytes).toBe(zipped.length);
    await expect(
      readCsvCut([piece(sourceOf(zipped.subarray(0, 5_000)), { gzip: true })], dialectOf(names3), columns, 16_384),
    ).rejects.toThrow("x.csv must be a whole gzip file");
  });

  test("memory lent to a source is not used again before its bytes are read", async () => {
    const line = (i: number): string => `${i},w${i % 7},${String(i % 1_000).padStart(1_000, "0")}\n`;
    const bytes = Buffer.from(Array.from({ length: 18_000 }, (_, i) => line(i)).join(""));
    const lent: ByteSource = {
      ...sourceOf(bytes),
      async read(startByte, endByte, into = new Uint8Array(0)) {
        await new Promise(setImmediate);
        into.set(bytes.subarray(startByte, endByte));
        return into.subarray(0, endByte - startByte);
      },
    };
    expect(bytes.length).toBeGreaterThan(16 * 2 ** 20);
    const dialect = dialectOf(names3);
    const columns = columnsOf(names3, "number").map((column) => (column.index === 1 ? { ...column, type: "string" as const } : column));
    const own = await readCsvCut([piece(sourceOf(bytes))], dialect, columns, 4_096);
    expect(own.rows).toBe(18_000);
    // Two at a time: the second must not get the memory of the first.
    for (const answer of await Promise.all([0, 1].map(() => readCsvCut([piece(lent)], dialect, columns, 4_096))))
      expect(answer).toEqual(own);
  });

  test("a failing read fails the cut, gzip or not, and the next cut is fine", async () => {
    const source = { key: "x", size: 10, read: () => Promise.reject(new Error("lost")) };
    for (const gzip of [false, true]) {
      await expect(readCsvCut([piece(source, { gzip })], dialectOf(["a"]), columnsOf(["a"]), 8)).rejects.toThrow("lost");
    }
    expect((await readText("1\n", 1, "number")).rows).toBe(1);
  });
});

describe("byte ranges", () => {
  /** Reads a file in cuts that all guess wrong or right by themselves, then again those that the parities show to be wrong. */
  async function readCuts(bytes: Uint8Array, borders: readonly number[], header: boolean): Promise<CutAnswer[]> {
    const source = sourceOf(bytes);
    const edges = [0, ...borders, bytes.length];
    const read = (cut: number, insideQuotes: boolean): Promise<CutAnswer> =>
      readCsvCut(
        [piece(source, { startByte: edges[cut], endByte: edges[cut + 1], insideQuotes })],
        dialectOf(names3, { header }),
        columnsOf(names3),
        64,
      );
    const guesses = edges.slice(1).map(() => false);
    const answers = await Promise.all(guesses.map((guess, cut) => read(cut, guess)));
    for (const cut of cutsToRepeat(
      answers.map(({ quoteParity }) => quoteParity),
      guesses,
    ))
      answers[cut] = await read(cut, true);
    return answers;
  }

  const tricky = '\ufeffc0,c1,c2\r\n1,"a\nb",3\n"4 ""x""",,6\r\n\n7,"\n\n""\n,,\n",9\n"","",""\n10,11,12';

  test.each([true, false])("every cut position gives the rows of the whole (header %s)", async (header) => {
    const bytes = new TextEncoder().encode(tricky);
    const [whole] = await readCuts(bytes, [], header);
    const expected = rowsOf(whole.parts, names3);
    expect(expected.length).toBe(header ? 5 : 6);
    for (let border = 1; border < bytes.length; border++) {
      const answers = await readCuts(bytes, [border], header);
      expect(answers.flatMap(({ parts }) => (parts.length === 0 ? [] : rowsOf(parts, names3)))).toEqual(expected);
      expect(answers.reduce((sum, { badRows }) => sum + badRows, 0)).toBe(0);
    }
  });

  test("any borders of any file give the rows of the whole, bad ones too", async () => {
    const row = fc.constantFrom("1,2,3", 'a,"b\nc",d', '"\n""\n",,', "x,y", "", '"q,""",z,"\r\n"', "long text here,more of it,end");
    const input = fc.tuple(
      fc.array(row, { minLength: 1, maxLength: 25 }),
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(), { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([lines, lineEnd, positions]) => {
        const bytes = new TextEncoder().encode(lines.join(lineEnd) + lineEnd);
        const borders = [...new Set(positions.map((position) => 1 + (position % Math.max(1, bytes.length - 1))))].sort((a, b) => a - b);
        const [whole] = await readCuts(bytes, [], false);
        const answers = await readCuts(
          bytes,
          borders.filter((border) => border < bytes.length),
          false,
        );
        expect(answers.flatMap(({ parts }) => (parts.length === 0 ? [] : rowsOf(parts, names3)))).toEqual(
          whole.parts.length === 0 ? [] : rowsOf(whole.parts, names3),
        );
        expect(answers.flatMap(({ badSamples }) => badSamples)).toEqual(whole.badSamples);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  test("a cut reads little more than its own bytes", async () => {
    const bytes = new TextEncoder().encode("1,2,3\n".repeat(200_000));
    const source = sourceOf(bytes);
    const answer = await readCsvCut(
      [piece(source, { startByte: 100_001, endByte: 400_001 })],
      dialectOf(names3),
      columnsOf(names3, "number"),
      1_024,
    );
    expect(answer.rows).toBe(50_000);
    expect(answer.bytes).toBeLessThan(300_000 + 20_000);
  });
});

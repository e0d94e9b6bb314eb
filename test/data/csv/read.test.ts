import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import type { ByteSource } from "../../../src/data/cut.ts";
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

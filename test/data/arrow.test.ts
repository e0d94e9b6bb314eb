import { tableFromIPC } from "apache-arrow";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArrowFile, readArrow, readArrowFile, writeArrow } from "../../src/data/arrow.ts";
import { type Column, decimalColumn, type NumberColumn, type Table } from "../../src/data/columns.ts";

const dictionary = ["blå", "", "𝄞 clef", "plain"];

/** Every storage type; a number of rows that is no multiple of 8 shows padding. */
const part = (rows: number, offset: number): Table => {
  const each = (value: (row: number) => number) => Array.from({ length: rows }, (_, i) => value(i + offset));
  const columns: Record<string, Column> = {
    int8: { type: "number", values: Int8Array.from(each((i) => (i % 256) - 128)) },
    int16: { type: "number", values: Int16Array.from(each((i) => i * 100 - 32_000)) },
    int32: { type: "number", values: Int32Array.from(each((i) => i * 1_000_003)) },
    float32: { type: "number", values: Float32Array.from(each((i) => (i % 3 === 0 ? NaN : i / 4))) },
    float64: { type: "number", values: Float64Array.from(each((i) => i / 3)) },
    day: { type: "date", values: Float64Array.from(each((i) => i + 0.5)) },
    whole: { type: "date", values: Int16Array.from(each((i) => i)) },
    code8: { type: "string", codes: Uint8Array.from(each((i) => i % 5)), dictionary },
    code16: { type: "string", codes: Uint16Array.from(each((i) => i % 4)), dictionary },
    code32: { type: "string", codes: Uint32Array.from(each((i) => i % 5)), dictionary },
  };
  return { rows, columns };
};
const parts = [part(13, 0), part(13, 13), part(2, 26)];

const bytesOf = ({ pieces }: ArrowFile): Uint8Array => Uint8Array.from(Buffer.concat(pieces));

const readParts = (file: ArrowFile): Table[] => {
  const bytes = bytesOf(file);
  return file.parts.map(({ startByte, endByte }) =>
    readArrow(bytes.slice(file.head.startByte, file.head.endByte), bytes.slice(startByte, endByte)),
  );
};

describe("written and read back", () => {
  const file = writeArrow(parts);
  const fileBytes = bytesOf(file);

  test("part by part, from the head and the part's own bytes", () => {
    expect(readParts(file)).toEqual(parts);
  });

  test("as a whole", () => {
    expect(readArrowFile(fileBytes)).toEqual(parts);
  });

  test("another reader sees the same values, missing strings as null", () => {
    const table = tableFromIPC(fileBytes);
    expect(table.numRows).toBe(28);
    for (const name of Object.keys(parts[0].columns)) {
      const expected = parts.flatMap(({ rows, columns: { [name]: column } }) =>
        Array.from({ length: rows }, (_, i) =>
          column.type === "string" ? (column.dictionary[column.codes[i]] ?? null) : column.values[i],
        ),
      );
      expect([...(table.getChild(name) ?? [])], name).toEqual(expected);
    }
    expect(table.schema.fields.filter((field) => field.metadata.get("steplearn") === "date").map((field) => field.name)).toEqual([
      "day",
      "whole",
    ]);
    expect(table.getChild("code8")?.nullCount).toBe(5);
  });

  test("columns lie on the bytes that were read: nothing is copied", () => {
    const bytes = fileBytes.slice();
    const { startByte, endByte } = file.parts[1];
    const { columns } = readArrow(bytes.subarray(0, file.head.endByte), bytes.subarray(startByte, endByte));
    for (const column of Object.values(columns))
      expect((column.type === "string" ? column.codes : column.values).buffer).toBe(bytes.buffer);
  });

  test("bytes at an odd address are read all the same", () => {
    const shifted = new Uint8Array(fileBytes.length + 1);
    shifted.set(fileBytes, 1);
    const { startByte, endByte } = file.parts[2];
    expect(readArrow(fileBytes.slice(0, file.head.endByte), shifted.subarray(startByte + 1, endByte + 1))).toEqual(parts[2]);
  });

  test("the same parts give the same bytes", () => {
    expect(bytesOf(writeArrow([part(13, 0), part(13, 13), part(2, 26)]))).toEqual(fileBytes);
  });
});

test("parts on shared memory, as cuts have them, are written from their own rows", () => {
  const codes = Uint8Array.from({ length: 30 }, (_, i) => i % 5);
  const values = Float32Array.from({ length: 30 }, (_, i) => i);
  const slice = (start: number, end: number): Table => ({
    rows: end - start,
    columns: {
      s: { type: "string", codes: codes.subarray(start, end), dictionary },
      x: { type: "number", values: values.subarray(start, end) },
    },
  });
  const sliced = [slice(0, 11), slice(11, 30)];
  expect(readParts(writeArrow(sliced))).toEqual(sliced);
});

test("any strings survive, each dictionary entry by itself", () => {
  void fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 20 }), (texts) => {
      const codes = Uint8Array.from({ length: texts.length + 1 }, (_, i) => i);
      const table: Table = { rows: codes.length, columns: { s: { type: "string", codes, dictionary: texts } } };
      expect(readParts(writeArrow([table]))).toEqual([table]);
    }),
    { seed: 3, numRuns: 50 },
  );
});

test("decimals are whole numbers to another reader, and lie on the bytes that were read", () => {
  const of = (whole: Int16Array, places: number): Table => ({ rows: 3, columns: { price: decimalColumn({ whole, places }) } });
  const table = of(Int16Array.of(2_985, -32_768, -7), 2);
  const bytes = bytesOf(writeArrow([table]));
  const [{ columns }] = readArrowFile(bytes);
  expect(columns).toEqual({ price: { type: "number", values: Float64Array.of(29.85, Number.NaN, -0.07) } });
  const { decimals } = columns.price as NumberColumn;
  expect(decimals).toEqual({ whole: Int16Array.of(2_985, -32_768, -7), places: 2 });
  expect(decimals?.whole.buffer).toBe(bytes.buffer);
  expect([...(tableFromIPC(bytes).getChild("price") ?? [])]).toEqual([2_985, -32_768, -7]);
  expect(() => writeArrow([table, of(Int16Array.of(1, 2, 3), 1)])).toThrow('column "price" must be stored alike in all parts of a file');
});

describe("edges", () => {
  test("no parts", () => {
    const file = writeArrow([]);
    expect([file.parts, readArrowFile(bytesOf(file)), tableFromIPC(bytesOf(file)).numRows]).toEqual([[], [], 0]);
  });

  test("no rows, no columns", () => {
    const tables: Table[] = [{ rows: 0, columns: { x: { type: "number", values: new Float64Array(0) } } }];
    expect(readParts(writeArrow(tables))).toEqual(tables);
    expect(readParts(writeArrow([{ rows: 3, columns: {} }]))).toEqual([{ rows: 3, columns: {} }]);
  });

  test("parts that differ in storage or dictionary are refused", () => {
    const of = (column: Column): Table => ({ rows: 1, columns: { x: column } });
    const number = of({ type: "number", values: Int8Array.of(1) });
    expect(() => writeArrow([number, of({ type: "number", values: Int16Array.of(1) })])).toThrow(
      'column "x" must be stored alike in all parts of a file',
    );
    expect(() => writeArrow([number, { rows: 1, columns: {} }])).toThrow('column "x" must be stored alike in all parts of a file');
    const text = (...dictionary: string[]) => of({ type: "string", codes: Uint8Array.of(0), dictionary });
    expect(() => writeArrow([text("a"), text("b")])).toThrow('column "x" must have one dictionary in all parts of a file');
    expect(() => writeArrow([text("a"), text("a")])).not.toThrow();
  });
});

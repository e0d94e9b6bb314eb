/** A slow, plain CSV parser to compare with, and the shorthands that the tests share. */
import type { Column, Table } from "../../../src/data/columns.ts";
import type { CsvDialect } from "../../../src/data/csv/dialect.ts";
import { type CsvPiece, readCsvCut } from "../../../src/data/csv/read.ts";
import type { ByteSource, CutAnswer, LoadColumn } from "../../../src/data/cut.ts";

/** One character after the other, ASCII only; rows of trimmed or unquoted fields, blank lines left out. */
export function parsePlainly(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  let at = 0;
  const endField = (): void => {
    row.push(quoted ? field : field.replace(/^[ \t]+|[ \t]+$/g, ""));
    field = "";
    quoted = false;
  };
  const endRow = (): void => {
    endField();
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const c = text[at++];
    if (c === '"') {
      quoted = true;
      field = "";
      for (; ; at++) {
        if (text[at] !== '"') field += text[at];
        else if (text[at + 1] === '"') field += text[at++];
        else break;
      }
      at++;
      while (text[at] === " ") at++;
    } else if (c === separator) endField();
    else if (c === "\n") endRow();
    else if (!(c === "\r" && text[at] === "\n")) field += c;
  }
  if (field !== "" || quoted || row.length > 0) endRow();
  return rows;
}

export function sourceOf(content: string | Uint8Array, key = "x.csv"): ByteSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { key, size: bytes.length, read: async (startByte, endByte) => bytes.slice(startByte, endByte) };
}

export function piece(source: ByteSource, range: Partial<CsvPiece> = {}): CsvPiece {
  return { source, startByte: 0, endByte: source.size, insideQuotes: false, gzip: false, ...range };
}

export function dialectOf(names: readonly string[], given: Partial<CsvDialect> = {}): CsvDialect {
  return { separator: ",", header: false, names, missing: ["", "NA"], ...given };
}

export function columnsOf(names: readonly string[], type: LoadColumn["type"] = "string"): LoadColumn[] {
  return names.map((name, index) => ({ name, index, type }));
}

/** Reads a text of columns c0, c1, ... of one type as a single cut. */
export function readText(
  text: string | Uint8Array,
  columns: number,
  type: LoadColumn["type"],
  given: Partial<CsvDialect> = {},
): Promise<CutAnswer> {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return readCsvCut([piece(sourceOf(text))], dialectOf(names, given), columnsOf(names, type), 1_024);
}

/** The values of a column over all parts; a missing string is null, a missing number NaN. */
export function valuesOf(parts: readonly Table[], name: string): (string | number | null)[] {
  return parts.flatMap((part) => columnValues(part.columns[name]));
}

function columnValues(column: Column): (string | number | null)[] {
  if (column.type !== "string") return [...column.values];
  return Array.from(column.codes, (code) => (code === column.dictionary.length ? null : column.dictionary[code]));
}

export function rowsOf(parts: readonly Table[], names: readonly string[]): (string | number | null)[][] {
  const columns = names.map((name) => valuesOf(parts, name));
  return columns[0].map((_, row) => columns.map((column) => column[row]));
}

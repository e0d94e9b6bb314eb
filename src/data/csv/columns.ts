/** Takes parts out of kernel memory, and puts the parts of a cut into one storage type per column. */
import type { Codes, Column, ColumnType, NumberValues, Table } from "../columns.ts";
import type { LoadColumn } from "../cut.ts";
import { ALL_HOLDERS, store } from "../narrow.ts";
import type { CsvKernels } from "./kernel.ts";
import { ABSENT, get, KIND, sizeOf } from "./scan.ts";

/** What is collected of a column, part by part. */
interface Collected {
  readonly load: LoadColumn;
  /** Address of the column record. */
  readonly record: number;
  readonly numbers: NumberValues[];
  readonly codes: Codes[];
  holders: number;
}

export interface Collector {
  /** Takes what the kernel has of a part. */
  take(rows: number): void;
  /** The parts taken. Columns that refused a value are left out. */
  parts(): Table[];
  types(): ColumnType[];
}

/** `tokens` are the missing tokens; the kernel looks at them only where a text is no number. */
export function createCollector(k: CsvKernels, scan: number, columns: readonly LoadColumn[], tokens: readonly string[]): Collector {
  const missing = tokens
    .filter((token) => token.trim() !== "")
    .map(Number)
    .filter(Number.isFinite);
  const records = get(k, "scan", scan, "columns");
  const all = columns.map(
    (load, i): Collected => ({ load, record: records + i * sizeOf("column"), numbers: [], codes: [], holders: ALL_HOLDERS }),
  );
  const rowsOfParts: number[] = [];
  const refused = (column: Collected): boolean => get(k, "column", column.record, "kind") === KIND.refused;
  return {
    take(rows) {
      rowsOfParts.push(rows);
      for (const column of all) {
        if (refused(column)) continue;
        if (column.load.type === "string") column.codes.push(takeCodes(k, column.record, rows));
        else takeNumbers(k, column, rows, missing);
      }
    },
    parts() {
      const kept = all.filter((column) => !refused(column));
      const byColumn = kept.map((column) => (column.load.type === "string" ? strings(k, column) : numbers(column)));
      return rowsOfParts.map((rows, part) => ({
        rows,
        columns: Object.fromEntries(kept.map((column, i) => [column.load.name, byColumn[i][part]])),
      }));
    },
    types: () => all.map((column) => (refused(column) ? "string" : column.load.type)),
  };
}

function takeNumbers(k: CsvKernels, column: Collected, rows: number, missing: readonly number[]): void {
  const out = get(k, "column", column.record, "out");
  if (missing.length > 0) {
    const values = new Float64Array(k.memory.buffer, out, rows);
    for (let row = 0; row < rows; row++) if (missing.includes(values[row])) values[row] = Number.NaN;
  }
  const set = k.holders(out, rows);
  column.holders &= set;
  column.numbers.push(narrowed(k, out, rows, set).slice());
}

/** A view of n float64 in kernel memory after their conversion to the narrowest storage. */
function narrowed(k: CsvKernels, out: number, n: number, set: number): NumberValues {
  const buffer = k.memory.buffer;
  if (set & 4) {
    const width = set & 1 ? 1 : set & 2 ? 2 : 4;
    k.storeInts(out, n, width);
    return width === 1 ? new Int8Array(buffer, out, n) : width === 2 ? new Int16Array(buffer, out, n) : new Int32Array(buffer, out, n);
  }
  if (set & 8) {
    k.storeFloats(out, n);
    return new Float32Array(buffer, out, n);
  }
  return new Float64Array(buffer, out, n);
}

function numbers(column: Collected): Column[] {
  const type = column.load.type === "date" ? "date" : "number";
  return column.numbers.map((values) => ({ type, values: store(values, column.holders) }));
}

/** Codes as wide as the dictionary so far wants; the largest number of that width is a missing value. */
function takeCodes(k: CsvKernels, record: number, rows: number): Codes {
  const out = get(k, "column", record, "out");
  const words = get(k, "column", record, "words");
  const width = codeWidth(get(k, "words", words, "entryCount") - get(k, "words", words, "tokens"));
  if (width < 4) k.storeCodes(out, rows, width);
  const buffer = k.memory.buffer;
  return (
    width === 1 ? new Uint8Array(buffer, out, rows) : width === 2 ? new Uint16Array(buffer, out, rows) : new Uint32Array(buffer, out, rows)
  ).slice();
}

/** Bytes of a code when `length` strings and the code of a missing value must have one. */
function codeWidth(length: number): 1 | 2 | 4 {
  return length <= 0xff ? 1 : length <= 0xffff ? 2 : 4;
}

function strings(k: CsvKernels, column: Collected): Column[] {
  const { dictionary, codes } = readDictionary(k, get(k, "column", column.record, "words"));
  const Storage = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[codeWidth(dictionary.length)];
  return column.codes.map((part) => {
    const absent = part instanceof Uint8Array ? 0xff : part instanceof Uint16Array ? 0xffff : ABSENT;
    if (part instanceof Storage && codes === undefined && !part.includes(absent)) return { type: "string", codes: part, dictionary };
    const out = new Storage(part.length);
    for (let row = 0; row < out.length; row++) {
      const code = part[row];
      out[row] = code === absent ? dictionary.length : codes === undefined ? code : codes[code];
    }
    return { type: "string", codes: out, dictionary };
  });
}

/**
 * The strings by code. Bytes that are not UTF-8 become U+FFFD, so that two texts may give one string: `codes` then maps the code in the
 * kernel to that of the string.
 */
function readDictionary(k: CsvKernels, words: number): { dictionary: string[]; codes?: Uint32Array } {
  const memory = Buffer.from(k.memory.buffer);
  const perEntry = sizeOf("entry") / 4;
  const entries = new Uint32Array(k.memory.buffer, get(k, "words", words, "entries"), get(k, "words", words, "entryCount") * perEntry);
  const dictionary: string[] = [];
  let replaced = false;
  for (let at = get(k, "words", words, "tokens") * perEntry; at < entries.length; at += perEntry) {
    const text = memory.toString("utf8", entries[at], entries[at] + entries[at + 1]);
    replaced ||= text.includes("\ufffd");
    dictionary.push(text);
  }
  if (!replaced) return { dictionary };
  const numbers = new Map<string, number>();
  const codes = Uint32Array.from(dictionary, (text) => {
    const code = numbers.get(text) ?? numbers.size;
    numbers.set(text, code);
    return code;
  });
  return { dictionary: [...numbers.keys()], codes };
}

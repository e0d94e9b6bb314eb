/** Takes blocks of rows out of kernel memory, and puts the parts of a cut into one storage type per column. */
import { isUtf8 } from "node:buffer";
import { InputError } from "../../ports/errors.ts";
import { type Codes, type Column, type ColumnType, hasCode, type Table } from "../columns.ts";
import type { LoadColumn } from "../cut.ts";
import { collectNumbers, numberColumns, trimmed } from "./collect-numbers.ts";
import type { CsvDialect } from "./dialect.ts";
import type { CsvKernels } from "./kernel.ts";
import { type NumberBlocks, takeBlock } from "./number-blocks.ts";
import { ABSENT, get, KIND, set, sizeOf } from "./scan.ts";

export interface ParserOptions {
  readonly dialect: CsvDialect;
  readonly columns: readonly LoadColumn[];
  readonly partRows: number;
  /** Bytes that the kernel takes at once. */
  readonly portionBytes: number;
  /** A longer row is bad; it bounds the memory that an open quote can cost. */
  readonly longestRowBytes: number;
  /** A sample may break off anywhere, also within a character. */
  readonly isSample?: true;
}

/** What is collected of a column: a part in the storage that the rows so far want. */
interface Collected {
  readonly load: LoadColumn;
  /** Address of the column record. */
  readonly record: number;
  /** Of numbers and dates. */
  readonly numbers: NumberBlocks | null;
  readonly codes: Codes[];
}

export interface Collector {
  /** Takes the rows that the kernel has, perhaps the last ones, and tells it how many may come next. */
  take(last: boolean): void;
  /** The parts taken. Columns that refused a value are left out. */
  parts(): Table[];
  types(): ColumnType[];
}

/** The kernel looks at missing tokens only where a text is no number. `blockRows`: rows that it has room for. */
export function createCollector(k: CsvKernels, scan: number, options: ParserOptions, blockRows: number): Collector {
  const { dialect, columns, partRows, isSample = false } = options;
  const missing = dialect.missing
    .filter((token) => token.trim() !== "")
    .map(Number)
    .filter(Number.isFinite);
  const records = get(k, "scan", scan, "columns");
  const all = columns.map((load, i): Collected => {
    const record = records + i * sizeOf("column");
    const { type } = load;
    const numbers = type === "string" ? null : { numbers: collectNumbers(type), record, missing, asked: null, givenUp: null };
    return { load, record, numbers, codes: [] };
  });
  const whole = k.allocate(4 * Math.ceil(blockRows / 4) * 4);
  const rowsOfParts: number[] = [];
  const refused = (column: Collected): boolean => get(k, "column", column.record, "kind") === KIND.refused;
  return {
    take(last) {
      const rows = get(k, "scan", scan, "rows");
      if (rows === 0) return;
      if ((rowsOfParts.at(-1) ?? partRows) === partRows) rowsOfParts.push(0);
      const part = rowsOfParts.length - 1;
      const filled = rowsOfParts[part];
      const room = last && filled === 0 ? rows : partRows;
      for (const column of all) {
        if (refused(column)) continue;
        const { numbers } = column;
        if (numbers === null) appendCodes(k, column, part, filled, rows, room);
        else takeBlock(k, numbers, whole, [part, filled, room], rows);
      }
      rowsOfParts[part] += rows;
      set(k, "scan", scan, { rows: 0, blockRows: Math.min(blockRows, partRows - (rowsOfParts[part] % partRows)) });
    },
    parts() {
      const kept = all.filter((column) => !refused(column));
      const byColumn = kept.map((column) =>
        column.numbers === null ? strings(k, column, rowsOfParts, isSample) : numberColumns(column.numbers.numbers, rowsOfParts),
      );
      return rowsOfParts.map((rows, part) => ({
        rows,
        columns: Object.fromEntries(kept.map((column, i) => [column.load.name, byColumn[i][part]])),
      }));
    },
    types: () => all.map((column) => (refused(column) ? "string" : column.load.type)),
  };
}

/** Codes as wide as the dictionary so far wants; the largest number of that width is a missing value. */
function widened(from: Codes, to: Codes, filled: number): Codes {
  to.set(from.subarray(0, filled));
  return to;
}

function appendCodes(k: CsvKernels, column: Collected, part: number, filled: number, rows: number, room: number): void {
  const out = get(k, "column", column.record, "out");
  const words = get(k, "column", column.record, "words");
  const Storage = codesFor(get(k, "words", words, "entryCount") - get(k, "words", words, "tokens"));
  const { codes } = column;
  if (filled === 0) codes.push(new Storage(room));
  else if (!(codes[part] instanceof Storage)) {
    const narrow = codes[part];
    codes[part] = widened(narrow, new Storage(room), filled);
    renumber(codes[part], filled, absentOf(narrow), absentOf(codes[part]));
  }
  if (Storage !== Uint32Array) k.storeCodes(out, rows, Storage.BYTES_PER_ELEMENT);
  codes[part].set(new Storage(k.memory.buffer, out, rows), filled);
}

/** The storage of codes when `length` strings and the code of a missing value must have one. */
function codesFor(length: number): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor {
  return length <= 0xff ? Uint8Array : length <= 0xffff ? Uint16Array : Uint32Array;
}

const absentOf = (codes: Codes): number => (codes instanceof Uint8Array ? 0xff : codes instanceof Uint16Array ? 0xffff : ABSENT);

function renumber(codes: Codes, rows: number, from: number, to: number): void {
  for (let row = codes.indexOf(from); row !== -1 && row < rows; row = codes.indexOf(from, row + 1)) codes[row] = to;
}

function strings(k: CsvKernels, column: Collected, rowsOfParts: readonly number[], isSample: boolean): Column[] {
  const dictionary = readDictionary(k, get(k, "column", column.record, "words"), isSample ? null : column.load.name);
  const Storage = codesFor(dictionary.length);
  return column.codes.map((values, i) => {
    const part = trimmed(values, rowsOfParts[i]);
    const absent = absentOf(part);
    if (part instanceof Storage && !hasCode(part, absent)) return { type: "string", codes: part, dictionary };
    const out = new Storage(part.length);
    for (let row = 0; row < out.length; row++) out[row] = part[row] === absent ? dictionary.length : part[row];
    return { type: "string", codes: out, dictionary };
  });
}

/** The strings by code. InputError, by the column's name, for bytes that are not UTF-8: replaced, different texts would become one. */
function readDictionary(k: CsvKernels, words: number, column: string | null): string[] {
  const memory = Buffer.from(k.memory.buffer);
  const perEntry = sizeOf("entry") / 4;
  const entries = new Uint32Array(k.memory.buffer, get(k, "words", words, "entries"), get(k, "words", words, "entryCount") * perEntry);
  const dictionary: string[] = [];
  for (let at = get(k, "words", words, "tokens") * perEntry; at < entries.length; at += perEntry) {
    const [start, end] = [entries[at], entries[at] + entries[at + 1]];
    const text = memory.toString("utf8", start, end);
    if (column !== null && text.includes("\ufffd") && !isUtf8(memory.subarray(start, end))) {
      throw new InputError(
        `column ${column} must hold UTF-8 text, got ${JSON.stringify(text)}; save the file as UTF-8, or exclude the column`,
      );
    }
    dictionary.push(text);
  }
  return dictionary;
}

/** How a CSV source is written and what its columns hold, from samples of it. */
import { withKernels } from "../../kernels/kernels.ts";
import { InputError } from "../../ports/errors.ts";
import { type Column, type ColumnType, storedNumbers } from "../columns.ts";
import type { CutAnswer, LoadColumn } from "../cut.ts";
import type { CsvDialect } from "./dialect.ts";
import { isTyped, splitRows } from "./fields.ts";
import { columnNames } from "./header.ts";
import type { CsvKernels } from "./kernel.ts";
import { CsvParser } from "./parser.ts";

const SEPARATORS = [",", ";", "\t", "|"];
/** Rows that decide separator and header. */
const ROWS_LOOKED_AT = 200;
/** Rows of a part while guessing: about those of a sample. */
const GUESS_ROWS = 2_048;

/** What the user says about a source. */
export interface GivenDialect {
  readonly separator?: string;
  readonly header?: boolean;
  readonly missing: readonly string[];
}

/** The first bytes of an object, or bytes from its middle. */
export interface CsvSample {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly startsMidFile: boolean;
}

/**
 * Separator, header and names from the first bytes of a source, where they are not given. The separator is the one of `, ; tab |` that
 * cuts the rows most evenly into two fields or more. The first row is a header when it has a text above a column of numbers or dates;
 * else not when it has a number or a date itself; else not when one of its texts comes again in its column. Without a header the names
 * are c0, c1, ...; an empty name in a header becomes c and its position. InputError: no rows, not UTF-8 text, a name twice, a separator
 * that cannot be one.
 */
export function sniffCsv(head: Uint8Array, given: GivenDialect): CsvDialect {
  const text = textOf(head);
  const { missing } = given;
  if (given.separator !== undefined && !/^[^"\r\n\u0080-\uffff]$/.test(given.separator)) {
    throw new InputError(
      `data.separator must be one ASCII character other than a quote or line end, got ${JSON.stringify(given.separator)}`,
    );
  }
  const separator = given.separator ?? bestSeparator(text, missing);
  const rows = wholeRows(text, separator);
  if (rows.length === 0) throw new InputError("a CSV source must have a row, got none");
  const header = given.header ?? isHeader(rows, missing);
  return { separator, header, names: header ? columnNames(rows[0]) : rows[0].map((_, i) => `c${i}`), missing };
}

function textOf(head: Uint8Array): string {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (utf16) throw new InputError("a CSV source must be UTF-8 text, got UTF-16 (save it as UTF-8)");
  if (head.includes(0)) throw new InputError(`a CSV source must be UTF-8 text, got a zero byte at byte ${head.indexOf(0)}`);
  return new TextDecoder().decode(head);
}

/** The first rows, without one that the sample cuts off. */
function wholeRows(text: string, separator: string): string[][] {
  const rows = splitRows(text, separator, ROWS_LOOKED_AT);
  return rows.length > 1 && rows.length < ROWS_LOOKED_AT && !text.endsWith("\n") ? rows.slice(0, -1) : rows;
}

function bestSeparator(text: string, missing: readonly string[]): string {
  const scores = SEPARATORS.map((separator) => evenness(wholeRows(text, separator), missing));
  const best = scores.reduce((leader, score, i) => (isBetter(score, scores[leader]) ? i : leader), 0);
  return SEPARATORS[best];
}

/** Compared one after the other: rows as wide as the first, fields with a type, fields of a row. */
type Evenness = readonly [even: number, typed: number, width: number];

function evenness(rows: readonly string[][], missing: readonly string[]): Evenness {
  const width = rows[0]?.length ?? 0;
  if (width < 2) return [0, 0, 0];
  const even = rows.filter((row) => row.length === width);
  const fields = even.flat();
  return [even.length / rows.length, fields.filter((field) => isTyped(field) || missing.includes(field)).length / fields.length, width];
}

function isBetter(a: Evenness, b: Evenness): boolean {
  const differing = a.findIndex((value, i) => value !== b[i]);
  return differing >= 0 && a[differing] > b[differing];
}

function isHeader(rows: readonly string[][], missing: readonly string[]): boolean {
  const [first, ...below] = rows;
  const isText = (field: string): boolean => !missing.includes(field) && !isTyped(field);
  const namesTyped = first.some((name, column) => {
    const fields = below.map((row) => row[column] ?? "").filter((field) => !missing.includes(field));
    return isText(name) && fields.length > 0 && fields.every(isTyped);
  });
  if (namesTyped || first.some(isTyped)) return namesTyped;
  return first.every((name, column) => below.every((row) => row[column] !== name));
}

/**
 * The narrowest type of every column that holds all its sampled values: number, then date, then string; number where all are missing.
 * A column of whole numbers most of which lie beyond 2^53 is a string: as numbers, ids that are neighbours would be one. Whether a sample from the middle of an object starts inside quotes is found out: the other guess gives bad rows.
 */
export function guessTypes(samples: readonly CsvSample[], dialect: CsvDialect): ColumnType[] {
  const all = dialect.names.map((name, index): LoadColumn => ({ name, index, type: "number" }));
  const asNumbers = parseSamples(samples, dialect, all);
  const others = refused(asNumbers, all).map((column): LoadColumn => ({ ...column, type: "date" }));
  const texts = refused(parseSamples(samples, dialect, others), others);
  const numbers = all.filter(({ index }) => !others.some((column) => column.index === index));
  const types = all.map(({ type }) => type);
  for (const { index } of others) types[index] = "date";
  for (const { index } of [...texts, ...largeIntegers(samples, dialect, numbers, asNumbers)]) types[index] = "string";
  return types;
}

/** The columns that some sample has other values of. */
const refused = (answers: readonly Answer[], columns: readonly LoadColumn[]): LoadColumn[] =>
  columns.filter(({ type }, i) => answers.some(({ types }) => types[i] !== type));

/** The number columns whose sampled values are mostly whole numbers that float64 cannot tell from their neighbours. */
function largeIntegers(
  samples: readonly CsvSample[],
  dialect: CsvDialect,
  numbers: readonly LoadColumn[],
  answers: readonly Answer[],
): LoadColumn[] {
  const isLarge = (value: string | number): boolean => Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER;
  const large = numbers.filter(({ name }) => {
    const columns = columnsOf(answers, name);
    return columns.some(hasFloats) && isMostly(columns, isLarge);
  });
  if (large.length === 0) return [];
  const asTexts = large.map((column): LoadColumn => ({ ...column, type: "string" }));
  // Each by itself: of a dictionary of all of them, texts that are in every sample would count once.
  const texts = samples.map((sample) => parseSample(sample, dialect, asTexts));
  return asTexts.filter(({ name }) => isMostly(columnsOf(texts, name), (text) => /^[+-]?\d+$/.test(String(text))));
}

const columnsOf = (answers: readonly Answer[], name: string): Column[] =>
  answers.flatMap(({ parts }) => parts.map(({ columns }) => columns[name]));

/** Whole numbers and decimals that are stored as such have four bytes at most. */
function hasFloats(column: Column): boolean {
  if (column.type === "string") return false;
  const stored = storedNumbers(column);
  return stored instanceof Float32Array || stored instanceof Float64Array;
}

/** Whether more than half of the values are such; missing ones do not count. */
function isMostly(columns: readonly Column[], isSuch: (value: string | number) => boolean): boolean {
  let [values, such] = [0, 0];
  for (const column of columns) {
    const own = column.type === "string" ? column.dictionary : column.values.filter((value) => !Number.isNaN(value));
    values += own.length;
    for (const value of own) such += Number(isSuch(value));
  }
  return 2 * such > values;
}

/** Of each column the share of the sample's rows that bring a string of their own: 0 for numbers and dates, near 1 for ids. */
export function stringShares(sample: CsvSample, dialect: CsvDialect, types: readonly ColumnType[]): number[] {
  const columns = dialect.names.map((name, index): LoadColumn => ({ name, index, type: types[index] }));
  const texts = columns.filter(({ type }) => type === "string");
  if (texts.length === 0) return columns.map(() => 0);
  const { parts, rows } = parseSample(sample, dialect, texts);
  return columns.map(({ name }) => {
    const found = parts.map((part) => part.columns[name]).flatMap((column) => (column?.type === "string" ? column.dictionary : []));
    return new Set(found).size / Math.max(1, rows);
  });
}

/** Different values of a column in the samples; 0 where there is no such column. */
export function valuesIn(samples: readonly CsvSample[], dialect: CsvDialect, columns: readonly LoadColumn[], name: string): number {
  const own = columns.filter((column) => column.name === name);
  if (own.length === 0) return 0;
  const parts = columnsOf(parseSamples(samples, dialect, own), name).filter((column) => column !== undefined);
  return new Set(parts.flatMap((column): (string | number)[] => (column.type === "string" ? [...column.dictionary] : [...column.values])))
    .size;
}

type Answer = Omit<CutAnswer, "bytes">;

/** All at once, unless there is a bad row: a parser for each took longer than parsing. No answer where there is no column. */
function parseSamples(samples: readonly CsvSample[], dialect: CsvDialect, columns: readonly LoadColumn[]): Answer[] {
  if (columns.length === 0) return [];
  const together = parseBytes(samples, dialect, columns, false);
  return together.badRows === 0 ? [together] : samples.map((sample) => parseSample(sample, dialect, columns));
}

function parseSample(sample: CsvSample, dialect: CsvDialect, columns: readonly LoadColumn[]): Answer {
  const outside = parseBytes([sample], dialect, columns, false);
  if (!sample.startsMidFile || outside.badRows === 0) return outside;
  const inside = parseBytes([sample], dialect, columns, true);
  return inside.rows > 0 && inside.badRows < outside.badRows ? inside : outside;
}

function parseBytes(samples: readonly CsvSample[], dialect: CsvDialect, columns: readonly LoadColumn[], insideQuotes: boolean): Answer {
  const size = samples.reduce((most, { bytes }) => Math.max(most, bytes.length), 1);
  return withKernels((k) => {
    const options = { dialect, columns, partRows: GUESS_ROWS, portionBytes: size, longestRowBytes: size, isSample: true } as const;
    const parser = new CsvParser(k as CsvKernels, options);
    for (const { key, bytes, startsMidFile } of samples) {
      const before = parser.rows;
      parser.begin({ key, startByte: startsMidFile ? 1 : 0, endByte: Number.POSITIVE_INFINITY, insideQuotes });
      parser.feed(bytes);
      // The last row may be cut off: it counts only when there is no other.
      if (parser.rows === before) parser.finish();
    }
    return parser.answer();
  });
}

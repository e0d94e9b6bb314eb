/** Which rows of some folds a view takes: all but those that it skips, and none that it refuses. */
import type { Codes, Column, NumberColumn, StringColumn, Table } from "../../data/columns.ts";
import { mergeGroups } from "../../data/merge-groups.ts";
import { isKnown } from "../../features/take.ts";
import type { Known, View } from "../../features/view.ts";
import { InputError } from "../../ports/errors.ts";
import { codedNumbers } from "./coded-numbers.ts";
import type { Rows } from "./part.ts";

/** Offsets of the folds' rows that the view does not skip (`handleInvalid: skip`), ascending; a value that it refuses is an InputError. */
export function keptRows(rows: Rows, view: View, folds: readonly number[]): Uint32Array {
  let kept = rowsOf(rows.groups, folds);
  for (const known of view.skipWhere) kept = without(kept, failing(rows.table, known, kept));
  for (const known of view.failWhere ?? []) {
    const [bad] = failing(rows.table, known, kept);
    if (bad !== undefined) throw unusableValue(rows, known.source, known.source, bad);
  }
  return kept;
}

/** Of parts in memory, whose candidates and rounds share them. */
const merged = new WeakMap<Rows["groups"], Map<string, Uint32Array>>();
/** Of a part at most; see `mergedBytes`. */
const MOST_MERGED = 16;

/** What is kept at most beside the groups of a part of so many rows. */
export const mergedBytes = (rows: number, folds: number): number => (folds > 1 ? 4 * rows * Math.min(folds, MOST_MERGED) : 0);

function rowsOf(groups: Rows["groups"], folds: readonly number[]): Uint32Array {
  if (folds.length === 1) return groups[folds[0]];
  const byFolds = merged.get(groups) ?? new Map<string, Uint32Array>();
  merged.set(groups, byFolds);
  const key = folds.join();
  const known = byFolds.get(key);
  if (known !== undefined) return known;
  if (byFolds.size === MOST_MERGED) byFolds.clear();
  const rows = mergeGroups(folds.map((fold) => groups[fold]));
  byFolds.set(key, rows);
  return rows;
}

/** Those of the rows whose value may not pass. */
function failing(table: Table, known: Known, kept: Uint32Array): readonly number[] {
  const column = columnOf(table, known.source);
  const isGood = isKnown(known);
  const bad: number[] = [];
  // Numbers that only must not be missing are not worth their codes.
  const judged = column.type !== "string" && known.known === null ? null : judgedOnce(column, isGood);
  if (judged === null) {
    const { values } = column as NumberColumn;
    for (let i = 0; i < kept.length; i++) if (!isGood(values[kept[i]])) bad.push(kept[i]);
    return bad;
  }
  const { codes, passes, occurring } = judged;
  if (occurring.every((code) => passes[code])) return bad;
  for (let i = 0; i < kept.length; i++) if (!passes[codes[kept[i]]]) bad.push(kept[i]);
  return bad;
}

interface Judged {
  readonly codes: Codes;
  /** By code. */
  readonly passes: readonly boolean[];
  /** Codes that rows have. */
  readonly occurring: readonly number[];
}

/**
 * Each string of the dictionary, or number where few differ, is judged once, and rows are looked at only where one that occurs fails: it took
 * as long as training.
 */
function judgedOnce(column: Column, isGood: (value: string | number | null) => boolean): Judged | null {
  if (column.type === "string")
    return { codes: column.codes, passes: [...column.dictionary, null].map(isGood), occurring: occurring(column) };
  const coded = codedNumbers(column);
  return coded && { codes: coded.codes, passes: Array.from(coded.values, isGood), occurring: [...coded.values.keys()] };
}

const codesFound = new WeakMap<StringColumn, readonly number[]>();

/** Codes that rows of the part have, in ascending order; found once for as long as the column is in memory. */
function occurring(column: StringColumn): readonly number[] {
  const known = codesFound.get(column);
  if (known !== undefined) return known;
  const { codes, dictionary } = column;
  const seen = marked(codes, new Uint8Array(dictionary.length + 1));
  const found = [...seen.keys()].filter((code) => seen[code] === 1);
  codesFound.set(column, found);
  return found;
}

/** A loop of its own, as V8 compiles the whole of a function around it. */
function marked(codes: Codes, seen: Uint8Array): Uint8Array {
  for (let i = 0; i < codes.length; i++) seen[codes[i]] = 1;
  return seen;
}

/** The rows but for some of them, which come in the same order. */
function without(rows: Uint32Array, bad: readonly number[]): Uint32Array {
  if (bad.length === 0) return rows;
  const others = new Uint32Array(rows.length - bad.length);
  copyOthers(rows, bad, others);
  return others;
}

/** A loop: the language's own filter took as long as the rest of a training. */
function copyOthers(rows: Uint32Array, bad: readonly number[], others: Uint32Array): void {
  for (let i = 0, next = 0; i < rows.length; i++) {
    if (rows[i] === bad[next]) next += 1;
    else others[i - next] = rows[i];
  }
}

export function columnOf(table: Table, name: string): Column {
  const column = table.columns[name];
  if (column === undefined) throw new InputError(`column ${name} must be in the data, got ${Object.keys(table.columns).join(", ")}`);
  return column;
}

export function unusableValue(rows: Rows, name: string, sourceName: string, offset: number): InputError {
  const source = columnOf(rows.table, sourceName);
  const value = source.type === "string" ? source.dictionary[source.codes[offset]] : source.values[offset];
  const found = value === undefined || Number.isNaN(value) ? "a missing value" : `"${value}", which training did not see,`;
  const as = name === sourceName ? "" : ` (as ${name})`;
  return new InputError(
    `column ${sourceName}${as} must have a usable value in every row, got ${found} in row ${rows.firstRow + offset}; impute it, or use handleInvalid: keep or skip`,
  );
}

/**
 * Which rows train, in which fold, and which are held out. Every random choice is a hash of (seed, row index) or (seed, group), so a
 * row keeps its side through re-splitting, retries and machines.
 */
import type { Column, Table } from "../../data/columns.ts";
import type { Split } from "../../job/job.ts";
import { hashRow, hashString } from "../../kernels/hash.ts";
import { uint32, withKernels } from "../../kernels/kernels.ts";
import { InputError } from "../../ports/errors.ts";
import { isoDays } from "./iso-days.ts";
import type { Grouped } from "./part.ts";
import { permuted } from "./permutation.ts";

/** Fold of a held-out row, and of a row that neither trains nor tests (no label). Training folds are 0, 1, … */
export const TEST = 255;
export const DROPPED = 254;
const MAX_FOLDS = 254;

/** Rows of the dataset from `firstRow` on, with the columns of `splitColumns` at least. */
export interface SplitPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly table: Table;
}

/** What the part alone does not tell. */
export interface SplitContext {
  /** `path`: row index of the first row of the test files; data files come before all test files. */
  readonly testFirstRow?: number;
  /** `stratify`. */
  readonly strata?: Strata;
}

/** Classes by row of the part, and how many rows `countStrata` finds by class in all parts before this one, and in all parts. */
export interface Strata {
  readonly classes: ArrayLike<number>;
  readonly before: ArrayLike<number>;
  readonly totals: ArrayLike<number>;
}

/** Streams of hashes of one seed; any distinct constants do. */
const stream = { test: 0x7e57, fold: 0xf01d, stratum: 0x57a7a, group: 0x9209 };

/** How many values a hash has. */
const HASHES = 4_294_967_296;

/** Columns that the split reads. */
export function splitColumns(split: Split): string[] {
  const own = split.kind === "column" || split.kind === "after" ? [split.column] : [];
  return split.groupBy === undefined ? own : [...own, split.groupBy];
}

/**
 * Fold of each row of a part: 0 to folds - 1, TEST or DROPPED. `dropped` marks rows to leave out with 1.
 *
 * Stratified, the rows of a class are put in a random order over the whole dataset; the first round(test * n) of them are held out
 * and the others cut into equal folds, so every class has its share to within one row. Otherwise each row (or each group, whole)
 * is drawn on its own, and sizes vary as those of a sample do.
 * A missing value in a column that decides: InputError naming column and row.
 */
export function foldsOf(part: SplitPart, split: Split, folds: number, dropped: Uint8Array | null, context: SplitContext = {}): Uint8Array {
  if (!Number.isInteger(folds) || folds < 1 || folds > MAX_FOLDS) {
    throw new InputError(`tune.folds must be an integer from 1 to ${MAX_FOLDS}, got ${folds}`);
  }
  if (split.stratify && split.groupBy !== undefined) {
    throw new InputError("split.stratify must be left out where split.groupBy is given: a group cannot be divided to balance classes");
  }
  const result = heldOut(part, split, context);
  if (dropped !== null) for (let i = 0; i < result.length; i++) if (dropped[i] !== 0) result[i] = DROPPED;
  if (split.stratify) stratify(result, split, folds, required(context.strata, "strata"));
  else if (folds > 1) {
    const draws = drawRows(part, split, stream.fold);
    for (let i = 0; i < result.length; i++) if (result[i] === 0) result[i] = draws[i] % folds;
  }
  return result;
}

/** Rows that stratification ranks, by class: what `Strata` adds up over the parts. */
export function countStrata(
  part: SplitPart,
  split: Split,
  dropped: Uint8Array | null,
  classes: ArrayLike<number>,
  numberOfClasses: number,
  context: SplitContext = {},
): Float64Array {
  const counts = new Float64Array(numberOfClasses);
  heldOut(part, split, context).forEach((fold, i) => {
    if (fold === 0 && !dropped?.[i]) counts[classes[i]]++;
  });
  return counts;
}

/** Offsets of the rows of each fold, ascending, and last those of the held-out rows. */
export function groupsOf(folds: Uint8Array, count: number): Uint32Array[] {
  const order = [...Array(count).keys(), TEST];
  // Parts of test files, and those without any: most rows of a large dataset, and nothing to look up.
  if (isConstant(folds)) return order.map((fold) => allRows(fold === folds[0] ? folds.length : 0));
  const sizes = new Uint32Array(256);
  for (let i = 0; i < folds.length; i++) sizes[folds[i]]++;
  // The rows of all groups in one array, each group's from where the one before ends; those of no group come last.
  const rows = new Uint32Array(folds.length);
  const next = new Uint32Array(256);
  let filled = 0;
  for (const fold of [...order, ...Array.from({ length: TEST - count }, (_, k) => count + k)]) {
    next[fold] = filled;
    filled += sizes[fold];
  }
  for (let i = 0; i < folds.length; i++) rows[next[folds[i]]++] = i;
  return order.map((fold) => rows.subarray(next[fold] - sizes[fold], next[fold]));
}

/** Whether every byte equals the next. */
const isConstant = (bytes: Uint8Array): boolean => Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;

let ascending = new Uint32Array(0);

/** 0, 1, … n - 1: the same memory for all parts. */
function allRows(n: number): Uint32Array {
  if (ascending.length < n) ascending = Uint32Array.from({ length: n }, (_, i) => i);
  return ascending.subarray(0, n);
}

/** TEST for the held-out rows, 0 for the others; where a share is stratified the test rows are not decided yet. */
function heldOut(part: SplitPart, split: Split, context: SplitContext): Uint8Array {
  const isTest = new Uint8Array(part.rows);
  switch (split.kind) {
    case "none":
      break;
    case "share": {
      if (split.stratify) break;
      const draws = drawRows(part, split, stream.test);
      for (let i = 0; i < part.rows; i++) if (draws[i] < split.test * HASHES) isTest[i] = TEST;
      break;
    }
    case "everyNth":
      for (let i = 0; i < part.rows; i++) if ((part.firstRow + i) % split.n === split.n - 1) isTest[i] = TEST;
      break;
    case "path":
      isTest.fill(TEST, Math.min(part.rows, Math.max(0, required(context.testFirstRow, "testFirstRow") - part.firstRow)));
      break;
    case "column":
      markWhere(isTest, part, split.column, "split.column", isMark);
      break;
    case "after":
      markWhere(isTest, part, split.column, "split.after", isFrom(split.from, columnOf(part, split.column, "split.after")));
      break;
  }
  return isTest;
}

const isMark = (value: number | string): boolean => (typeof value === "number" ? value === 1 : /^(test|true|1)$/i.test(value));

function isFrom(from: string, column: Column): (value: number | string) => boolean {
  if (column.type === "string") return (value) => value >= from;
  const start = column.type === "date" ? isoDays(from) : from.trim() === "" ? Number.NaN : Number(from);
  if (Number.isNaN(start)) {
    throw new InputError(`split.after must be a ${column.type === "date" ? "date such as 2020-01-31" : "number"}, got ${from}`);
  }
  return (value) => (value as number) >= start;
}

function markWhere(isTest: Uint8Array, part: SplitPart, name: string, subject: string, holds: (value: number | string) => boolean): void {
  const marks = mapColumn(part, name, subject, (value) => (holds(value) ? 1 : 0));
  for (let i = 0; i < isTest.length; i++) if (marks[i] === 1) isTest[i] = TEST;
}

/** A uniform uint32 for each row, the same for all rows of a group. */
function drawRows(part: SplitPart, split: Split, streamNumber: number): Uint32Array {
  const seed = hashRow(split.seed, streamNumber);
  if (split.groupBy !== undefined) return mapColumn(part, split.groupBy, "split.groupBy", groupHash(seed));
  return withKernels((k) => {
    const out = k.allocate(4 * part.rows);
    k.hashRows(seed, part.firstRow, part.rows, out);
    return uint32(k, out, part.rows).slice();
  });
}

const found = new WeakMap<Column, Uint32Array>();

/** A hash of the group of each row, by which nothing of the split is drawn; null where rows have no groups. Found once for as long as the column is in memory. */
export function groupHashesOf({ firstRow, table, groupBy }: Pick<Grouped, "firstRow" | "table" | "groupBy">): Uint32Array | null {
  if (groupBy === undefined) return null;
  const column = table.columns[groupBy];
  const known = found.get(column);
  if (known !== undefined) return known;
  const hashes = mapColumn({ firstRow, rows: table.rows, table }, groupBy, "split.groupBy", groupHash(stream.group));
  found.set(column, hashes);
  return hashes;
}

/** Of a group, computed once: the text of a number and its hash cost thirty times a look at what is known. */
function groupHash(seed: number): (group: number | string) => number {
  const known = new Map<number | string, number>();
  return (group) => {
    const before = known.get(group);
    if (before !== undefined) return before;
    const hash = hashString(String(group), seed);
    known.set(group, hash);
    return hash;
  };
}

/** A uint32 for each row from its value, computed once for each string of a dictionary. */
function mapColumn(part: SplitPart, name: string, subject: string, of: (value: number | string) => number): Uint32Array {
  const column = columnOf(part, name, subject);
  const result = new Uint32Array(part.rows);
  const missing = (i: number) =>
    new InputError(`${subject} must have a value in every row, got a missing one in column ${name}, row ${part.firstRow + i}`);
  if (column.type === "string") {
    const byCode = column.dictionary.map(of);
    for (let i = 0; i < part.rows; i++) {
      const code = column.codes[i];
      if (code >= byCode.length) throw missing(i);
      result[i] = byCode[code];
    }
  } else {
    const { values } = column;
    for (let i = 0; i < part.rows; i++) {
      if (Number.isNaN(values[i])) throw missing(i);
      result[i] = of(values[i]);
    }
  }
  return result;
}

function columnOf(part: SplitPart, name: string, subject: string): Column {
  const column = part.table.columns[name];
  if (column === undefined) {
    throw new InputError(`${subject} must name a column, got ${name}; there are ${Object.keys(part.table.columns).join(", ")}`);
  }
  return column;
}

function stratify(result: Uint8Array, split: Split, folds: number, { classes, before, totals }: Strata): void {
  const seen = Float64Array.from(before);
  const seeds = Array.from(totals, (_, k) => hashRow(hashRow(split.seed, stream.stratum), k));
  for (let i = 0; i < result.length; i++) {
    if (result[i] !== 0) continue;
    const k = classes[i];
    const total = totals[k];
    const place = permuted(seen[k]++, total, seeds[k]);
    const test = split.kind === "share" ? Math.round(split.test * total) : 0;
    result[i] = place < test ? TEST : Math.floor(((place - test) * folds) / (total - test));
  }
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the split must be given ${name}`);
  return value;
}

/**
 * What fitting asks of the columns of the dataset and how a part answers. Every feature is a function of one column, so moments and
 * counts of the dataset's own columns are enough to fit any chain of stages; encoded values need never be computed for it.
 */
import { type Column, type NumberColumn, storedNumbers, type Table } from "../data/columns.ts";
import { mergeGroups } from "../data/merge-groups.ts";
import { float64, withKernels } from "../kernels/kernels.ts";
import { InputError } from "../ports/errors.ts";
import { addCodes, type Counts, countCodes, emptyCounts, mergeCounts } from "../statistics/counts.ts";
import { addMoments, emptyMoments, type Moments, mergeMoments } from "../statistics/moments.ts";
import { addSorted, emptyOrder, mergeOrder, type OrderCounts } from "../statistics/order.ts";
import { remember } from "./remember.ts";

/** A column, in the rows where the `present` columns have a value too (rows that an earlier stage skips are not fitted on). */
export interface Target {
  readonly source: string;
  readonly present: readonly string[];
}

/** Strings to count, exactly up to `limit` distinct ones. */
interface StringTarget extends Target {
  readonly limit: number;
}

/** Numbers from `from` to `to` inclusive, among which a median is sought. */
export interface RangeTarget extends Target {
  readonly from: number;
  readonly to: number;
}

export interface FitAsk {
  readonly folds: number;
  readonly moments: readonly Target[];
  readonly strings: readonly StringTarget[];
  /** Numbers to count one by one, because they are categories or a mode is sought. */
  readonly numbers: readonly Target[];
  readonly ranges: readonly RangeTarget[];
}

/**
 * Moments are rounded, and which of many strings are kept depends on the order of adding: every fit has those of its own rows, so that
 * it is the fit of these rows alone to the last bit. Counts of numbers are exact, so fits merge those of their folds.
 */
export interface FitStatistic {
  /** By fit; a column for each target. */
  readonly moments: readonly Moments[];
  /** By target, then by fit. */
  readonly strings: readonly (readonly Counts[])[];
  /** By target, then by fold. */
  readonly numbers: readonly (readonly OrderCounts[])[];
  readonly ranges: readonly (readonly OrderCounts[])[];
}

/** The folds whose rows each fit sees: all but fold 0, all but fold 1, …, and last all. With one group of rows there is nothing to hold out. */
export function foldsOfFits(folds: number): number[][] {
  const all = Array.from({ length: folds }, (_, fold) => fold);
  return folds === 1 ? [all] : [...all.map((out) => all.filter((fold) => fold !== out)), all];
}

/** Distinct values of a column that is used as a category; more would not fit a view that every function holds. */
export const MAX_LEVELS = 1_000_000;
/** Keys of a median's count, 128 KiB a fold: two rounds for most columns of up to some ten million rows, never more than five. */
const MEDIAN_KEYS = 8_192;

/** The same text for the same target: wide tables have too many of them to compare each with each. */
export const targetKey = ({ source, present }: Target): string => JSON.stringify([source, ...present]);

/** What a fit round sees of a part. */
export interface FeaturePart {
  readonly table: Table;
  /** Row offsets within the part of each fold, in ascending order. */
  readonly groups: readonly Uint32Array[];
}

export function emptyFit(ask: FitAsk): FitStatistic {
  const byFold = <T>(make: () => T): T[] => Array.from({ length: ask.folds }, make);
  const byFit = <T>(make: () => T): T[] => foldsOfFits(ask.folds).map(make);
  return {
    moments: byFit(() => emptyMoments(ask.moments.length)),
    strings: ask.strings.map(({ limit }) => byFit(() => emptyCounts(limit))),
    numbers: ask.numbers.map(() => byFold(() => emptyOrder(MAX_LEVELS))),
    ranges: ask.ranges.map(() => byFold(() => emptyOrder(MEDIAN_KEYS))),
  };
}

export function mapFit(into: FitStatistic, part: FeaturePart, ask: FitAsk): void {
  const { numbersOf, float64Of, codesOf, rowsOf, fitRowsOf } = readerOf(part);
  ask.moments.forEach((target, j) => {
    const values = storedNumbers(numbersOf(target.source));
    fitRowsOf(target.present).forEach((rows, fit) => {
      addMoments(into.moments[fit], j, values, rows);
    });
  });
  ask.strings.forEach((target, j) => {
    const { codes, dictionary } = codesOf(target.source);
    const byFold = rowsOf(target.present).map((rows) => countCodes(codes, rows, new Float64Array(dictionary.length + 1)));
    foldsOfFits(ask.folds).forEach((folds, fit) => {
      addCodes(into.strings[j][fit], sumOf(folds.map((fold) => byFold[fold])), dictionary);
    });
  });
  const every = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const numbers = [...ask.numbers.map((target) => ({ ...target, ...every })), ...ask.ranges];
  [...into.numbers, ...into.ranges].forEach((byFold, j) => {
    const values = float64Of(numbers[j].source);
    rowsOf(numbers[j].present).forEach((rows, fold) => {
      addNumbers(byFold[fold], values, rows, numbers[j]);
    });
  });
}

function sumOf([first, ...others]: readonly Float64Array[]): Float64Array {
  const sum = first.slice();
  for (const other of others) for (let i = 0; i < sum.length; i++) sum[i] += other[i];
  return sum;
}

export function mergeFit(into: FitStatistic, other: FitStatistic): void {
  into.moments.forEach((moments, fit) => {
    mergeMoments(moments, other.moments[fit]);
  });
  into.strings.forEach((byFit, j) => {
    byFit.forEach((counts, fit) => {
      mergeCounts(counts, other.strings[j][fit]);
    });
  });
  const others = [...other.numbers, ...other.ranges];
  [...into.numbers, ...into.ranges].forEach((byFold, j) => {
    byFold.forEach((order, fold) => {
      mergeOrder(order, others[j][fold]);
    });
  });
}

function addNumbers(into: OrderCounts, values: Float64Array, rows: Uint32Array, range: RangeTarget): void {
  const sorted = withKernels((k) => {
    const [address, scratch] = [k.claim(8 * rows.length), k.claim(8 * rows.length)];
    const n = copyWithin(values, rows, range, float64(k, address, rows.length));
    k.sort(address, n, scratch);
    return float64(k, address, n).slice();
  });
  addSorted(into, sorted);
}

/** A loop of its own, as V8 compiles the whole of a function around it. */
function copyWithin(values: Float64Array, rows: Uint32Array, { from, to }: RangeTarget, kept: Float64Array): number {
  let n = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]];
    if (value >= from && value <= to) kept[n++] = value;
  }
  return n;
}

/** The part's columns and rows in the one form that the loops take, each made once: a loop over one storage type stays fast. */
function readerOf({ table, groups }: FeaturePart) {
  const column = (name: string): Column => {
    const found = table.columns[name];
    if (found === undefined)
      throw new InputError(`column ${name} must be in every part of the data, got ${Object.keys(table.columns).join(", ")}`);
    return found;
  };
  const numbersOf = (name: string): NumberColumn => {
    const found = column(name);
    if (found.type === "string") throw new InputError(`column ${name} must hold numbers, got strings`);
    return found;
  };
  const float64Of = remember((name) => {
    const { values } = numbersOf(name);
    return values instanceof Float64Array ? values : new Float64Array(values);
  });
  const codesOf = remember((name) => {
    const found = column(name);
    if (found.type !== "string") throw new InputError(`column ${name} must hold strings, got numbers`);
    return { codes: new Uint32Array(found.codes), dictionary: found.dictionary };
  });
  const hasValue = (name: string): ((row: number) => boolean) => {
    if (column(name).type === "string") {
      const { codes, dictionary } = codesOf(name);
      return (row) => codes[row] < dictionary.length;
    }
    const values = float64Of(name);
    return (row) => !Number.isNaN(values[row]);
  };
  const filtered = remember((names) =>
    (JSON.parse(names) as string[]).reduce((kept, name) => kept.map((rows) => rows.filter(hasValue(name))), groups),
  );
  const ofFits = remember((names) => {
    const byFold = filtered(names);
    return foldsOfFits(groups.length).map((folds) => mergeGroups(folds.map((fold) => byFold[fold])));
  });
  return {
    numbersOf,
    float64Of,
    codesOf,
    rowsOf: (present: readonly string[]) => filtered(JSON.stringify(present)),
    fitRowsOf: (present: readonly string[]) => ofFits(JSON.stringify(present)),
  };
}

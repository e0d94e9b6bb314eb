/** Gathers a profile in the round that fits the features: what their statistics say already is not asked again. */
import { type ColumnType, type NumberColumn, type NumberValues, type StringColumn, storedNumbers, type Table } from "../data/columns.ts";
import { type FitAsk, type FitStatistic, foldsOfFits } from "../features/fit.ts";
import { type Decimals, decimalsAt } from "../kernels/decimals.ts";
import { ascending, mergeAscending } from "../statistics/ascending.ts";
import { addCounts, type Counts, emptyCounts, mergeCounts } from "../statistics/counts.ts";
import { addMoments, emptyMoments, type Moments, mergeMoments, type Summary, summaryOf } from "../statistics/moments.ts";
import { numberProfile, type Profile, textProfile } from "./profile.ts";
import { rowsInGroups, sampledRows } from "./sample.ts";

/** Rows that are sampled, of which some are held out; and values of a sample at most, 16 MiB of them. */
const SAMPLE_ROWS = 20_000;
const SAMPLE_VALUES = 2 ** 21;
/** Strings counted of a column that no feature counts. */
const COUNTED_STRINGS = 4_096;

export interface ProfileAsk {
  /** Rows of the dataset, and of the sample. */
  readonly rows: number;
  readonly sampled: number;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Number columns whose moments no feature asks for; string columns whose counts none does. */
  readonly moments: readonly string[];
  readonly strings: readonly string[];
}

/** All of the sampled rows: moments of one more column would cost a scan of all rows half of what a feature's do. */
export interface ProfileStatistic {
  readonly moments: Moments;
  readonly strings: readonly Counts[];
  /** Values of the sampled rows, by number column, ascending: sorted where parts are mapped, since training waits for what follows. */
  readonly samples: Float64Array[];
}

const isNumber = ({ type }: { readonly type: ColumnType }): boolean => type !== "string";

/** `features` is the first question of the features, null where there is none. */
export function askProfile(rows: number, columns: ProfileAsk["columns"], features: FitAsk | null): ProfileAsk {
  const asked = (targets: FitAsk["moments"] = []) => targets.flatMap(({ source, present }) => (present.length === 0 ? [source] : []));
  const [moments, strings] = [asked(features?.moments), asked(features?.strings)];
  const names = (wanted: boolean, known: readonly string[]): string[] =>
    columns.filter((column) => isNumber(column) === wanted && !known.includes(column.name)).map(({ name }) => name);
  const numbers = columns.filter(isNumber).length;
  const sampled = Math.max(200, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / Math.max(1, numbers))));
  return { rows, sampled, columns, moments: names(true, moments), strings: names(false, strings) };
}

export const emptyProfile = ({ columns, moments, strings }: ProfileAsk): ProfileStatistic => ({
  moments: emptyMoments(moments.length),
  strings: strings.map(() => emptyCounts(COUNTED_STRINGS)),
  samples: columns.filter(isNumber).map(() => new Float64Array(0)),
});

/** Adds a part whose rows of the training are in `groups`. */
export function mapProfile(into: ProfileStatistic, table: Table, firstRow: number, groups: readonly Uint32Array[], ask: ProfileAsk): void {
  const rows = rowsInGroups(sampledRows(firstRow, table.rows, ask.rows, ask.sampled), groups);
  const every = Uint32Array.from(rows.keys());
  ask.strings.forEach((name, j) => {
    const { codes, dictionary } = table.columns[name] as StringColumn;
    addCounts(
      into.strings[j],
      Uint32Array.from(rows, (row) => codes[row]),
      dictionary,
      every,
    );
  });
  ask.columns.filter(isNumber).forEach(({ name }, j) => {
    const picked = valuesAt(storedNumbers(table.columns[name] as NumberColumn), rows);
    const moments = ask.moments.indexOf(name);
    if (moments >= 0) addMoments(into.moments, moments, picked, every);
    into.samples[j] = mergeAscending(into.samples[j], ascending(withoutMissing(picked)));
  });
}

export function mergeProfile(into: ProfileStatistic, other: ProfileStatistic): void {
  mergeMoments(into.moments, other.moments);
  into.strings.forEach((counts, j) => {
    mergeCounts(counts, other.strings[j]);
  });
  other.samples.forEach((sample, j) => {
    into.samples[j] = mergeAscending(into.samples[j], sample);
  });
}

/** A loop: with a function for each value it was a twentieth of a training. */
function valuesAt(values: NumberValues | Decimals, rows: Uint32Array): Float64Array {
  if ("whole" in values) return decimalsAt(values, rows);
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

function withoutMissing(values: Float64Array): Float64Array {
  const known = new Float64Array(values.length);
  return known.subarray(0, copyKnown(values, known));
}

/** By itself: code that is compiled while a loop runs is thrown away where its function goes on after it. */
function copyKnown(values: Float64Array, known: Float64Array): number {
  let n = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) known[n++] = values[i];
  return n;
}

/** The profile of `rows` training rows. `features` are the question and the answer of the features in the same round. */
export function finishProfile(
  found: ProfileStatistic,
  ask: ProfileAsk,
  features: { readonly ask: FitAsk; readonly found: FitStatistic } | null,
  rows: number,
): Profile {
  // The fit on all training rows.
  const last = ({ folds }: FitAsk): number => foldsOfFits(folds).length - 1;
  const place = (targets: FitAsk["moments"], name: string): number =>
    targets.findIndex(({ source, present }) => source === name && present.length === 0);
  const summary = (name: string): Summary => {
    const own = ask.moments.indexOf(name);
    if (own >= 0 || features === null) return summaryOf(found.moments, own);
    return summaryOf(features.found.moments[last(features.ask)], place(features.ask.moments, name));
  };
  const counts = (name: string): Counts => {
    const own = ask.strings.indexOf(name);
    if (own >= 0 || features === null) return found.strings[own];
    return features.found.strings[place(features.ask.strings, name)][last(features.ask)];
  };
  const numbers = ask.columns.filter(isNumber).map(({ name }) => name);
  return {
    rows,
    columns: ask.columns.map(({ name, type }) =>
      type === "string" ? textProfile(name, counts(name)) : numberProfile(name, type, summary(name), found.samples[numbers.indexOf(name)]),
    ),
  };
}

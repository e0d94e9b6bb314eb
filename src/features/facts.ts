/** What the training rows of one fit say about the columns: its statistics, as the stages want to see them. */
import { BudgetError, InputError } from "../ports/errors.ts";
import { type Counts, distinct } from "../statistics/counts.ts";
import { addMoments, emptyMoments, type Summary, summaryOf } from "../statistics/moments.ts";
import { emptyOrder, mergeOrder, numbersOf } from "../statistics/order.ts";
import { summaryAfter } from "./expression.ts";
import type { FrameColumn, Trace } from "./frame.ts";
import { type FitAsk, type FitStatistic, foldsOfFits, MAX_LEVELS, type Target, targetKey } from "./survey.ts";
import { takeNumber, takeString } from "./take.ts";
import type { ViewColumn } from "./view.ts";

/** Values of a dataset column as text and their rows. */
export interface Levels {
  readonly texts: readonly string[];
  readonly counts: readonly number[];
  readonly missing: number;
}

/** Distinct numbers of a dataset column, ascending, and their rows. */
interface Numbers {
  readonly values: readonly number[];
  readonly counts: Float64Array;
}

export interface Facts {
  /** Moments of an encoded column of `column`; InputError where it holds infinite numbers. */
  moments(column: FrameColumn, encoded: ViewColumn): Summary;
  /** Of a number column: the number of rank ceil(n / 2); NaN when there is none. */
  median(column: FrameColumn, encoded: ViewColumn): number;
  /** Of a number column: the most frequent number, the smallest of several; NaN when there is none. */
  mode(column: FrameColumn, encoded: ViewColumn): number;
  /** Values of the source column: strings in ascending order, numbers too. BudgetError beyond a million. */
  levels(column: Trace): Levels;
  /** Counts of a string column, those of a sample of its strings when they are many. */
  sample(source: string): Counts;
}

/** `present` are the columns whose missing values earlier stages skip; `medians` the medians of the ask's ranges. */
export function factsOf(ask: FitAsk, found: FitStatistic, fit: number, medians: readonly number[], present: readonly string[]): Facts {
  const placesOf = (targets: readonly Target[]): ((source: string) => number) => {
    const places = new Map(targets.map((target, place) => [targetKey(target), place]));
    return (source) => places.get(targetKey({ source, present })) ?? -1;
  };
  const [momentsAt, stringsAt, numbersAt, rangesAt] = [ask.moments, ask.strings, ask.numbers, ask.ranges].map(placesOf);
  const moments = (source: string): Summary => summaryOf(found.moments[fit], momentsAt(source));
  const strings = (source: string): Counts => found.strings[stringsAt(source)][fit];
  const stringLevels = (source: string): Levels => {
    const counts = strings(source);
    if (counts.level > 0) throw tooMany(source, `about ${distinct(counts)}`);
    return { texts: counts.keys, counts: counts.counts, missing: counts.missing };
  };
  const numbers = (source: string): Numbers => {
    const j = numbersAt(source);
    const merged = emptyOrder(MAX_LEVELS);
    for (const fold of foldsOfFits(ask.folds)[fit]) mergeOrder(merged, found.numbers[j][fold]);
    const values = numbersOf(merged);
    if (values === null) throw tooMany(source, "more");
    return { values, counts: merged.counts };
  };
  const numberLevels = (source: string): Levels => {
    const { values, counts } = numbers(source);
    return { texts: values.map(String), counts: Array.from(counts), missing: moments(source).missing };
  };
  const known = new Map<string, Levels>();
  const levels = ({ source, sourceType }: Trace): Levels => {
    const merged = known.get(source) ?? (sourceType === "string" ? stringLevels(source) : numberLevels(source));
    known.set(source, merged);
    return merged;
  };

  return {
    levels,
    sample: strings,
    moments: (column, encoded) => {
      const rawSummary = column.kind === "number" ? moments(column.source) : summaryOfLevels(column, encoded, levels(column));
      const summary = summaryAfter(encoded, rawSummary);
      if (summary.weight > 0 && !(Number.isFinite(summary.mean) && Number.isFinite(summary.m2))) {
        throw new InputError(
          `column ${column.source} must hold finite numbers up to about 1e150, got ${rawSummary.min} to ${rawSummary.max}`,
        );
      }
      return summary;
    },
    median: (column, encoded) => (medians[rangesAt(column.source)] - encoded.shift) * encoded.scale,
    mode: (column, encoded) => (mostFrequent(numbers(column.source)) - encoded.shift) * encoded.scale,
  };
}

function tooMany(source: string, found: string): BudgetError {
  return new BudgetError(
    `column ${source} must have at most ${MAX_LEVELS} distinct values to be a category, got ${found}; exclude it, or leave features out to have it hashed`,
  );
}

/** Moments of the raw numbers that an encoded column takes from the source's levels. */
function summaryOfLevels({ sourceType }: Trace, { take }: ViewColumn, { texts, counts, missing }: Levels): Summary {
  const [ofText, ofNumber] = [takeString(take), takeNumber(take)];
  const raw = (text: string | null): number =>
    sourceType === "string" ? ofText(text) : ofNumber(text === null ? Number.NaN : Number(text));
  const moments = emptyMoments(1);
  const numbers = Float64Array.from([...texts.map(raw), raw(null)]);
  addMoments(moments, 0, numbers, Uint32Array.from(numbers.keys()), Float64Array.from([...counts, missing]));
  return { ...summaryOf(moments, 0), missing: Number.isNaN(raw(null)) ? missing : 0 };
}

function mostFrequent({ values, counts }: Numbers): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (counts[i] > counts[best]) best = i;
  return values.length === 0 ? Number.NaN : values[best];
}

/** Which setting of a search is best, and the table that shows why. */
import { largerIsBetter, type Metric } from "../evaluation/names.ts";
import { NumericError } from "../ports/errors.ts";
import type { Search } from "./candidates.ts";
import type { Setting } from "./search.ts";

/** A metric by fold; null where the fold's rows leave it undefined. */
export type FoldValues = readonly (number | null)[];

interface FoldSummary {
  readonly values: FoldValues;
  /** Mean over the folds, each counting the same whatever its size, as Spark; null when any fold is. */
  readonly mean: number | null;
  /** Sample standard deviation over the folds; null for one fold and where the mean is null. */
  readonly standardDeviation: number | null;
}

export interface Selection {
  readonly metric: Metric;
  /** Index into `Search.settings`; the first of equally good ones. */
  readonly winner: number;
  /** One row for each setting asked, in that order; settings of equal effect show the same numbers. */
  readonly table: readonly ({ readonly params: Setting; readonly setting: number } & FoldSummary)[];
  /** The constant prediction on the same folds. */
  readonly baseline: FoldSummary;
}

/**
 * `results` holds the metric by setting (of `Search.settings`) and fold, `baseline` that of the constant prediction by fold.
 * A setting without a mean cannot win; when none has one: NumericError.
 */
export function select(search: Search, metric: Metric, results: readonly FoldValues[], baseline: FoldValues): Selection {
  const summaries = search.settings.map((_, setting) => summarise(results[setting], search.folds, `setting ${setting}`));
  let winner = -1;
  summaries.forEach(({ mean }, setting) => {
    if (mean !== null && (winner < 0 || isBetter(metric, mean, summaries[winner].mean as number))) winner = setting;
  });
  if (winner < 0) {
    throw new NumericError(
      `${metric} must be defined on every fold for one setting at least, got none; fewer folds or split.stratify may help`,
    );
  }
  return {
    metric,
    winner,
    table: search.asked.map((params, i) => ({ params, setting: search.settingOf[i], ...summaries[search.settingOf[i]] })),
    baseline: summarise(baseline, search.folds, "the baseline"),
  };
}

const isBetter = (metric: Metric, a: number, b: number): boolean => (largerIsBetter(metric) ? a > b : a < b);

function summarise(values: FoldValues | undefined, folds: number, subject: string): FoldSummary {
  if (values?.length !== folds) throw new Error(`${subject} must have a result for each of ${folds} folds, got ${values?.length ?? 0}`);
  const known = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
  if (known.length < folds) return { values, mean: null, standardDeviation: null };
  const mean = known.reduce((a, b) => a + b, 0) / folds;
  const squares = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { values, mean, standardDeviation: folds > 1 ? Math.sqrt(squares / (folds - 1)) : null };
}

/** What a run will take, told before it starts: rounds from the learner's own cost, seconds from measured throughput. */
import type { Cost } from "../learners/learner.ts";
import type { Plan } from "./plan.ts";
import {
  CSV_BYTES_PER_SECOND,
  ENCODED_VALUES_PER_SECOND,
  FITTED_VALUES_PER_SECOND,
  FLOPS_PER_SECOND,
  JUDGED_ROWS_PER_SECOND,
  PARQUET_BYTES_PER_SECOND,
  ROUND_SECONDS,
  START_SECONDS,
} from "./throughput.ts";

/** What a sample of the data tells beyond the plan. */
export interface Expectation {
  /** About. */
  readonly rows: number;
  /** Encoded columns, about. */
  readonly columns: number;
  /** Of one candidate. */
  readonly cost: Cost;
  /** Settings that differ, and folds; 1 and 1 without a search. */
  readonly settings: number;
  readonly folds: number;
  /** All candidates of a search are trained and judged from the same statistics. */
  readonly sharesStatistics: boolean;
  /** The dataset is there from an earlier run. */
  readonly loaded: boolean;
}

export interface Forecast {
  /** By phase, in the order of the run. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Trained together in the search; 1 without one. */
  readonly candidates: number;
  /** Work is shared by all threads evenly. */
  readonly seconds: number;
}

export function forecast(plan: Plan, expected: Expectation): Forecast {
  const { cost, settings, folds, sharesStatistics, loaded } = expected;
  const searches = folds > 1;
  const rounds = {
    ...(!loaded && { load: 1 }),
    fit: 1,
    ...(searches && { search: cost.rounds }),
    ...(searches && !sharesStatistics && { judge: 1 }),
    train: cost.rounds,
    evaluate: 1,
  };
  const all = Object.values(rounds).reduce((sum, n) => sum + n, 0);
  const threads = plan.functions.count * plan.functions.threads;
  return { rounds, candidates: settings * folds, seconds: START_SECONDS + all * ROUND_SECONDS + workSeconds(plan, expected) / threads };
}

/** Of one thread. Every round counts as one over all rows, which those over a sample are not. */
function workSeconds({ source }: Plan, { rows, columns, cost, settings, folds, sharesStatistics, loaded }: Expectation): number {
  const load = loaded ? 0 : source.bytes / (source.format === "csv" ? CSV_BYTES_PER_SECOND : PARQUET_BYTES_PER_SECOND);
  const fit = (rows * source.columns.length) / FITTED_VALUES_PER_SECOND;
  const encode = (rows * columns) / ENCODED_VALUES_PER_SECOND;
  const train = (cost.rounds * rows * cost.flopsPerRow) / FLOPS_PER_SECOND;
  const evaluate = rows / JUDGED_ROWS_PER_SECOND;
  return load + fit + encode + train + evaluate + (folds > 1 ? searchSeconds() : 0);

  /** A candidate sees all folds but its own, and is judged on that one. Each fold has features, and so an encoding, of its own. */
  function searchSeconds(): number {
    if (sharesStatistics) return encode * folds + train;
    return 2 * encode * folds + settings * (folds - 1) * train + settings * evaluate;
  }
}

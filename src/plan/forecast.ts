/** What a run will take, told before it starts: rounds from the learner's own cost, seconds from measured throughput and the place's latencies. */
import type { Cost } from "../learners/learner.ts";
import type { Place, Spread } from "./place.ts";
import type { Plan } from "./plan.ts";
import { ROUND_SECONDS, START_SECONDS } from "./throughput.ts";
import { workOf } from "./work.ts";

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
  /** Of a round over all parts. */
  readonly tasks: number;
  readonly groups: number;
}

export interface Forecast {
  /** By phase, in the order of the run. */
  readonly rounds: Readonly<Record<string, number>>;
  /** Trained together in the search; 1 without one. */
  readonly candidates: number;
  /** Work is shared by all threads evenly. */
  readonly seconds: number;
  /** Of them those in which functions work, and those that rounds cost besides. */
  readonly workSeconds: number;
  readonly betweenSeconds: number;
  readonly spread: Spread;
  /** Bytes of the dataset, and of what a run reads of it again because memory does not hold it. */
  readonly datasetBytes: number;
  readonly readAgainBytes: number;
}

/** This machine: files, and functions that share its memory. */
export const HERE: Place = {
  startSeconds: START_SECONDS,
  speed: ({ threads }) => threads,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  roundSeconds: () => ROUND_SECONDS,
};

export function forecast(plan: Plan, expected: Expectation, place: Place = HERE): Forecast {
  const { functions, source, memory } = plan;
  const { rows, cost, settings, folds, sharesStatistics, loaded, tasks, groups } = expected;
  const searches = folds > 1;
  // Ranges are asked after the parts.
  const training = memory.ranges > 1 ? 2 * cost.rounds : cost.rounds;
  const rounds = {
    ...(!loaded && { load: 1 }),
    fit: 1,
    ...(searches && { search: training }),
    ...(searches && !sharesStatistics && { judge: 1 }),
    train: training,
    evaluate: 1,
  };
  const all = Object.values(rounds).reduce((sum, n) => sum + n, 0);
  const spread: Spread = { functions, tasks, groups, statisticBytes: memory.statisticBytes };
  // Numbers take eight bytes of a dataset as a rule.
  const datasetBytes = rows * source.columns.length * 8;
  const keptBytes = functions.count * memory.cacheBytes;
  const readAgainBytes = datasetBytes > keptBytes ? (all - (loaded ? 0 : 1)) * (datasetBytes - keptBytes) : 0;
  // More tasks than may run at a time come in turns.
  const atOnce = Math.min(spread.tasks, functions.atOnce ?? spread.tasks);
  const speed = atOnce * place.speed(functions);
  const bytesPerSecond = atOnce * place.bytesPerSecond;
  // The source is read ahead while it is parsed.
  const parsing = source.bytes * workOf(source, 0, cost).load;
  const waiting = loaded ? 0 : Math.max(0, source.bytes / bytesPerSecond - parsing / speed);
  const workSeconds = threadSeconds(plan, expected) / speed + waiting + (datasetBytes + readAgainBytes) / bytesPerSecond;
  const betweenSeconds = place.startSeconds + all * place.roundSeconds(spread);
  return {
    rounds,
    candidates: settings * folds,
    seconds: workSeconds + betweenSeconds,
    workSeconds,
    betweenSeconds,
    spread,
    datasetBytes,
    readAgainBytes,
  };
}

/** Of one thread. Every round counts as one over all rows, which those over a sample are not. */
function threadSeconds({ source }: Plan, { rows, columns, cost, settings, folds, sharesStatistics, loaded }: Expectation): number {
  const work = workOf(source, columns, cost);
  const load = loaded ? 0 : source.bytes * work.load;
  const [fit, encode, evaluate] = [rows * work.fit, rows * work.encode, rows * work.evaluate];
  const train = cost.rounds * rows * work.train;
  return load + fit + encode + train + evaluate + (folds > 1 ? searchSeconds() : 0);

  /** A candidate sees all folds but its own, and is judged on that one. Each fold has features, and so an encoding, of its own. */
  function searchSeconds(): number {
    if (sharesStatistics) return encode * folds + train;
    return 2 * encode * folds + settings * (folds - 1) * train + settings * evaluate;
  }
}

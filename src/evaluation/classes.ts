/** What binary and multiclass evaluation share: the statistic, log-loss and means over classes. */
import { kernels } from "../kernels/kernels.ts";
import {
  addToConfusion,
  allCells,
  type ClassRates,
  type Confusion,
  classRates,
  emptyConfusion,
  mergeConfusion,
  mostConfused,
  predictedWeights,
  totalWeight,
  truthWeights,
} from "../statistics/confusion.ts";
import { mergeBins, poolBins, type ScoreBins } from "../statistics/score-bins.ts";
import { mergeScores, poolScores, type Scores } from "../statistics/scores.ts";
import type { Evaluated, EvaluationAsk } from "./evaluation.ts";

export interface ClassStatistic {
  readonly task: "binary" | "multiclass";
  rows: number;
  readonly confusion: Confusion;
  /** Sum of w times -log(probability of the true class), where asked. */
  logLoss: number;
  /** Probabilities of class 1 by class, where a curve is asked. */
  readonly scores: Scores | null;
  /** The same where they are counted in bins. */
  readonly bins: ScoreBins | null;
}

export const emptyClasses = (
  task: ClassStatistic["task"],
  classes: number,
  scores: Scores | null,
  bins: ScoreBins | null = null,
): ClassStatistic => ({ task, rows: 0, confusion: emptyConfusion(classes), logLoss: 0, scores, bins });

export function mergeClasses(into: ClassStatistic, other: ClassStatistic): void {
  into.rows += other.rows;
  into.logLoss += other.logLoss;
  mergeConfusion(into.confusion, other.confusion);
  if (into.scores !== null && other.scores !== null) mergeScores(into.scores, other.scores);
  if (into.bins !== null && other.bins !== null) mergeBins(into.bins, other.bins);
}

/** Moves to the first what adds up to the same in any order. */
export function poolClasses(statistics: readonly ClassStatistic[]): void {
  const scores = statistics.flatMap((own) => own.scores ?? []);
  if (scores.length > 0) poolScores(scores);
  const [first, ...others] = statistics.flatMap((own) => own.bins ?? []);
  for (const other of others) poolBins(first, other);
}

/** Spark clips probabilities to [1e-15, 1 - 1e-15], so that one wrong certainty costs 34.5 and not infinity. */
const CLIP = 1e-15;

export const clipped = (probability: number): number => Math.min(Math.max(probability, CLIP), 1 - CLIP);

/** -log of the probability of the true class. */
const logLoss = (probability: number): number => -kernels().log(clipped(probability));

/** Means over the classes, weighted by their rows, as Spark's weightedPrecision and kin; null without rows. */
export function weightedMean(rates: readonly ClassRates[], of: (rates: ClassRates) => number | null): number | null {
  let sum = 0;
  let weight = 0;
  for (const rate of rates) {
    if (rate.support === 0) continue;
    sum += rate.support * (of(rate) ?? 0);
    weight += rate.support;
  }
  return weight > 0 ? sum / weight : null;
}

export const meanLogLoss = ({ confusion, logLoss }: ClassStatistic): number | null => {
  const weight = totalWeight(confusion);
  return weight > 0 ? logLoss / weight : null;
};

/**
 * The statistic of a constant prediction: always the largest class of the training rows, with their shares as probabilities.
 * Of equal shares the first wins.
 */
export function constantClasses(statistic: ClassStatistic, ask: EvaluationAsk, scores: Scores | null): ClassStatistic {
  const truth = truthWeights(statistic.confusion);
  const constant = emptyClasses(statistic.task, truth.length, scores);
  const largest = ask.baseline.indexOf(Math.max(...ask.baseline));
  addToConfusion(constant.confusion, Float64Array.from(truth.keys()), new Uint32Array(truth.length).fill(largest), truth, truth.length);
  truth.forEach((weight, k) => {
    constant.logLoss += weight * logLoss(ask.baseline[k]);
  });
  constant.rows = statistic.rows;
  return constant;
}

/** More classes make a matrix that nobody reads, and of thousands one that nobody can load. */
const MATRIX_CLASSES = 100;
/** Pairs of classes that are told. */
const CONFUSED_PAIRS = 1_000;

/** Everything of the result but the metrics themselves. */
export function describeClasses(
  { task, rows, confusion }: ClassStatistic,
  { classes: names }: EvaluationAsk,
): Pick<Evaluated, "rows" | "confusion" | "mostConfused" | "byClass"> {
  const { classes } = confusion;
  return {
    rows,
    ...(classes <= MATRIX_CLASSES && { confusion: matrixOf(confusion) }),
    ...(task === "multiclass" && {
      mostConfused: mostConfused(confusion, CONFUSED_PAIRS).map(({ truth, predicted, weight }) => ({
        truth: names[truth],
        predicted: names[predicted],
        weight,
      })),
    }),
    byClass: classRates(confusion).map((rates, k) => ({ name: names[k], ...rates })),
  };
}

function matrixOf(confusion: Confusion): number[][] {
  const { classes } = confusion;
  const all = allCells(confusion);
  return Array.from({ length: classes }, (_, k) => Array.from(all.subarray(k * classes, (k + 1) * classes)));
}

/** So many classes have a warning each; of more one tells how many there are. */
const WARNED_CLASSES = 10;

/** Why metrics are null: no rows at all, or a class that no row has. */
export function classWarnings({ confusion }: ClassStatistic, ask: EvaluationAsk, metrics: Evaluated["metrics"]): string[] {
  const truth = truthWeights(confusion);
  const predicted = predictedWeights(confusion);
  if (truth.every((weight) => weight === 0)) return ["no metric is defined: there are no held-out rows with a weight above 0"];
  const undefinedNames = Object.keys(metrics).filter((name) => metrics[name] === null);
  const rule = undefinedNames.length > 0 ? `${undefinedNames.join(", ")} not defined: ` : "";
  const absent = ask.classes.filter((_, k) => truth[k] === 0);
  const missed = ask.classes.filter((_, k) => truth[k] > 0 && predicted[k] === 0);
  return [
    ...(absent.length > WARNED_CLASSES
      ? [`${rule}no held-out row is of ${absent.length} of the ${ask.classes.length} classes: ${firstOf(absent)}`]
      : absent.map((name) => `${rule}no held-out row is of class ${name}`)),
    ...(missed.length > WARNED_CLASSES
      ? [`${missed.length} of the ${ask.classes.length} classes are never predicted, their precision counts as 0: ${firstOf(missed)}`]
      : missed.map((name) => `class ${name} is never predicted; its precision counts as 0`)),
  ];
}

const firstOf = (names: readonly string[]): string =>
  `${names.slice(0, WARNED_CLASSES).join(", ")} and ${names.length - WARNED_CLASSES} more`;

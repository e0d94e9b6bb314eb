/** What binary and multiclass evaluation share: the statistic, log-loss and means over classes. */
import { kernels } from "../kernels/kernels.ts";
import {
  type ClassRates,
  type Confusion,
  classRates,
  emptyConfusion,
  mergeConfusion,
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
  truth.forEach((weight, k) => {
    constant.confusion.weight[k * truth.length + largest] = weight;
    constant.logLoss += weight * logLoss(ask.baseline[k]);
  });
  constant.rows = statistic.rows;
  return constant;
}

/** Everything of the result but the metrics themselves. */
export function describeClasses(statistic: ClassStatistic, ask: EvaluationAsk): Pick<Evaluated, "rows" | "confusion" | "byClass"> {
  const { classes, weight } = statistic.confusion;
  return {
    rows: statistic.rows,
    confusion: Array.from({ length: classes }, (_, k) => Array.from(weight.subarray(k * classes, (k + 1) * classes))),
    byClass: classRates(statistic.confusion).map((rates, k) => ({ name: ask.classes[k], ...rates })),
  };
}

/** Why metrics are null: no rows at all, or a class that no row has. */
export function classWarnings({ confusion }: ClassStatistic, ask: EvaluationAsk, metrics: Evaluated["metrics"]): string[] {
  const truth = truthWeights(confusion);
  const predicted = predictedWeights(confusion);
  if (truth.every((weight) => weight === 0)) return ["no metric is defined: there are no held-out rows with a weight above 0"];
  const undefinedNames = Object.keys(metrics).filter((name) => metrics[name] === null);
  const absent = ask.classes.filter((_, k) => truth[k] === 0);
  const warnings = absent.map((name) => {
    const rule = undefinedNames.length > 0 ? `${undefinedNames.join(", ")} not defined: ` : "";
    return `${rule}no held-out row is of class ${name}`;
  });
  ask.classes.forEach((name, k) => {
    if (truth[k] > 0 && predicted[k] === 0) warnings.push(`class ${name} is never predicted; its precision counts as 0`);
  });
  return warnings;
}

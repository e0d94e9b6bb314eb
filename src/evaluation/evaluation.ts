/**
 * Judges predictions on held-out rows: a statistic for each task, mapped and merged like any other. Beside the model stands a constant
 * prediction (mean label, majority class and class shares of the training rows), judged by the same rows in the same pass.
 */
import type { Task } from "../learners/learner.ts";
import { InputError } from "../ports/errors.ts";
import type { ClassRates } from "../statistics/confusion.ts";
import type { Curve } from "../statistics/curves.ts";
import { knotsOf, SAMPLED_SCORES } from "../statistics/score-bins.ts";
import { EXACT_SCORES } from "../statistics/scores.ts";
import { binary } from "./binary.ts";
import { type ClassStatistic, mergeClasses, poolClasses } from "./classes.ts";
import { multiclass } from "./multiclass.ts";
import type { Metric } from "./names.ts";
import { type RegressionStatistic, regression } from "./regression.ts";

/** What a round that evaluates one candidate asks of the parts. */
export interface EvaluationAsk {
  readonly task: Task;
  readonly metrics: readonly Metric[];
  /** Class labels in order; empty for regression. */
  readonly classes: readonly string[];
  /** Binary: class 1 is predicted where its probability is above the threshold. */
  readonly threshold: number;
  /** Whether row weights other than 1 occur. */
  readonly weighted: boolean;
  /** From the training rows: regression [mean label]; classes the share of weight of each. */
  readonly baseline: readonly number[];
  readonly scores: ScoreKeeping;
  /** Whether the points of the curve are wanted beside the areas. */
  readonly wantsCurve: boolean;
}

/** Which scores a curve is drawn from: none asked, every one, a sample to cut bins from (of every so many blocks of rows only one is shown), or counts of bins. */
type ScoreKeeping =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | { readonly kind: "sample"; readonly every: number }
  | { readonly kind: "bins"; readonly knots: Float64Array };

export type EvaluationStatistic = RegressionStatistic | ClassStatistic;

export interface Evaluated {
  /** Rows judged. */
  readonly rows: number;
  /** By name, in the order asked; null where the rows leave a metric undefined, with a warning that says why. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly warnings: readonly string[];
  /** Classification of at most 100 classes: weight by [true class][predicted class]. */
  readonly confusion?: readonly (readonly number[])[];
  /** More than two classes: the 1,000 pairs of different ones with the largest weight of rows, the largest first. */
  readonly mostConfused?: readonly { readonly truth: string; readonly predicted: string; readonly weight: number }[];
  /** The rates of each class. */
  readonly byClass?: readonly ({ readonly name: string } & ClassRates)[];
  /** Binary, where an area was asked: at most 400 points or so. */
  readonly curve?: Curve;
  /** Where scores were counted in bins: how far areaUnderROC can be from its exact value. */
  readonly areaUnderRocBound?: number;
}

/** How one task is judged. */
export interface Judge<S extends EvaluationStatistic> {
  empty(ask: EvaluationAsk): S;
  add(into: S, ask: EvaluationAsk, predictions: Float64Array, labels: Float64Array, weights: Float64Array): void;
  finish(statistic: S, ask: EvaluationAsk): Evaluated;
  /** The statistic that the constant prediction would have given on the same rows. */
  constant(statistic: S, ask: EvaluationAsk): S;
}

const judges = { regression, binary, multiclass } satisfies {
  regression: Judge<RegressionStatistic>;
  binary: Judge<ClassStatistic>;
  multiclass: Judge<ClassStatistic>;
};
const judge = (task: Task) => judges[task] as unknown as Judge<EvaluationStatistic>;

const CURVE_METRICS: readonly string[] = ["areaUnderROC", "areaUnderPR", "averagePrecision"] satisfies Metric[];

/** What is known before the held-out rows are read. */
export type EvaluationRequest = Omit<EvaluationAsk, "scores"> & {
  /** Held-out rows; beyond `exactRows` of them the areas under curves are counted in bins, which takes one round more. */
  readonly rows: number;
  readonly exactRows?: number;
};

/** The first question about the held-out rows. A classification of fewer than two classes: InputError. */
export function askEvaluation({ rows, exactRows = EXACT_SCORES, ...request }: EvaluationRequest): EvaluationAsk {
  if (request.task !== "regression" && request.classes.length < 2) {
    throw new InputError(`label must have at least two classes to judge predictions by, got ${request.classes.join() || "none"}`);
  }
  const curve = request.metrics.some((name) => CURVE_METRICS.includes(name));
  if (!curve) return { ...request, scores: { kind: "none" } };
  return {
    ...request,
    scores: rows <= exactRows ? { kind: "all" } : { kind: "sample", every: Math.max(1, Math.floor(rows / SAMPLED_SCORES)) },
  };
}

/** The question that follows from the merged answer, or null when there is none and the statistic can be finished. */
export function nextEvaluation(statistic: EvaluationStatistic, ask: EvaluationAsk): EvaluationAsk | null {
  if (ask.scores.kind !== "sample" || statistic.task === "regression" || statistic.scores === null) return null;
  return { ...ask, scores: { kind: "bins", knots: knotsOf(statistic.scores) } };
}

export const emptyEvaluation = (ask: EvaluationAsk): EvaluationStatistic => judge(ask.task).empty(ask);

/**
 * Adds a block of held-out rows. `labels` and `weights` hold a float64 per row (classes by index), `predictions` as many columns of
 * that length as the task has outputs: values, probabilities of class 1, or a probability for each class.
 * No rows: unchanged. A prediction that is not finite: NumericError; a label that is not one of the task's: InputError.
 */
export function addPredictions(
  into: EvaluationStatistic,
  ask: EvaluationAsk,
  predictions: Float64Array,
  labels: Float64Array,
  weights: Float64Array,
): void {
  judge(ask.task).add(into, ask, predictions, labels, weights);
}

export function mergeEvaluation(into: EvaluationStatistic, other: EvaluationStatistic): void {
  if (into.task === "regression") regression.merge(into, other as RegressionStatistic);
  else mergeClasses(into, other as ClassStatistic);
}

/** Moves to the first what adds up to the same in any order; they merge to the same as before. */
export function poolEvaluation(statistics: readonly EvaluationStatistic[]): void {
  poolClasses(statistics.filter((own): own is ClassStatistic => own.task !== "regression"));
}

export const finishEvaluation = (statistic: EvaluationStatistic, ask: EvaluationAsk): Evaluated => judge(ask.task).finish(statistic, ask);

/** The same metrics for the constant prediction, from the same statistic and without another pass. */
export const baseline = (statistic: EvaluationStatistic, ask: EvaluationAsk): Evaluated =>
  finishEvaluation(judge(ask.task).constant(statistic, ask), ask);

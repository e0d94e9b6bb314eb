/**
 * What the first round fixes for a candidate: columns that vary, brought to mean 0 and deviation 1, the penalty in those units, class
 * weights and the loss of knowing class shares only.
 */
import { log } from "../../kernels/kernels.ts";
import { InputError, NumericError } from "../../ports/errors.ts";
import { WIDE_COLUMNS } from "../blocks.ts";
import { classFactors } from "../class-weights.ts";
import type { Candidate } from "../learner.ts";
import type { LogisticRegressionParams } from "../params.ts";
import { penaltyFactors } from "../penalty.ts";
import type { ColumnMoments } from "./columns.ts";

export interface Scaling {
  /** 1 for the margin of class 1 of two, else the number of classes. */
  readonly lines: number;
  readonly fitIntercept: boolean;
  /** Columns of the view that vary in training; all below is by kept column. Encoded: (source - centre) / deviation. */
  readonly kept: readonly number[];
  readonly centre: Float64Array;
  readonly deviation: Float64Array;
  /** A bound on the absolute encoded values. */
  readonly reach: Float64Array;
  /** What sparse rows leave uncentred: encoded = stored - offset, so that zeros stay out. 0 for matrices. */
  readonly offsets: Float64Array;
  /** Penalty l1 |u| + l2 u^2 / 2 of the coefficient u of an encoded column. */
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  /** Factor on the weights of a class, or null. */
  readonly classFactors: readonly number[] | null;
  /** Intercepts that give every row the class shares; zeros without an intercept. */
  readonly prior: Float64Array;
  /** Mean loss at these. */
  readonly priorLoss: number;
  readonly rows: number;
  /** Share of the least positive weight in the sum of all, class factors included. */
  readonly leastShare: number;
  /** Read as sparse rows. */
  readonly sparse: boolean;
  /** Classes with weight in training. */
  readonly present: readonly number[];
}

/** A deviation below this share of the mean is the rounding of a constant. */
const CONSTANT = 1e-13;

export function linesOf({ classes, params }: Candidate<LogisticRegressionParams>): number {
  if (classes.length < 2) throw new InputError(`the label must have at least 2 classes in training, got ${classes.length}`);
  if (params.family === "binomial" && classes.length > 2) {
    throw new InputError(`params.family binomial must have 2 classes, got ${classes.length}; use multinomial or auto`);
  }
  return params.family === "multinomial" || classes.length > 2 ? classes.length : 1;
}

export function scalingOf(candidate: Candidate<LogisticRegressionParams>, moments: ColumnMoments): Scaling {
  const { view, params } = candidate;
  const { fitIntercept } = params;
  const sparse = view.columns.length > WIDE_COLUMNS;
  checkFinite(candidate, moments);
  const deviations = moments.m2.map((m2) => Math.sqrt(m2 / moments.weight));
  const varies = (j: number): boolean => view.columns[j].scale !== 0 && deviations[j] > CONSTANT * Math.abs(moments.mean[j]);
  const kept = view.columns.map((_, j) => j).filter(varies);
  const centre = Float64Array.from(kept, (j) => (fitIntercept ? moments.mean[j] : view.columns[j].shift));
  const deviation = Float64Array.from(kept, (j) => deviations[j]);
  const unbiased = Math.sqrt(moments.weight / (moments.weight - moments.weightSquares / moments.weight));
  const factors = penaltyFactors(view, params.convention === "spark" ? deviations.map((value) => value * unbiased) : deviations, params);
  const perUnit = Float64Array.from(kept, (j, i) => factors[j] / deviation[i]);
  const byClass = classFactors(candidate.params.classWeight, candidate.classes, moments.classes);
  const shares = sharesOf(moments.classes, byClass);
  const lines = linesOf(candidate);
  return {
    lines,
    fitIntercept,
    kept,
    centre,
    deviation,
    reach: Float64Array.from(kept, (j, i) => (moments.reach[j] + Math.abs(moments.mean[j] - centre[i])) / deviation[i]),
    offsets: Float64Array.from(kept, (j, i) => (sparse && view.columns[j].take.kind !== "number" ? centre[i] / deviation[i] : 0)),
    l1: perUnit.map((factor) => params.regParam * params.elasticNetParam * factor),
    l2: perUnit.map((factor) => params.regParam * (1 - params.elasticNetParam) * factor * factor),
    classFactors: byClass,
    prior: priorOf(shares, lines, fitIntercept),
    priorLoss: fitIntercept ? shares.reduce((sum, share) => (share > 0 ? sum - share * log(share) : sum), 0) : log(shares.length),
    rows: moments.rows,
    leastShare: leastShareOf(moments, byClass),
    sparse,
    present: [...shares.keys()].filter((k) => shares[k] > 0),
  };
}

function checkFinite({ view }: Candidate<LogisticRegressionParams>, moments: ColumnMoments): void {
  for (let j = 0; j < view.columns.length; j++) {
    if (Number.isFinite(moments.mean[j]) && Number.isFinite(moments.m2[j])) continue;
    throw new NumericError(
      `column ${view.columns[j].name} must have finite values of moderate size, got a sum of squares of ${moments.m2[j]}`,
    );
  }
}

function sharesOf(weights: Float64Array, factors: readonly number[] | null): number[] {
  const weighted = [...weights].map((weight, k) => weight * (factors?.[k] ?? 1));
  const total = weighted.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new InputError("logisticRegression must have training rows of positive weight, got none");
  return weighted.map((weight) => weight / total);
}

/** A class without rows gets the odds that float64 can still tell from zero, so that its intercept is finite. */
function priorOf(shares: readonly number[], lines: number, fitIntercept: boolean): Float64Array {
  if (!fitIntercept) return new Float64Array(lines);
  const logs = shares.map((share) => log(Math.max(share, Number.EPSILON)));
  if (lines === 1) return Float64Array.of(logs[1] - logs[0]);
  const mean = logs.reduce((sum, value) => sum + value, 0) / lines;
  return Float64Array.from(logs, (value) => value - mean);
}

function leastShareOf(moments: ColumnMoments, factors: readonly number[] | null): number {
  const positive = factors?.filter((factor) => factor > 0) ?? [1];
  const total = [...moments.classes].reduce((sum, weight, k) => sum + weight * (factors?.[k] ?? 1), 0);
  return (moments.leastWeight * Math.min(...positive)) / total;
}

/** From moments to coefficients: everything that linear regression does after its one scan of the data. */
import type { View } from "../../features/view.ts";
import { type Factor, factorise, inverse, solve } from "../../kernels/linear-algebra.ts";
import { InputError, NumericError } from "../../ports/errors.ts";
import { at, type Comoments } from "../../statistics/comoments.ts";
import type { SourceLine } from "../encoding.ts";
import type { LinearRegressionParams } from "../params.ts";
import { penaltyFactors } from "../penalty.ts";
import { minimiseL1 } from "../quadratic.ts";

/**
 * Least squares of the source columns that vary, brought to unit diagonal: minimise 1/2 z'Az - b'z + sum l1 |z| with z_j = scale_j c_j.
 */
export interface Problem {
  /** Columns of the view that take part. */
  readonly active: readonly number[];
  readonly scale: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly l1: Float64Array;
  /** Half the curvature of the penalty per c_j^2. */
  readonly l2: Float64Array;
}

export interface Fit {
  readonly line: SourceLine;
  /** Diagonal of A^-1, the variance inflation of each active column; empty where A is singular or the penalty has an L1 part. */
  readonly inflation: number[];
  readonly rank: number;
  readonly warnings: readonly string[];
}

/** The means that columns are centred by: their own with an intercept, those of the view without. */
export function centres(training: Comoments, view: View, fitIntercept: boolean): Float64Array {
  return fitIntercept ? training.mean.slice(0, -1) : Float64Array.from(view.columns, ({ shift }) => shift);
}

/** Mean of (x_i - centre_i)(x_j - centre_j) for columns i <= j of the comoments, the label last. */
function secondMoment(training: Comoments, centre: ArrayLike<number>, i: number, j: number): number {
  const n = training.mean.length;
  const central = training.c[at(n, i, j)] / training.weight;
  const offset = (k: number): number => training.mean[k] - (k < n - 1 ? centre[k] : 0);
  return central + offset(i) * offset(j);
}

export function posed(training: Comoments, view: View, params: LinearRegressionParams): Problem {
  const d = view.columns.length;
  const { fitIntercept, convention } = params;
  checkFinite(training, view);
  const variance = (j: number): number => training.c[at(d + 1, j, j)] / training.weight;
  const centre = centres(training, view, fitIntercept);
  const labelCentre = fitIntercept ? training.mean[d] : 0;
  const deviations = Float64Array.from({ length: d }, (_, j) => Math.sqrt(variance(j)));
  // Spark gives a constant column the coefficient 0 even without an intercept, and so do we; scikit-learn fits it.
  const varies = (j: number): boolean => variance(j) > 0 || (convention === "sklearn" && !fitIntercept && training.mean[j] !== centre[j]);
  const active = view.columns.map((_, j) => j).filter((j) => view.columns[j].scale !== 0 && varies(j));
  const factors = penaltyFactors(view, deviations, params);
  const { l1, l2 } = strengths(params, training, Math.sqrt(variance(d)));
  const scale = Float64Array.from(active, (j) => Math.sqrt(secondMoment(training, centre, j, j)));
  const m = active.length;
  const a = new Float64Array(m * m);
  const b = new Float64Array(m);
  active.forEach((j, r) => {
    for (let s = r; s < m; s++) {
      const value = secondMoment(training, centre, j, active[s]) / (scale[r] * scale[s]);
      a[r * m + s] = value;
      a[s * m + r] = value;
    }
    a[r * m + r] = 1 + (l2 * factors[j] * factors[j]) / (scale[r] * scale[r]);
    const labelOffset = training.mean[d] - labelCentre;
    b[r] = (training.c[at(d + 1, j, d)] / training.weight + (training.mean[j] - centre[j]) * labelOffset) / scale[r];
  });
  return {
    active,
    scale,
    a,
    b,
    l1: Float64Array.from(active, (j, r) => (l1 * factors[j]) / scale[r]),
    l2: Float64Array.from(active, (j) => l2 * factors[j] * factors[j]),
  };
}

/**
 * Weights of |v|_1 and |v|^2/2 beside the mean of r^2/2. Spark divides the L2 part, not the L1 part, by the label's deviation (it solves
 * for the standardised label and maps back); scikit-learn's Ridge has no 1/n on the squares, its ElasticNet has.
 */
function strengths(params: LinearRegressionParams, training: Comoments, labelDeviation: number): { l1: number; l2: number } {
  const { regParam, elasticNetParam, convention } = params;
  const l1 = regParam * elasticNetParam;
  const l2 = regParam * (1 - elasticNetParam);
  if (convention === "spark" && regParam > 0) {
    if (labelDeviation === 0 && !params.fitIntercept) {
      throw new InputError("the label must vary for a penalty without an intercept in Spark's convention, got one value in all rows");
    }
    return { l1, l2: labelDeviation === 0 ? 0 : l2 / labelDeviation };
  }
  return convention === "sklearn" && elasticNetParam === 0 ? { l1, l2: l2 / training.weight } : { l1, l2 };
}

function checkFinite(training: Comoments, view: View): void {
  const n = training.mean.length;
  for (let j = 0; j < n; j++) {
    if (Number.isFinite(training.mean[j]) && Number.isFinite(training.c[at(n, j, j)])) continue;
    const name = j < n - 1 ? `column ${view.columns[j].name}` : "the label";
    throw new NumericError(`${name} must have finite values of moderate size, got a sum of squares of ${training.c[at(n, j, j)]}`);
  }
}

export function leastSquares(training: Comoments, view: View, params: LinearRegressionParams): Fit {
  const problem = posed(training, view, params);
  const warnings: string[] = [];
  if (problem.l1.some((strength) => strength > 0)) {
    const minimum = minimiseL1(problem.a, problem.b, problem.l1, new Float64Array(problem.b.length));
    if (!minimum.converged)
      warnings.push(`did not converge after ${minimum.sweeps} sweeps of coordinate descent: some columns are nearly collinear`);
    return { line: lineOf(problem, minimum.z, training, view, params), inflation: [], rank: problem.active.length, warnings };
  }
  const factor = factorise(problem.a, problem.active.length);
  if (factor.rank < factor.n) warnings.push(collinear(factor, problem, view));
  const line = lineOf(problem, solve(factor, problem.b), training, view, params);
  return { line, inflation: factor.rank < factor.n ? [] : diagonal(inverse(factor), factor.n), rank: factor.rank, warnings };
}

function collinear(factor: Factor, problem: Problem, view: View): string {
  const dependent = [...factor.order.slice(factor.rank)].sort((a, b) => a - b).map((r) => view.columns[problem.active[r]].name);
  const names = dependent.slice(0, 5).join(", ") + (dependent.length > 5 ? ", …" : "");
  return `columns are collinear (${names} follow from the others): of all best fits this is the one with the smallest standardised coefficients`;
}

const diagonal = (a: Float64Array, n: number): number[] => Array.from({ length: n }, (_, i) => a[i * n + i]);

/** Coefficients of all source columns, and the intercept that makes the residuals' mean zero. */
function lineOf(problem: Problem, z: Float64Array, training: Comoments, view: View, params: LinearRegressionParams): SourceLine {
  const coefficients = new Array<number>(view.columns.length).fill(0);
  problem.active.forEach((j, r) => {
    coefficients[j] = z[r] / problem.scale[r] + 0;
  });
  const centre = centres(training, view, params.fitIntercept);
  let intercept = params.fitIntercept ? training.mean[centre.length] : 0;
  coefficients.forEach((coefficient, j) => {
    intercept -= coefficient * centre[j];
  });
  return { coefficients, intercept: intercept + 0 };
}

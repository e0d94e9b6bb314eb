/** Standard errors, t and p values of an unpenalised fit, as Spark's normal-equation summary and R's lm give them. */
import type { View } from "../../features/view.ts";
import { factorise, inverse } from "../../kernels/linear-algebra.ts";
import type { Comoments } from "../../statistics/comoments.ts";
import type { SourceLine } from "../encoding.ts";
import type { LinearRegressionParams } from "../params.ts";
import { centres, posed } from "./solve.ts";
import { twoSidedP } from "./t-distribution.ts";

/** By source column, the intercept last where there is one; null for a constant column, whose coefficient was not fitted. */
export interface Significance {
  readonly standardErrors: readonly (number | null)[];
  readonly tValues: readonly (number | null)[];
  readonly pValues: readonly (number | null)[];
  /** Rows of positive weight less fitted coefficients. */
  readonly degreesOfFreedom: number;
}

/** Null where no degree of freedom is left or the columns are collinear. `squares` is the weighted sum of squared residuals. */
export function significance(
  training: Comoments,
  view: View,
  params: LinearRegressionParams,
  line: SourceLine,
  squares: number,
): Significance | null {
  const problem = posed(training, view, params);
  const m = problem.active.length;
  const factor = factorise(problem.a, m);
  const degreesOfFreedom = training.rows - m - (params.fitIntercept ? 1 : 0);
  if (factor.rank < m || degreesOfFreedom <= 0) return null;
  const covariance = inverse(factor);
  const centre = centres(training, view, params.fitIntercept);
  const noise = squares / degreesOfFreedom / training.weight;
  const errors = new Array<number | null>(view.columns.length).fill(null);
  problem.active.forEach((j, r) => {
    errors[j] = Math.sqrt(noise * covariance[r * m + r]) / problem.scale[r];
  });
  const values = [...line.coefficients];
  if (params.fitIntercept) {
    const u = Float64Array.from(problem.active, (j, r) => centre[j] / problem.scale[r]);
    let spread = 1;
    for (let r = 0; r < m; r++) for (let s = 0; s < m; s++) spread += u[r] * covariance[r * m + s] * u[s];
    errors.push(Math.sqrt(noise * spread));
    values.push(line.intercept);
  }
  const tValues = errors.map((error, j) => (error === null || error === 0 ? null : values[j] / error));
  return {
    standardErrors: errors,
    tValues,
    pValues: tValues.map((t) => (t === null ? null : twoSidedP(t, degreesOfFreedom))),
    degreesOfFreedom,
  };
}

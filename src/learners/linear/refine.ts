/**
 * Iterative refinement of ill-conditioned least squares: the factor of the moments, too coarse for the answer, is good enough to correct
 * it by what the rows say of its residuals. Source: Björck, "Numerical Methods for Least Squares Problems" (1996), section 2.9.3
 * (refinement of the normal equations), with residuals in doubled precision.
 */
import type { View } from "../../features/view.ts";
import { factorise, solve } from "../../kernels/linear-algebra.ts";
import type { Comoments } from "../../statistics/comoments.ts";
import type { SourceLine } from "../encoding.ts";
import type { LinearRegressionParams } from "../params.ts";
import type { Residual } from "./residual.ts";
import { centres, type Fit, posed } from "./solve.ts";

/** Variance inflation from which float64 moments leave fewer than about ten digits of a coefficient. */
const ILL_CONDITIONED = 1e5;
export const MAX_REFINEMENTS = 6;
/** A correction below this share of the coefficients ends the refinement. */
const NEGLIGIBLE = 1e-14;

export const needsRefinement = (fit: Fit): boolean => fit.inflation.some((inflation) => inflation > ILL_CONDITIONED);

/** The corrected line, and whether the correction was too small for another one to matter. */
export function refine(
  training: Comoments,
  view: View,
  params: LinearRegressionParams,
  line: SourceLine,
  residual: Residual,
): { line: SourceLine; settled: boolean } {
  const problem = posed(training, view, params);
  const centre = centres(training, view, params.fitIntercept);
  const d = view.columns.length;
  const total = residual.hi[d] + residual.lo[d];
  const right = Float64Array.from(problem.active, (j, r) => {
    const slope = residual.hi[j] - centre[j] * total + residual.lo[j];
    return (slope / training.weight - problem.l2[r] * line.coefficients[j]) / problem.scale[r];
  });
  const step = solve(factorise(problem.a, problem.active.length), right);
  const coefficients = [...line.coefficients];
  let drift = 0;
  let [change, size] = [0, 0];
  problem.active.forEach((j, r) => {
    const correction = step[r] / problem.scale[r];
    coefficients[j] += correction;
    drift += correction * centre[j];
    change = Math.max(change, Math.abs(step[r]));
    size = Math.max(size, Math.abs(coefficients[j] * problem.scale[r]));
  });
  const intercept = line.intercept - drift + (params.fitIntercept ? total / training.weight : 0);
  return { line: { coefficients, intercept }, settled: change <= NEGLIGIBLE * size };
}

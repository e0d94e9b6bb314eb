/** How well a line fits rows of which only the comoments are known. */
import { at, type Comoments } from "../../statistics/comoments.ts";
import type { SourceLine } from "../encoding.ts";

/**
 * Sum of w (y - intercept - sum c_j x_j)^2 = u'Cu + W (mean residual)^2 with u = (-c, 1) over columns and label. Relative error about
 * 1e-16 times the ratio of the label's sum of squares to it.
 */
export function squaredErrors(moments: Comoments, line: SourceLine): number {
  const n = moments.mean.length;
  const u = [...line.coefficients.map((c) => -c), 1];
  let central = 0;
  let bias = -line.intercept;
  for (let i = 0; i < n; i++) {
    bias += u[i] * moments.mean[i];
    if (u[i] === 0) continue;
    let row = u[i] * moments.c[at(n, i, i)];
    for (let j = i + 1; j < n; j++) row += 2 * u[j] * moments.c[at(n, i, j)];
    central += u[i] * row;
  }
  return Math.max(0, central) + moments.weight * bias * bias;
}

/** Weighted metrics on a fold; null where it has no rows, and r2 where its label does not vary. */
export function foldMetrics(moments: Comoments, line: SourceLine): Readonly<Record<string, number | null>> {
  if (moments.weight === 0) return { mse: null, rmse: null, r2: null };
  const errors = squaredErrors(moments, line);
  const total = moments.c[moments.c.length - 1];
  const mse = errors / moments.weight;
  return { mse, rmse: Math.sqrt(mse), r2: total > 0 ? 1 - errors / total : null };
}

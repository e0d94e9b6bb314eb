/**
 * Newton's direction, and how far from the optimum the point after it can be.
 *
 * Why one can stop without looking: along a step s the curvature of each row's loss changes by at most the factor exp(D), with D the
 * greatest change of a margin over the rows (for several classes: of the difference of two margins), because |loss'''| <= loss''
 * (Bach, "Self-concordant analysis for logistic regression", Electronic J. Statistics 2010, Lemma 1; a penalty's curvature is constant).
 * So the gradient after a full step is, in the norm of the curvature H before it,
 *     |g(u + s)| = |integral of (H(u + ts) - H) s dt| <= psi(D) |s|_H,   psi(D) = (exp(D) - 1 - D) / D.
 * Where the optimum is no further from there than s was long, curvature on the way is at least exp(-2D) H, and the objective is within
 * |g|^2 exp(2D) / 2 of it; we ask for twice that. D <= sum_j |s_j| reach_j needs no scan. Steps with an L1 part contract alike
 * (Tran-Dinh, Kyrillidis & Cevher, "Composite self-concordant minimization", JMLR 2015).
 */
import { exp } from "../../kernels/kernels.ts";
import { factorise, solve } from "../../kernels/linear-algebra.ts";
import { minimiseL1 } from "../quadratic.ts";
import { l1Weights } from "./objective.ts";
import type { Scaling } from "./scaling.ts";

/** What a step follows from: `curvature` row-major and full. */
export interface Local {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

export interface Direction {
  readonly step: Float64Array;
  /** Slope of the objective along it, or for an L1 part the change that the linear model expects; <= 0. */
  readonly slope: number;
  /** Twice the decrease that the quadratic model expects: s'Hs. */
  readonly decrement: number;
  /** Bound on objective less optimum after the whole step. */
  readonly gapAfter: number;
  /** The curvature has directions in which nothing changes: collinear columns. */
  readonly flat: boolean;
}

/** The step to the least of the quadratic model; with an L1 part the proximal Newton step (Lee, Sun & Saunders, SIAM J. Optim. 2014). */
export function newtonDirection({ gradient, curvature }: Local, at: Float64Array, scaling: Scaling): Direction {
  const size = at.length;
  const l1 = l1Weights(scaling);
  const hasL1 = l1.some((weight) => weight > 0);
  const factor = hasL1 ? null : factorise(curvature, size);
  const step =
    factor === null
      ? proximal(curvature, gradient, l1, at)
      : solve(
          factor,
          gradient.map((value) => -value),
        );
  let [slope, decrement] = [0, 0];
  for (let i = 0; i < size; i++) {
    slope += gradient[i] * step[i] + l1[i] * (Math.abs(at[i] + step[i]) - Math.abs(at[i]));
    let row = 0;
    for (let j = 0; j < size; j++) row += curvature[i * size + j] * step[j];
    decrement += step[i] * row;
  }
  return { step, slope, decrement, gapAfter: gapAfter(step, decrement, scaling), flat: factor !== null && factor.rank < size };
}

function proximal(curvature: Float64Array, gradient: Float64Array, l1: Float64Array, at: Float64Array): Float64Array {
  const size = at.length;
  const right = gradient.map((value, i) => {
    let sum = -value;
    for (let j = 0; j < size; j++) sum += curvature[i * size + j] * at[j];
    return sum;
  });
  return minimiseL1(curvature, right, l1, at).z.map((value, i) => value - at[i]);
}

function gapAfter(step: Float64Array, decrement: number, scaling: Scaling): number {
  const d = marginChange(step, scaling);
  if (d > 1) return Number.POSITIVE_INFINITY;
  // psi(d) by its series where the difference would cancel.
  const psi = d < 1e-3 ? d / 2 + (d * d) / 6 : (exp(d) - 1 - d) / d;
  return psi * psi * decrement * exp(2 * d);
}

/**
 * Bound on objective less optimum at the point itself, from its gradient over all rows and the curvature of a sample `moved` away. No
 * row's loss curves downwards, so the curvature of all rows is at least the sample's share of the weight times the sample's, and the
 * decrease that remains at most what the sample's model expects divided by that share: phi(s) = g's + penalty's change + s'Hs/2 has
 * min phi_share >= min phi_1 / share, the change of a convex penalty being at least proportional. Loose, but exact zeros meet it.
 */
export function gapHere({ step, slope, decrement }: Direction, share: number, moved: Float64Array, scaling: Scaling): number {
  const d = marginChange(moved, scaling) + 2 * marginChange(step, scaling);
  return d > 1 ? Number.POSITIVE_INFINITY : (2 * -(slope + decrement / 2) * exp(d)) / share;
}

/** Bound on the change of a margin over the rows; for several classes, of the difference of two. */
function marginChange(step: Float64Array, { lines, kept, reach }: Scaling): number {
  const n = kept.length + 1;
  let change = 0;
  for (let line = 0; line < lines; line++) {
    let margin = Math.abs(step[line * n + n - 1]);
    for (let j = 0; j < n - 1; j++) margin += Math.abs(step[line * n + j]) * reach[j];
    change = Math.max(change, margin);
  }
  return lines === 1 ? change : 2 * change;
}

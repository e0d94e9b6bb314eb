/**
 * The one optimisation problem behind ridge, lasso and each Newton step: the least of 1/2 z'Az - b'z + sum_j l1_j |z_j|.
 */
import { factorise, solve } from "../kernels/linear-algebra.ts";

export interface Minimum {
  readonly z: Float64Array;
  readonly sweeps: number;
  readonly converged: boolean;
}

/** Cyclic sweeps before the answer counts as not converged; the polishing below needs a handful on sound data. */
const MAX_SWEEPS = 10_000;
/** Sweeps between two attempts to finish exactly. */
const POLISH_EVERY = 10;

/**
 * Coordinate descent on the moments (Friedman, Hastie & Tibshirani, "Regularization paths for generalized linear models via
 * coordinate descent", J. Stat. Softw. 2010, section 2.2). Every few sweeps the system of the non-zero coordinates is solved exactly
 * and accepted when it meets the optimality conditions, so the answer is as good as a solve. `a` is row-major n x n and positive
 * semidefinite, both triangles; a coordinate with a[j][j] = 0 stays 0.
 */
export function minimiseL1(a: Float64Array, b: Float64Array, l1: Float64Array, from: Float64Array): Minimum {
  const z = from.slice();
  let slope = residual(a, b, z);
  for (let sweeps = 1; sweeps <= MAX_SWEEPS; sweeps++) {
    const change = sweep(a, l1, z, slope);
    const settled = change <= 1e-15;
    if (!settled && sweeps % POLISH_EVERY !== 0) continue;
    const exact = polish(a, b, l1, z);
    if (exact !== null) return { z: exact, sweeps, converged: true };
    if (settled) return { z, sweeps, converged: true };
    slope = residual(a, b, z);
  }
  return { z, sweeps: MAX_SWEEPS, converged: false };
}

/** b - A z. */
function residual(a: Float64Array, b: Float64Array, z: Float64Array): Float64Array {
  const n = b.length;
  const slope = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j] * z[j];
    slope[i] -= sum;
  }
  return slope;
}

/** One pass over the coordinates; answers the largest change of the objective's scale, max_j a_jj dz_j^2 relative to max_j a_jj z_j^2. */
function sweep(a: Float64Array, l1: Float64Array, z: Float64Array, slope: Float64Array): number {
  const n = z.length;
  let change = 0;
  let size = 0;
  for (let j = 0; j < n; j++) {
    const curvature = a[j * n + j];
    if (curvature === 0) continue;
    const old = z[j];
    const value = soft(slope[j] + curvature * old, l1[j]) / curvature;
    size = Math.max(size, curvature * value * value);
    if (value === old) continue;
    const step = value - old;
    z[j] = value;
    change = Math.max(change, curvature * step * step);
    for (let i = 0; i < n; i++) slope[i] -= a[j * n + i] * step;
  }
  return size === 0 ? 0 : Math.sqrt(change / size);
}

const soft = (value: number, by: number): number => (value > by ? value - by : value < -by ? value + by : 0);

/**
 * The exact solution for the signs that z has, or null where it is not the least: then z goes towards it, as far as signs stay, and a
 * coordinate that comes to zero stays there until a sweep moves it. This lowers the objective, also along columns that are nearly
 * collinear, where sweeps creep.
 */
function polish(a: Float64Array, b: Float64Array, l1: Float64Array, z: Float64Array): Float64Array | null {
  const exact = forSigns(a, b, l1, z);
  if (exact === null) return null;
  let share = 1;
  let first = -1;
  for (let j = 0; j < z.length; j++) {
    if (l1[j] === 0 || z[j] === 0 || Math.sign(exact[j]) === Math.sign(z[j])) continue;
    const own = z[j] / (z[j] - exact[j]);
    if (first >= 0 && own >= share) continue;
    share = own;
    first = j;
  }
  if (first < 0) {
    const slope = residual(a, b, exact);
    // Rounding of the solve may leave a coordinate on the edge of its condition.
    if (!z.some((value, j) => value === 0 && l1[j] > 0 && Math.abs(slope[j]) > l1[j] * (1 + 1e-12) + 1e-14)) return exact;
  }
  for (let j = 0; j < z.length; j++) z[j] += share * (exact[j] - z[j]);
  if (first >= 0) z[first] = 0;
  return null;
}

/** The least over the non-zero and the free coordinates as if their signs were to stay; null where their system is singular. */
function forSigns(a: Float64Array, b: Float64Array, l1: Float64Array, z: Float64Array): Float64Array | null {
  const n = z.length;
  const on: number[] = [];
  for (let j = 0; j < n; j++) if (z[j] !== 0 || (l1[j] === 0 && a[j * n + j] > 0)) on.push(j);
  const m = on.length;
  const inner = new Float64Array(m * m);
  const right = new Float64Array(m);
  on.forEach((j, r) => {
    on.forEach((k, c) => {
      inner[r * m + c] = a[j * n + k];
    });
    right[r] = b[j] - l1[j] * Math.sign(z[j]);
  });
  const factor = factorise(inner, m);
  if (factor.rank < m) return null;
  const exact = new Float64Array(n);
  solve(factor, right).forEach((value, r) => {
    exact[on[r]] = value;
  });
  return exact;
}

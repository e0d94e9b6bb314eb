/**
 * Small dense systems of a reducer: a pivoted Cholesky factor that tells the rank. Matrices are symmetric and row-major, full or upper
 * triangle. Own code, because ml-matrix' decompositions call Math.hypot, whose bits differ between platforms, and fail on singular
 * systems; the sums are the `dot` kernel's, so that 1,000 unknowns take a fraction of a second.
 */
import { float64, type Kernels, withKernels } from "./kernels.ts";

/** P A P' = L L' with L of `rank` columns. */
export interface Factor {
  readonly n: number;
  readonly rank: number;
  /** order[i] is the row of A at place i. */
  readonly order: Int32Array;
  /** Row-major n x n, rows in pivot order; columns from `rank` on are zero. */
  readonly l: Float64Array;
  /** False where A holds a number that is not finite, or is negative in some direction beyond rounding: then the rest means nothing. */
  readonly semidefinite: boolean;
}

/**
 * Share of a diagonal entry that must be left after the others are explained: below, the row is a combination of the others as far
 * as float64 sums of products can tell.
 */
const INDEPENDENT = 1e-13;
/** A share this far below zero is no rounding error. */
const NEGATIVE = -1e-8;

/**
 * Cholesky with diagonal pivoting (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 10.3). The pivot is the
 * row with the largest share left, so that neither order nor rank depends on the units of rows.
 */
export function factorise(a: Float64Array, n: number): Factor {
  return withKernels((k) => {
    const address = k.allocate(8 * n * n);
    const rows = float64(k, address, n * n);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
    let rank = 0;
    for (; rank < n; rank++) {
      const pivot = choosePivot(a, n, order, left, rank);
      if (pivot < 0) break;
      [order[rank], order[pivot]] = [order[pivot], order[rank]];
      eliminate(k, a, n, address, rows, order, left, rank);
    }
    const semidefinite = left.every((share, i) => share >= NEGATIVE * a[i * n + i] && a[i * n + i] >= 0) && allFinite(a, n);
    return { n, rank, order, l: inOrder(rows, n, order), semidefinite };
  });
}

/** The place of the next pivot, or -1 when none is left. */
function choosePivot(a: Float64Array, n: number, order: Int32Array, left: Float64Array, from: number): number {
  let best = -1;
  let most = INDEPENDENT;
  for (let place = from; place < n; place++) {
    const i = order[place];
    const share = left[i] / a[i * n + i];
    if (share > most) {
      best = place;
      most = share;
    }
  }
  return best;
}

/** Column `rank` of L, whose rows lie at the place of A's. */
function eliminate(
  k: Kernels,
  a: Float64Array,
  n: number,
  address: number,
  rows: Float64Array,
  order: Int32Array,
  left: Float64Array,
  rank: number,
): void {
  const q = order[rank];
  const pivot = Math.sqrt(left[q]);
  rows[q * n + rank] = pivot;
  left[q] = 0;
  for (let place = rank + 1; place < n; place++) {
    const p = order[place];
    const entry = p < q ? a[p * n + q] : a[q * n + p];
    const value = (entry - k.dot(address + 8 * p * n, address + 8 * q * n, rank)) / pivot;
    rows[p * n + rank] = value;
    left[p] -= value * value;
  }
}

function inOrder(rows: Float64Array, n: number, order: Int32Array): Float64Array {
  const result = new Float64Array(n * n);
  order.forEach((row, place) => {
    result.set(rows.subarray(row * n, row * n + n), place * n);
  });
  return result;
}

function allFinite(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (!a.subarray(i * n + i, (i + 1) * n).every(Number.isFinite)) return false;
  return true;
}

/** x with A x = b. Where A is singular, the x of least norm that comes nearest: A+ = L (L'L)^-1 (L'L)^-1 L' for L of full column rank. */
export function solve(factor: Factor, b: Float64Array): Float64Array {
  const { n, rank, order, l } = factor;
  if (rank < n) return leastNorm(factor, b);
  const y = Float64Array.from(order, (row) => b[row]);
  for (let i = 0; i < n; i++) {
    let sum = y[i];
    for (let j = 0; j < i; j++) sum -= l[i * n + j] * y[j];
    y[i] = sum / l[i * n + i];
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const value = y[i] / l[i * n + i];
    for (let j = 0; j < i; j++) y[j] -= l[i * n + j] * value;
    x[order[i]] = value;
  }
  return x;
}

function leastNorm({ n, rank, order, l }: Factor, b: Float64Array): Float64Array {
  const x = new Float64Array(n);
  if (rank === 0) return x;
  const projected = new Float64Array(rank);
  for (let place = 0; place < n; place++) for (let j = 0; j < rank; j++) projected[j] += l[place * n + j] * b[order[place]];
  const inner = factorise(columnProducts(l, n, rank), rank);
  const y = solve(inner, solve(inner, projected));
  for (let place = 0; place < n; place++) for (let j = 0; j < rank; j++) x[order[place]] += l[place * n + j] * y[j];
  return x;
}

/** L'L of the first `rank` columns, upper triangle. */
function columnProducts(l: Float64Array, n: number, rank: number): Float64Array {
  return withKernels((k) => {
    const stride = n + (n & 1);
    const x = k.allocate(8 * stride * rank);
    const ones = k.allocate(8 * stride);
    const h = k.allocate(8 * rank * rank);
    const columns = float64(k, x, stride * rank);
    for (let place = 0; place < n; place++) for (let j = 0; j < rank; j++) columns[j * stride + place] = l[place * n + j];
    float64(k, ones, n).fill(1);
    k.gram(x, stride, n, rank, ones, h);
    return float64(k, h, rank * rank).slice();
  });
}

/** The inverse of a matrix of full rank, row-major. */
export function inverse({ n, order, l }: Factor): Float64Array {
  return withKernels((k) => {
    const lower = k.allocate(8 * n * n);
    const columns = k.allocate(8 * n * n);
    float64(k, lower, n * n).set(l);
    // Row j holds column j of L^-1, so that all sums run along rows.
    const m = float64(k, columns, n * n);
    for (let j = 0; j < n; j++) {
      const row = columns + 8 * j * n;
      m[j * n + j] = 1 / l[j * n + j];
      for (let i = j + 1; i < n; i++) m[j * n + i] = -k.dot(lower + 8 * (i * n + j), row + 8 * j, i - j) / l[i * n + i];
    }
    const result = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const value = k.dot(columns + 8 * (i * n + j), columns + 8 * (j * n + j), n - j);
        result[order[i] * n + order[j]] = value;
        result[order[j] * n + order[i]] = value;
      }
    }
    return result;
  });
}

/**
 * About the 1-norm condition number of A scaled to a diagonal of ones, rarely less than a third of it; Infinity where A is singular.
 * Hager's method (Higham, "Accuracy and Stability", algorithms 15.1 and 15.3): a few solves instead of the inverse.
 */
export function condition(a: Float64Array, factor: Factor): number {
  const { n, rank } = factor;
  if (n === 0) return 1;
  if (rank < n) return Number.POSITIVE_INFINITY;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(a[i * n + i]));
  const solveScaled = (x: Float64Array): Float64Array =>
    solve(
      factor,
      x.map((value, i) => value * scale[i]),
    ).map((value, i) => value * scale[i]);
  return scaledNorm(a, n, scale) * inverseNorm(n, solveScaled);
}

function scaledNorm(a: Float64Array, n: number, scale: Float64Array): number {
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    sums[i] += 1;
    for (let j = i + 1; j < n; j++) {
      const size = Math.abs(a[i * n + j]) / (scale[i] * scale[j]);
      sums[i] += size;
      sums[j] += size;
    }
  }
  return largest(sums).value;
}

function inverseNorm(n: number, solveScaled: (x: Float64Array) => Float64Array): number {
  let x = new Float64Array(n).fill(1 / n);
  let estimate = 0;
  for (let trial = 0; trial < 5; trial++) {
    const y = solveScaled(x);
    estimate = Math.max(estimate, norm(y));
    const z = solveScaled(y.map((value) => (value < 0 ? -1 : 1)));
    const steepest = largest(z);
    if (steepest.value <= dot(z, x)) break;
    x = new Float64Array(n);
    x[steepest.at] = 1;
  }
  // A vector of growing size and alternating sign finds what the climb above may miss.
  const zigzag = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(1, n - 1)));
  return Math.max(estimate, (2 * norm(solveScaled(zigzag))) / (3 * n));
}

const norm = (x: Float64Array): number => x.reduce((sum, value) => sum + Math.abs(value), 0);

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

function largest(x: Float64Array): { value: number; at: number } {
  let at = 0;
  for (let i = 1; i < x.length; i++) if (Math.abs(x[i]) > Math.abs(x[at])) at = i;
  return { value: Math.abs(x[at]), at };
}

export interface Solution {
  readonly x: Float64Array;
  readonly rank: number;
  /** See `condition`. */
  readonly condition: number;
  /** False where h is not a positive semidefinite matrix of finite numbers: then x is all NaN. */
  readonly ok: boolean;
}

/** Solves h x = b, of least norm where h is singular; h row-major with as many rows as b has numbers. */
export function solveSymmetric(h: Float64Array, b: Float64Array): Solution {
  const factor = factorise(h, b.length);
  const ok = factor.semidefinite && b.every(Number.isFinite);
  const x = ok ? solve(factor, b) : new Float64Array(b.length).fill(Number.NaN);
  return { x, rank: factor.rank, condition: ok ? condition(h, factor) : Number.NaN, ok };
}

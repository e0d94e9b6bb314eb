/**
 * Small dense systems of the reducer: a pivoted Cholesky factor that tells the rank. Matrices are row-major and symmetric, full or
 * upper triangle. Plain loops with a fixed order of sums, so that every host computes the same bits.
 */

/** P A P' = L L' with L of `rank` columns. */
export interface Factor {
  readonly n: number;
  readonly rank: number;
  /** order[i] is the row of A at place i. */
  readonly order: Int32Array;
  /** Row-major n x n, rows in pivot order; columns from `rank` on are zero. */
  readonly l: Float64Array;
}

/**
 * Share of a diagonal entry that must be left after the others are explained: below, the row is a combination of the others as far
 * as float64 sums of products can tell.
 */
const INDEPENDENT = 1e-13;

/** Cholesky with diagonal pivoting (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 10.3). Not positive: rank 0. */
export function factorise(a: Float64Array, n: number): Factor {
  const l = new Float64Array(n * n);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  let rank = 0;
  for (; rank < n; rank++) {
    let best = -1;
    for (let i = rank; i < n; i++) {
      const whole = a[order[i] * n + order[i]];
      if (left[order[i]] > INDEPENDENT * whole && (best < 0 || left[order[i]] > left[order[best]])) best = i;
    }
    if (best < 0) break;
    swapRows(l, order, n, rank, best);
    eliminate(a, l, order, left, n, rank);
  }
  return { n, rank, order, l };
}

function swapRows(l: Float64Array, order: Int32Array, n: number, i: number, j: number): void {
  if (i === j) return;
  [order[i], order[j]] = [order[j], order[i]];
  const row = l.slice(i * n, i * n + i);
  l.copyWithin(i * n, j * n, j * n + i);
  l.set(row, j * n);
}

function eliminate(a: Float64Array, l: Float64Array, order: Int32Array, left: Float64Array, n: number, k: number): void {
  const pivot = Math.sqrt(left[order[k]]);
  l[k * n + k] = pivot;
  for (let i = k + 1; i < n; i++) {
    const [p, q] = order[i] < order[k] ? [order[i], order[k]] : [order[k], order[i]];
    let sum = a[p * n + q];
    for (let j = 0; j < k; j++) sum -= l[i * n + j] * l[k * n + j];
    const value = sum / pivot;
    l[i * n + k] = value;
    left[order[i]] -= value * value;
  }
}

/**
 * x with A x = b; of least norm where A is singular: A+ = L (L'L)^-1 (L'L)^-1 L' for L of full column rank.
 */
export function solve(factor: Factor, b: Float64Array): Float64Array {
  const { n, rank, order, l } = factor;
  const x = new Float64Array(n);
  if (rank < n) return leastNorm(factor, b);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[order[i]];
    for (let j = 0; j < i; j++) sum -= l[i * n + j] * y[j];
    y[i] = sum / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i];
    for (let j = i + 1; j < n; j++) sum -= l[j * n + i] * y[j];
    y[i] = sum / l[i * n + i];
    x[order[i]] = y[i];
  }
  return x;
}

function leastNorm({ n, rank, order, l }: Factor, b: Float64Array): Float64Array {
  const x = new Float64Array(n);
  if (rank === 0) return x;
  const gram = new Float64Array(rank * rank);
  const projected = new Float64Array(rank);
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < rank; j++) for (let row = j; row < n; row++) gram[i * rank + j] += l[row * n + i] * l[row * n + j];
    for (let row = i; row < n; row++) projected[i] += l[row * n + i] * b[order[row]];
  }
  const inner = factorise(gram, rank);
  const y = solve(inner, solve(inner, projected));
  for (let row = 0; row < n; row++) for (let j = 0; j < Math.min(rank, row + 1); j++) x[order[row]] += l[row * n + j] * y[j];
  return x;
}

/** The inverse of a matrix of full rank, row-major. */
export function inverse(factor: Factor): Float64Array {
  const { n, order, l } = factor;
  const result = new Float64Array(n * n);
  // Columns of L^-1, then A^-1 = L^-T L^-1.
  const m = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    m[j * n + j] = 1 / l[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[i * n + k] * m[k * n + j];
      m[i * n + j] = sum / l[i * n + i];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = j; k < n; k++) sum += m[k * n + i] * m[k * n + j];
      result[order[i] * n + order[j]] = sum;
      result[order[j] * n + order[i]] = sum;
    }
  }
  return result;
}

/**
 * Weighted means and comoments (sums of products of deviations from the means) of several columns: what least squares needs to know
 * of any number of rows. Centred as it grows, because sums of raw squares lose the digits that a column far from zero needs.
 */

export interface Comoments {
  /** Rows of positive weight. */
  rows: number;
  /** Sum of the weights, and of their squares. */
  weight: number;
  weightSquares: number;
  /** One entry a column. */
  readonly mean: Float64Array;
  /** Upper triangle, row by row: see `at`. */
  readonly c: Float64Array;
}

/** Place of (i, j), i <= j, in the upper triangle of an n x n matrix stored row by row. */
export const at = (n: number, i: number, j: number): number => i * n - (i * (i - 1)) / 2 + j - i;

export function emptyComoments(columns: number): Comoments {
  return { rows: 0, weight: 0, weightSquares: 0, mean: new Float64Array(columns), c: new Float64Array((columns * (columns + 1)) / 2) };
}

/**
 * Sums over rows of weight w of (x - shift) and of (x - shift)(x - shift)', as comoments about the mean:
 * C = P - s s' / W, mean = shift + s / W (the corrected two-pass formula of Chan, Golub & LeVeque, "Algorithms for computing the
 * sample variance", 1983, eq. 1.7). Any shift is right; one near the means loses nothing. `products` is the upper triangle. No weight: empty.
 */
export function aboutMeans(
  shift: ArrayLike<number>,
  counts: { readonly rows: number; readonly weight: number; readonly weightSquares: number },
  sums: ArrayLike<number>,
  products: ArrayLike<number>,
): Comoments {
  const n = shift.length;
  const result = emptyComoments(n);
  if (counts.weight === 0) return result;
  Object.assign(result, counts);
  for (let i = 0, k = 0; i < n; i++) {
    const drift = sums[i] / counts.weight;
    result.mean[i] = shift[i] + drift;
    const diagonal = k;
    for (let j = i; j < n; j++, k++) result.c[k] = products[k] - drift * sums[j];
    // A sum of squares that cancels to nothing may come out a rounding below zero.
    result.c[diagonal] = Math.max(0, result.c[diagonal]);
  }
  return result;
}

/**
 * Adds the rows of `other`: C = C1 + C2 + d d' W1 W2 / W with d the difference of the means.
 * Source: Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979), eq. 2.1, for pairs of columns.
 */
export function mergeComoments(into: Comoments, other: Comoments): void {
  if (into.mean.length !== other.mean.length) {
    throw new Error(`comoments must be of the same columns, got ${into.mean.length} and ${other.mean.length}`);
  }
  if (other.weight === 0) return;
  if (into.weight === 0) {
    into.mean.set(other.mean);
    into.c.set(other.c);
  } else {
    const n = into.mean.length;
    const weight = into.weight + other.weight;
    const share = other.weight / weight;
    const factor = into.weight * share;
    const difference = other.mean.map((mean, i) => mean - into.mean[i]);
    for (let i = 0, k = 0; i < n; i++) {
      const scaled = difference[i] * factor;
      for (let j = i; j < n; j++, k++) into.c[k] += other.c[k] + scaled * difference[j];
    }
    for (let i = 0; i < n; i++) into.mean[i] += difference[i] * share;
  }
  into.rows += other.rows;
  into.weight += other.weight;
  into.weightSquares += other.weightSquares;
}

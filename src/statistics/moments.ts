/**
 * Moments of columns: mergeable mean, sum of squared deviations and range. Partial results merge by Chan, Golub & LeVeque (1979),
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances"; within a run of rows the corrected two-pass formula
 * of the same authors (The American Statistician, 1983, equation 1.7) is used.
 */

/** One entry a column. Missing values are counted and otherwise left out, as are rows of weight 0. */
export interface Moments {
  /** Rows with a value. */
  readonly n: Float64Array;
  /** Their weights added up; equal to `n` without weights. */
  readonly weight: Float64Array;
  readonly mean: Float64Array;
  /** Weighted sum of squared deviations from the mean. */
  readonly m2: Float64Array;
  /** Infinity without a row. */
  readonly min: Float64Array;
  /** -Infinity without a row. */
  readonly max: Float64Array;
  /** Rows whose value is NaN. */
  readonly missing: Float64Array;
}

/** Rows of a run: its values stay in the first-level cache between the passes. */
const RUN_ROWS = 2_048;

/** The values of a run, and their weights. */
const x = new Float64Array(RUN_ROWS);
const w = new Float64Array(RUN_ROWS);

export function emptyMoments(columns: number): Moments {
  const zeros = () => new Float64Array(columns);
  return {
    n: zeros(),
    weight: zeros(),
    mean: zeros(),
    m2: zeros(),
    min: zeros().fill(Number.POSITIVE_INFINITY),
    max: zeros().fill(Number.NEGATIVE_INFINITY),
    missing: zeros(),
  };
}

/**
 * Adds rows of one column: `rows` are offsets into `source` and into `weights` (null: every weight is 1).
 * A constant column has a sum of squares of exactly 0. An infinite value makes mean or m2 infinite or NaN, never min and max.
 */
export function addMoments(
  into: Moments,
  column: number,
  source: Float64Array,
  rows: Uint32Array,
  weights: Float64Array | null = null,
): void {
  for (let start = 0; start < rows.length; start += RUN_ROWS) {
    const stop = Math.min(start + RUN_ROWS, rows.length);
    if (weights === null) addRun(into, column, gather(source, rows, start, stop), stop - start);
    else addWeightedRun(into, column, source, rows, weights, start, stop);
  }
}

/** Brings the values of some rows together without the missing ones; answers how many there are. */
function gather(source: Float64Array, rows: Uint32Array, start: number, stop: number): number {
  let n = 0;
  for (let i = start; i < stop; i++) {
    const value = source[rows[i]];
    x[n] = value;
    n += Number.isNaN(value) ? 0 : 1;
  }
  return n;
}

/** Two sums side by side hide the latency of an addition. Deviations from a value of the run give a constant its very self as mean. */
function addRun(into: Moments, column: number, n: number, rows: number): void {
  into.missing[column] += rows - n;
  if (n === 0) return;
  const base = x[0];
  let min = base;
  let max = base;
  let even = 0;
  let odd = 0;
  for (let i = 1; i < n; i += 2) {
    const value = x[i];
    // Beyond an even number of values the last one stands in for the next and adds nothing.
    const next = i + 1 < n ? x[i + 1] : base;
    if (value < min) min = value;
    if (value > max) max = value;
    if (next < min) min = next;
    if (next > max) max = next;
    even += value - base;
    odd += next - base;
  }
  const mean = base + (even + odd) / n;
  let first = 0;
  let second = 0;
  for (let i = 0; i < n; i++) {
    const deviation = x[i] - mean;
    first += deviation;
    second += deviation * deviation;
  }
  mergeOne(into, column, n, n, mean + first / n, Math.max(0, second - (first * first) / n), min, max);
}

function addWeightedRun(
  into: Moments,
  column: number,
  source: Float64Array,
  rows: Uint32Array,
  weights: Float64Array,
  start: number,
  stop: number,
): void {
  let n = 0;
  let weight = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = start; i < stop; i++) {
    const [value, share] = [source[rows[i]], weights[rows[i]]];
    if (share === 0) continue;
    if (Number.isNaN(value)) into.missing[column]++;
    else {
      x[n] = value;
      w[n++] = share;
      weight += share;
      sum += share * (value - x[0]);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (n === 0) return;
  const mean = x[0] + sum / weight;
  let first = 0;
  let second = 0;
  for (let i = 0; i < n; i++) {
    first += w[i] * (x[i] - mean);
    second += w[i] * (x[i] - mean) * (x[i] - mean);
  }
  mergeOne(into, column, n, weight, mean + first / weight, Math.max(0, second - (first * first) / weight), min, max);
}

export function mergeMoments(into: Moments, other: Moments): void {
  for (let j = 0; j < into.n.length; j++) {
    into.missing[j] += other.missing[j];
    if (other.n[j] > 0) mergeOne(into, j, other.n[j], other.weight[j], other.mean[j], other.m2[j], other.min[j], other.max[j]);
  }
}

function mergeOne(into: Moments, j: number, n: number, weight: number, mean: number, m2: number, min: number, max: number): void {
  const before = into.weight[j];
  const total = before + weight;
  const delta = before === 0 ? 0 : mean - into.mean[j];
  into.mean[j] = before === 0 ? mean : into.mean[j] + (delta * weight) / total;
  into.m2[j] += m2 + delta * delta * ((before * weight) / total);
  into.n[j] += n;
  into.weight[j] = total;
  into.min[j] = Math.min(into.min[j], min);
  into.max[j] = Math.max(into.max[j], max);
}

/** Moments of one column as numbers. */
export type Summary = { readonly [K in keyof Moments]: number };

export function summaryOf(moments: Moments, column: number): Summary {
  const { n, weight, mean, m2, min, max, missing } = moments;
  return {
    n: n[column],
    weight: weight[column],
    mean: mean[column],
    m2: m2[column],
    min: min[column],
    max: max[column],
    missing: missing[column],
  };
}

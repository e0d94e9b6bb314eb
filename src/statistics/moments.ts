/**
 * Moments of columns: mergeable mean, sum of squared deviations and range. Partial results merge by Chan, Golub & LeVeque (1979),
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances"; within a run of rows the corrected two-pass formula
 * of the same authors (The American Statistician, 1983, equation 1.7) is used.
 */

import { type Decimals, toFloat64 } from "../kernels/decimals.ts";
import { float64, type Numbers, numberEncoder, uint32, withKernels } from "../kernels/kernels.ts";

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
 * Adds rows of one column: `rows` are ascending offsets into `source` and into `weights` (null: every weight is 1).
 * A constant column has a sum of squares of exactly 0. An infinite value makes mean or m2 infinite or NaN, never min and max.
 */
export function addMoments(
  into: Moments,
  column: number,
  source: Numbers | Decimals,
  rows: Uint32Array,
  weights: Float64Array | null = null,
): void {
  if (weights === null) addRuns(into, column, source, rows);
  else {
    const values = "whole" in source ? toFloat64(source) : source;
    for (let start = 0; start < rows.length; start += RUN_ROWS) {
      addWeightedRun(into, column, values, rows, weights, start, Math.min(start + RUN_ROWS, rows.length));
    }
  }
}

function addRuns(into: Moments, column: number, source: Numbers | Decimals, rows: Uint32Array): void {
  if (rows.length === 0) return;
  withKernels((k) => {
    const numbers = "whole" in source ? source.whole : source;
    const width = numbers.BYTES_PER_ELEMENT;
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    let span = 0;
    for (let start = 0; start < rows.length; start += RUN_ROWS) {
      span = Math.max(span, rows[Math.min(start + RUN_ROWS, rows.length) - 1] - rows[start] + 1);
    }
    const [window, index] = [k.claim(span * width), k.claim(4 * RUN_ROWS)];
    const [values, out] = [k.claim(8 * (RUN_ROWS + 1)), k.claim(8 * 5)];
    const encode = numberEncoder(k, source);
    const [memory, indices, found] = [new Uint8Array(k.memory.buffer), uint32(k, index, RUN_ROWS), float64(k, out, 5)];
    for (let start = 0; start < rows.length; start += RUN_ROWS) {
      const n = Math.min(RUN_ROWS, rows.length - start);
      const [first, end] = [rows[start], rows[start + n - 1] + 1];
      memory.set(bytes.subarray(first * width, end * width), window);
      indices.set(rows.subarray(start, start + n));
      encode(window - first * width, index, n, values, Number.NaN, 0, 1);
      k.runMoments(values, n, out);
      into.missing[column] += n - found[0];
      if (found[0] > 0) mergeOne(into, column, found[0], found[0], found[1], found[2], found[3], found[4]);
    }
  });
}

function addWeightedRun(
  into: Moments,
  column: number,
  source: Numbers,
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

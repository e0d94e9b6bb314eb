/** From the sums of a round to the objective: mean loss plus penalty, its gradient and its curvature, all on encoded columns. */
import { type LossSums, triangle } from "./loss.ts";
import type { Scaling } from "./scaling.ts";

/** Where the smooth part is measured: coordinates are `lines` times (columns + 1), the intercept last in each line. */
export interface Measured {
  /** Mean loss and whole penalty. */
  readonly value: number;
  /** Gradient of mean loss and L2 part. */
  readonly gradient: Float64Array;
  /** Curvature of both, row-major and full, or null where it was not asked for. */
  readonly curvature: Float64Array | null;
  readonly rows: number;
  readonly weight: number;
}

/** `sums` of positive weight. */
export function measure(sums: LossSums, at: Float64Array, scaling: Scaling): Measured {
  const { lines, l1, l2, offsets } = scaling;
  const n = scaling.kept.length + 1;
  const gradient = sums.gradient.map((sum) => sum / sums.weight);
  let penalty = 0;
  for (let line = 0; line < lines; line++) {
    const slope = gradient[line * n + n - 1];
    for (let j = 0; j < n - 1; j++) {
      const i = line * n + j;
      gradient[i] += l2[j] * at[i] - offsets[j] * slope;
      penalty += l1[j] * Math.abs(at[i]) + 0.5 * l2[j] * at[i] * at[i];
    }
    if (!scaling.fitIntercept) gradient[line * n + n - 1] = 0;
  }
  const curvature = sums.curvature.length === 0 ? null : fullCurvature(sums, scaling);
  return { value: sums.loss / sums.weight + penalty, gradient, curvature, rows: sums.rows, weight: sums.weight };
}

/** The penalty's L1 weight of each coordinate; intercepts are free. */
export function l1Weights({ lines, l1, kept }: Scaling): Float64Array {
  const n = kept.length + 1;
  return Float64Array.from({ length: lines * n }, (_, i) => (i % n === n - 1 ? 0 : l1[i % n]));
}

function fullCurvature(sums: LossSums, scaling: Scaling): Float64Array {
  const { lines, l1, l2, fitIntercept } = scaling;
  const n = scaling.kept.length + 1;
  const size = lines * n;
  const full = new Float64Array(size * size);
  const put = (a: number, b: number, i: number, j: number, value: number): void => {
    full[(a * n + i) * size + b * n + j] += value;
  };
  // Each pair of lines twice: [k, l] and [l, k]; each entry of its triangle twice.
  const putPair = (a: number, b: number, i: number, j: number, value: number): void => {
    put(a, b, i, j, value);
    if (i !== j) put(a, b, j, i, value);
    if (a === b) return;
    put(b, a, i, j, value);
    if (i !== j) put(b, a, j, i, value);
  };
  const last = lines - 1;
  const measured = Math.max(1, last);
  for (let a = 0, pair = 0; a < measured; a++) {
    for (let b = a; b < measured; b++, pair++) {
      let from = pair * triangle(n);
      for (let i = 0; i < n; i++) {
        for (let j = i; j < n; j++, from++) {
          const value = sums.curvature[from] / sums.weight;
          putPair(a, b, i, j, value);
          if (lines === 1) continue;
          // Probabilities sum to 1, so the blocks of a row of lines sum to 0: the last line follows.
          putPair(a, last, i, j, -value);
          if (a !== b) putPair(b, last, i, j, -value);
          putPair(last, last, i, j, a === b ? value : 2 * value);
        }
      }
    }
  }
  for (let line = 0; line < lines; line++) {
    for (let j = 0; j < n - 1; j++) put(line, line, j, j, l2[j]);
    if (!fitIntercept) for (let i = 0; i < size; i++) fixCoordinate(full, size, line * n + n - 1, i);
  }
  if (lines > 1) for (let j = 0; j < n; j++) if (j === n - 1 ? fitIntercept : l1[j] === 0 && l2[j] === 0) pinShift(full, scaling, j);
  return full;
}

function fixCoordinate(full: Float64Array, size: number, fixed: number, i: number): void {
  full[fixed * size + i] = i === fixed ? 1 : 0;
  full[i * size + fixed] = i === fixed ? 1 : 0;
}

/**
 * Adding one number to a column's coefficients of all classes changes no probability. Curvature along that direction keeps steps out of
 * it, and changes nothing else: the gradient has no part in it.
 */
function pinShift(full: Float64Array, { lines, kept }: Scaling, j: number): void {
  const n = kept.length + 1;
  const size = lines * n;
  let most = 0;
  for (let line = 0; line < lines; line++) most = Math.max(most, full[(line * n + j) * (size + 1)]);
  for (let a = 0; a < lines; a++) for (let b = 0; b < lines; b++) full[(a * n + j) * size + b * n + j] += most / lines;
}

/** More classes than two: probabilities, residuals and loss from margins, two rows at a time. A NaN margin gives NaN. */
import { exp2lanes } from "./exp";
import { log, log1p } from "./log";

/** Rows at a time, so that what is kept of each stays in the first-level cache. */
const SHORT: i32 = 128;
const labels: usize = memory.data(8 * 128, 16);
const weights: usize = memory.data(8 * 128, 16);
/** The largest margin of a row, the sum of exp(z - largest), that of the classes that are not y, and z_y - largest. */
const largest: usize = memory.data(8 * 128, 16);
const sums: usize = memory.data(8 * 128, 16);
const others: usize = memory.data(8 * 128, 16);
const own: usize = memory.data(8 * 128, 16);

/**
 * Class k of row i has its margin at z + 8 * (k * stride + i), which receives its probability; r, of the same shape, receives
 * weight (p_k - [y = k]). y is the class index. Answers the sum of weight * -log(p_y). Where rows are odd, the spare row of z and r
 * changes too.
 */
export function softmax(z: usize, stride: u32, rows: i32, classes: i32, y: usize, weight: usize, r: usize): f64 {
  let total: f64 = 0;
  for (let i = 0; i < rows; i += SHORT) {
    const at: usize = 8 * <usize>i;
    total += shortSoftmax(z + at, 8 * <usize>stride, min(SHORT, rows - i), classes, y + at, weight + at, r + at);
  }
  return total;
}

function shortSoftmax(z: usize, step: usize, rows: i32, classes: i32, y: usize, weight: usize, r: usize): f64 {
  const end: usize = 8 * ((<usize>rows + 1) & ~1);
  store<f64>(labels + end - 8, 0);
  store<f64>(weights + end - 8, 0);
  memory.copy(labels, y, 8 * <usize>rows);
  memory.copy(weights, weight, 8 * <usize>rows);
  memory.copy(largest, z, end);
  memory.fill(sums, 0, end);
  memory.fill(others, 0, end);
  memory.fill(own, 0, end);
  for (let k = 1; k < classes; k++) raiseLargest(z + step * <usize>k, end);
  for (let k = 0; k < classes; k++) exponentials(z + step * <usize>k, end, k);
  let total: f64 = 0;
  for (let i: usize = 0; i < 8 * <usize>rows; i += 8) total += load<f64>(weights + i) * crossEntropy(i);
  for (let i: usize = 0; i < end; i += 16) v128.store(others + i, f64x2.div(v128.load(others + i), v128.load(sums + i)));
  for (let k = 0; k < classes; k++) residuals(z + step * <usize>k, end, k, r + step * <usize>k);
  return total;
}

function raiseLargest(z: usize, end: usize): void {
  for (let i: usize = 0; i < end; i += 16) v128.store(largest + i, f64x2.max(v128.load(largest + i), v128.load(z + i)));
}

function exponentials(z: usize, end: usize, k: f64): void {
  const label = f64x2.splat(k);
  for (let i: usize = 0; i < end; i += 16) {
    const shifted = f64x2.sub(v128.load(z + i), v128.load(largest + i));
    const e = exp2lanes(shifted);
    const hit = f64x2.eq(v128.load(labels + i), label);
    v128.store(z + i, e);
    v128.store(sums + i, f64x2.add(v128.load(sums + i), e));
    v128.store(others + i, f64x2.add(v128.load(others + i), v128.andnot(e, hit)));
    v128.store(own + i, f64x2.add(v128.load(own + i), v128.and(shifted, hit)));
  }
}

/** others holds shares: 1 - p_y is theirs, so it keeps its digits where p_y is near 1. */
function residuals(z: usize, end: usize, k: f64, r: usize): void {
  const label = f64x2.splat(k);
  for (let i: usize = 0; i < end; i += 16) {
    const p = f64x2.div(v128.load(z + i), v128.load(sums + i));
    const missed = f64x2.neg(v128.load(others + i));
    const hit = f64x2.eq(v128.load(labels + i), label);
    v128.store(z + i, p);
    v128.store(r + i, f64x2.mul(v128.load(weights + i), v128.bitselect(missed, p, hit)));
  }
}

/** -log(p_y): where the label has the largest margin its own term is 1, and the others are what is left. */
// @ts-ignore: decorator
@inline
function crossEntropy(i: usize): f64 {
  const shifted = load<f64>(own + i);
  return shifted == 0 ? log1p(load<f64>(others + i)) : log(load<f64>(sums + i)) - shifted;
}

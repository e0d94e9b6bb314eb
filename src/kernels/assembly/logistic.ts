/** Two classes: loss, residual and curvature from the margin, two rows at a time. A NaN margin gives NaN. */
import { exp2lanes } from "./exp";
import { both, minusZero, one } from "./lanes";
import { log1p, log1pOfUnit } from "./log";

/**
 * y in {0, 1}: r[i] = weight[i] (p - y), v[i] = weight[i] p (1 - p); answers the sum of weight * loss. With s = z for y = 0 and -z for
 * y = 1, and e = exp(-|s|): loss = log1p(e) + max(s, 0), |p - y| = 1 / (1 + e) or e / (1 + e). Nothing cancels, however far the margin.
 */
export function logistic(z: usize, y: usize, weight: usize, rows: i32, r: usize, v: usize): f64 {
  let total: f64 = 0;
  for (let i = 0; i < rows; i += SHORT) {
    const at: usize = 8 * <usize>i;
    total += shortLogistic(z + at, y + at, weight + at, min(SHORT, rows - i), r + at, v + at);
  }
  return total;
}

/**
 * Rows at a time. Where they all weigh the same, as they mostly do, their logarithms are one: that of the product of 1 + e, at most 2^64
 * in each lane, kept less 1 so that small ones keep their digits. Others follow in a loop of their own, because exp and log1p of a row
 * are one long chain of operations, and a processor sees too few rows ahead to keep busy.
 */
const SHORT: i32 = 128;
const exponentials: usize = memory.data(8 * 128, 16);
const reciprocals: usize = memory.data(8 * 128, 16);
/** The five arguments of hingePair for an odd last row. */
const lastRow: usize = memory.data(5 * 16, 16);

// @ts-ignore: decorator
@inline
function shortLogistic(z: usize, y: usize, weight: usize, rows: i32, r: usize, v: usize): f64 {
  let total = f64x2.splat(0);
  const pairs: usize = 8 * (<usize>rows & ~1);
  const first = v128.load64_splat(weight);
  let alike = i64x2.splat(-1);
  let product = f64x2.splat(0);
  for (let i: usize = 0; i < pairs; i += 16) {
    total = f64x2.add(total, hingePair(z + i, y + i, weight + i, r + i, v + i, i));
    alike = v128.and(alike, f64x2.eq(v128.load(weight + i), first));
    product = f64x2.add(product, f64x2.mul(v128.load(exponentials + i), f64x2.add(product, both(one))));
  }
  if (!(rows & 1) && i64x2.all_true(alike)) {
    const logarithm = log1p(f64x2.extract_lane(product, 0)) + log1p(f64x2.extract_lane(product, 1));
    return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1) + load<f64>(weight) * logarithm;
  }
  if (rows & 1) {
    // A second row of zeros, whose weight 0 adds nothing.
    v128.store(lastRow, v128.load64_zero(z + pairs));
    v128.store(lastRow, v128.load64_zero(y + pairs), 16);
    v128.store(lastRow, v128.load64_zero(weight + pairs), 32);
    total = f64x2.add(total, hingePair(lastRow, lastRow + 16, lastRow + 32, lastRow + 48, lastRow + 64, pairs));
    store<f64>(r + pairs, load<f64>(lastRow, 48));
    store<f64>(v + pairs, load<f64>(lastRow, 64));
  }
  for (let i: usize = 0; i < pairs; i += 16) total = f64x2.add(total, f64x2.mul(v128.load(weight + i), smoothPair(i)));
  if (rows & 1) total = f64x2.add(total, f64x2.mul(v128.load64_zero(weight + pairs), smoothPair(pairs)));
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Residual, curvature and weight * max(s, 0) of two rows; leaves e and 1 / (1 + e) for smoothPair. */
// @ts-ignore: decorator
@inline
function hingePair(z: usize, y: usize, weights: usize, r: usize, v: usize, at: usize): v128 {
  const label = v128.load(y);
  const weight = v128.load(weights);
  const sign = f64x2.sub(both(one), f64x2.add(label, label));
  const s = f64x2.mul(sign, v128.load(z));
  const e = exp2lanes(v128.or(s, both(minusZero)));
  const large = f64x2.div(both(one), f64x2.add(both(one), e));
  const small = f64x2.mul(e, large);
  const zero = f64x2.splat(0);
  const wrong = v128.bitselect(large, small, f64x2.gt(s, zero));
  v128.store(exponentials + at, e);
  v128.store(reciprocals + at, large);
  v128.store(r, f64x2.mul(f64x2.mul(weight, sign), wrong));
  v128.store(v, f64x2.mul(weight, f64x2.mul(large, small)));
  return f64x2.mul(weight, f64x2.pmax(s, zero));
}

/** log1p(e) of two rows. */
// @ts-ignore: decorator
@inline
function smoothPair(at: usize): v128 {
  return log1pOfUnit(v128.load(exponentials + at), v128.load(reciprocals + at));
}

/** p[i] = 1 / (1 + exp(-z[i])); p may be z. */
export function sigmoid(z: usize, rows: i32, p: usize): void {
  const pairs: usize = 8 * (<usize>rows & ~1);
  for (let i: usize = 0; i < pairs; i += 16) v128.store(p + i, sigmoidPair(v128.load(z + i)));
  if (rows & 1) v128.store64_lane(p + pairs, sigmoidPair(v128.load64_zero(z + pairs)), 0);
}

/** exp(-|z|) never overflows, and a small p keeps its digits. */
// @ts-ignore: decorator
@inline
function sigmoidPair(z: v128): v128 {
  const e = exp2lanes(v128.or(z, both(minusZero)));
  const large = f64x2.div(both(one), f64x2.add(both(one), e));
  return v128.bitselect(large, f64x2.mul(e, large), f64x2.gt(z, f64x2.splat(0)));
}

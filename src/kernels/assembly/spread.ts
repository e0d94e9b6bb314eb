/** Means, squares about them and reach of the columns of a block while each is in the first-level cache. See linear.ts for the block. */
import { lanes, multiplyAdd } from "./linear";

/** The sums of the column at hand: two rows a lane pair, two pairs at a time, as a sum waits for the one before it. */
// @ts-ignore: decorator
@inline
function weightedSum(x: usize, w: usize, rows: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  const end: usize = 8 * (<usize>rows & ~3);
  let i: usize = 0;
  for (; i < end; i += 32) {
    s0 = multiplyAdd(s0, v128.load(w + i), v128.load(x + i));
    s1 = multiplyAdd(s1, v128.load(w + i, 16), v128.load(x + i, 16));
  }
  let total = lanes(f64x2.add(s0, s1));
  for (; i < 8 * <usize>rows; i += 8) total += load<f64>(w + i) * load<f64>(x + i);
  return total;
}

/**
 * For each column, at out + 24 j: its mean, sum of w (x - mean)^2, and a bound on |x - mean|, of weights whose sum `weight` is positive.
 * The second sweep is about nearly the mean, and its drift corrects all three (Chan, Golub & LeVeque, "Algorithms for computing the
 * sample variance", Am. Stat. 1983, eq. 1.7: the corrected two-pass algorithm).
 */
export function spread(x: usize, stride: u32, rows: i32, columns: i32, w: usize, weight: f64, out: usize): void {
  for (let j = 0; j < columns; j++) {
    const column: usize = x + 8 * <usize>stride * <usize>j;
    spreadColumn(column, w, rows, weight, out + 24 * <usize>j);
  }
}

// @ts-ignore: decorator
@inline
function spreadColumn(x: usize, w: usize, rows: i32, weight: f64, out: usize): void {
  const mean = weightedSum(x, w, rows) / weight;
  const centre = f64x2.splat(mean);
  let drift0 = f64x2.splat(0);
  let drift1 = drift0;
  let squares0 = drift0;
  let squares1 = drift0;
  let reach0 = drift0;
  let reach1 = drift0;
  const end: usize = 8 * (<usize>rows & ~3);
  let i: usize = 0;
  for (; i < end; i += 32) {
    const d0 = f64x2.sub(v128.load(x + i), centre);
    const d1 = f64x2.sub(v128.load(x + i, 16), centre);
    const u0 = f64x2.mul(v128.load(w + i), d0);
    const u1 = f64x2.mul(v128.load(w + i, 16), d1);
    drift0 = f64x2.add(drift0, u0);
    drift1 = f64x2.add(drift1, u1);
    squares0 = multiplyAdd(squares0, u0, d0);
    squares1 = multiplyAdd(squares1, u1, d1);
    reach0 = f64x2.pmax(reach0, f64x2.abs(d0));
    reach1 = f64x2.pmax(reach1, f64x2.abs(d1));
  }
  let drift = lanes(f64x2.add(drift0, drift1));
  let squares = lanes(f64x2.add(squares0, squares1));
  const widest = f64x2.pmax(reach0, reach1);
  let reach = max(f64x2.extract_lane(widest, 0), f64x2.extract_lane(widest, 1));
  for (; i < 8 * <usize>rows; i += 8) {
    const d = load<f64>(x + i) - mean;
    const u = load<f64>(w + i) * d;
    drift += u;
    squares += u * d;
    reach = max(reach, abs(d));
  }
  const correction = drift / weight;
  store<f64>(out, mean + correction);
  store<f64>(out, max(0, squares - correction * drift), 8);
  store<f64>(out, reach + abs(correction), 16);
}

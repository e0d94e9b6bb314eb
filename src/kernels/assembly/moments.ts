/** Moments of a run of values: the corrected two-pass formula of Chan, Golub & LeVeque (The American Statistician, 1983, equation 1.7). */

/**
 * x holds n values and is changed: the missing ones (NaN) are left out. Sets out[0] to how many there are, and where there are any
 * out[1] to their mean, [2] to their sum of squared deviations, [3] and [4] to the smallest and the largest. Deviations from a value
 * of the run give a constant its very self as mean and a sum of squares of 0.
 */
export function runMoments(x: usize, n: i32, out: usize): void {
  let kept: usize = x;
  for (let at = x, end = x + 8 * <usize>n; at < end; at += 8) {
    const value = load<f64>(at);
    store<f64>(kept, value);
    kept += value == value ? 8 : 0;
  }
  const count = <i32>((kept - x) >> 3);
  store<f64>(out, <f64>count);
  if (count == 0) return;
  const base = load<f64>(x);
  // Beyond an odd number of values the first one stands in for the next and adds nothing.
  if (count & 1) store<f64>(kept, base);
  const bases = f64x2.splat(base);
  const end = x + 16 * <usize>((count + 1) >> 1);
  let low = bases;
  let high = bases;
  let sums = f64x2.splat(0);
  for (let at = x; at < end; at += 16) {
    const pair = v128.load(at);
    low = f64x2.pmin(low, pair);
    high = f64x2.pmax(high, pair);
    sums = f64x2.add(sums, f64x2.sub(pair, bases));
  }
  const mean = base + (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) / <f64>count;
  // The stand-in must not deviate either.
  if (count & 1) store<f64>(kept, mean);
  const means = f64x2.splat(mean);
  let firsts = f64x2.splat(0);
  let seconds = f64x2.splat(0);
  for (let at = x; at < end; at += 16) {
    const deviations = f64x2.sub(v128.load(at), means);
    firsts = f64x2.add(firsts, deviations);
    seconds = f64x2.add(seconds, f64x2.mul(deviations, deviations));
  }
  const first = f64x2.extract_lane(firsts, 0) + f64x2.extract_lane(firsts, 1);
  const second = f64x2.extract_lane(seconds, 0) + f64x2.extract_lane(seconds, 1);
  store<f64>(out + 8, mean + first / <f64>count);
  store<f64>(out + 16, max(0.0, second - (first * first) / <f64>count));
  store<f64>(out + 24, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(out + 32, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)));
}

/**
 * log and log1p to 0.52 ulp from IEEE 754 basic operations alone. P. T. P. Tang, "Table-driven implementation of the logarithm function
 * in IEEE floating-point arithmetic" (ACM TOMS 16, 1990), with a wider table and no rounding before the cubic term.
 */
import { both, fifth, fourth, half, seventh, sixth, third, toInteger } from "./lanes";
import { FIRST_LOG, LOGS } from "./tables";

// log(2): the first part is a multiple of 2^-42 like the high parts of LOGS, so that their sums with any exponent are exact.
const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;

const steps128: usize = memory.data<f64>([128.0]);
const step128: usize = memory.data<f64>([1.0 / 128.0]);

/**
 * log(1 + x) in both lanes for x in [0, 1], NaN for NaN, given 1 / (1 + x). Error below 2.5 ulp. With F = x rounded to 1/128, plus 1, and
 * t = (x - F + 1) / (1 + x) it is log(F) - log(1 - t): the division that a sigmoid needs anyhow serves here too.
 */
// @ts-ignore: decorator
@inline
export function log1pOfUnit(x: v128, reciprocal: v128): v128 {
  const steps = f64x2.add(f64x2.mul(x, both(steps128)), both(toInteger));
  const centre = f64x2.mul(f64x2.sub(steps, both(toInteger)), both(step128));
  const a = v128.load(LOGS + 16 * (128 - FIRST_LOG) + ((<usize>i64x2.extract_lane(steps, 0) & 255) << 4));
  const b = v128.load(LOGS + 16 * (128 - FIRST_LOG) + ((<usize>i64x2.extract_lane(steps, 1) & 255) << 4));
  const high = v128.shuffle<f64>(a, b, 0, 2);
  const rest = v128.shuffle<f64>(a, b, 1, 3);
  const t = f64x2.mul(f64x2.sub(x, centre), reciprocal);
  const t2 = f64x2.mul(t, t);
  const first = f64x2.add(both(half), f64x2.mul(t, both(third)));
  const second = f64x2.add(both(fourth), f64x2.mul(t, both(fifth)));
  const last = f64x2.add(both(sixth), f64x2.mul(t, both(seventh)));
  const q = f64x2.add(first, f64x2.mul(t2, f64x2.add(second, f64x2.mul(t2, last))));
  return f64x2.add(high, f64x2.add(t, f64x2.add(rest, f64x2.mul(t2, q))));
}

/** What the high part of a logarithm leaves over. */
export let logLow: f64 = 0;

/**
 * log(2^k (m + tail)) = the answer + logLow, m in [sqrt(1/2), sqrt(2)), to about 2^-68. With the centre F, m rounded to 1/128, and
 * r = (m + tail - F) / F, it is k log(2) + log(F) + r - r^2/2 + r^3/3 - …, and no term before r^3 is rounded.
 */
function logParts(k: f64, m: f64, tail: f64): f64 {
  const step = nearest(m * 128.0);
  const centre = step * (1.0 / 128.0);
  const f = m - centre;
  const entry = LOGS + 16 * (<i32>step - FIRST_LOG);
  // 44 bits of the quotient: F has 8 at most, so the remainder is exact.
  const rHigh = reinterpret<f64>(reinterpret<u64>(f / centre) & 0xfffffffffffffe00);
  const rLow = (f - rHigh * centre + tail) / centre;
  const r = rHigh + rLow;
  const rHead = reinterpret<f64>(reinterpret<u64>(r) & 0xfffffffff8000000);
  const square = rHead * rHead * 0.5;
  let q: f64 = -1.0 / 8.0 + r * (1.0 / 9.0);
  q = 1.0 / 7.0 + r * q;
  q = -1.0 / 6.0 + r * q;
  q = 1.0 / 5.0 + r * q;
  q = -1.0 / 4.0 + r * q;
  q = 1.0 / 3.0 + r * q;
  const base = k * LN2_HIGH + load<f64>(entry);
  const sum = base + rHigh;
  const total = sum - square;
  const errors = rHigh - (sum - base) + (sum - total - square);
  const rest = r * r * r * q - (rHigh - rHead + rLow) * (r + rHead) * 0.5;
  const small = k * LN2_LOW + load<f64>(entry, 8) + errors + rLow + rest;
  const high = total + small;
  logLow = small - (high - total);
  return high;
}

/** logParts of a positive finite x + tail. */
// @ts-ignore: decorator
@inline
export function splitLog(x: f64, tail: f64): f64 {
  let bits = reinterpret<i64>(x);
  let k: i64 = 0;
  if (bits < 0x0010000000000000) {
    bits = reinterpret<i64>(x * 18014398509481984.0);
    k = -54;
  }
  // The bits of a number just under sqrt(1/2): what lies above counts powers of two from there.
  const octave = (bits - 0x3fe6a09e00000000) >> 52;
  const m = reinterpret<f64>(bits - (octave << 52));
  const scaled = tail == 0 ? <f64>0 : tail * reinterpret<f64>((1023 - octave) << 52);
  return logParts(<f64>(k + octave), m, scaled);
}

export function log(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  return x == Infinity ? x : splitLog(x, 0);
}

export function log1p(x: f64): f64 {
  // The next term is less than 2^-61 of x.
  if (abs(x) < 1e-9) return x - x * x * 0.5;
  if (!(x > -1)) return x == -1 ? -Infinity : NaN;
  if (x > 1e18) return log(x);
  const u = 1.0 + x;
  // u + tail = 1 + x exactly.
  const tail = x < 1 ? x - (u - 1.0) : 1.0 - (u - x);
  return splitLog(u, tail);
}

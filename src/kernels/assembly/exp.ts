/**
 * exp to 0.52 ulp and expm1 to 0.56 ulp, subnormal results to 1 ulp, from IEEE 754 basic operations alone, so that every host computes
 * the same bits. P. T. P. Tang, "Table-driven implementation of the exponential function" (ACM TOMS 15, 1989) and "… of the expm1
 * function" (TOMS 18, 1992), with wider tables, on whose small steps Taylor's polynomials are as short as his.
 */
import { both, half, sixth, TO_INTEGER, toInteger } from "./lanes";
import { POWERS } from "./tables";

const STEPS_PER_E: f64 = 184.6649652337873;
// log(2)/128: the first part has 35 bits, so that its product with any exponent in 128ths is exact.
const STEP_HIGH: f64 = 0.0054152123482253955;
const STEP_LOW: f64 = -1.0082281460997769e-13;

const stepsPerE: usize = memory.data<f64>([STEPS_PER_E]);
const stepHigh: usize = memory.data<f64>([STEP_HIGH]);
const stepLow: usize = memory.data<f64>([STEP_LOW]);
const twentyFourth: usize = memory.data<f64>([1.0 / 24.0]);
const hundredTwentieth: usize = memory.data<f64>([1.0 / 120.0]);
/** exp of what is no larger has a normal result. */
const normalResults: usize = memory.data<f64>([708.0]);
/** Bounds just outside what gives Infinity and 0. */
const most: usize = memory.data<f64>([710.0]);
const least: usize = memory.data<f64>([-746.0]);
const octaveBits: usize = memory.data<i64>([-128]);
const integerOne: usize = memory.data<i64>([1]);
/** The bits of TO_INTEGER less 2048 * 128: what remains of an exponent in 128ths stays positive, as SIMD shifts signed numbers badly. */
const integerBits: usize = memory.data<i64>([0x4338000000000000 - (2048 << 7)]);

/** exp(r) * 2^(j/128) in both lanes, |r| <= log(2)/256; j is the lowest 7 bits of steps. */
// @ts-ignore: decorator
@inline
function smallExp(steps: v128, r: v128): v128 {
  const a = v128.load(POWERS + ((<usize>i64x2.extract_lane(steps, 0) & 127) << 4));
  const b = v128.load(POWERS + ((<usize>i64x2.extract_lane(steps, 1) & 127) << 4));
  const high = v128.shuffle<f64>(a, b, 0, 2);
  const rest = v128.shuffle<f64>(a, b, 1, 3);
  const r2 = f64x2.mul(r, r);
  const head = f64x2.add(both(half), f64x2.mul(r, both(sixth)));
  const tail = f64x2.add(both(twentyFourth), f64x2.mul(r, both(hundredTwentieth)));
  const p = f64x2.add(r, f64x2.mul(r2, f64x2.add(head, f64x2.mul(r2, tail))));
  return f64x2.add(high, f64x2.add(rest, f64x2.mul(high, p)));
}

/** exp in both lanes. */
// @ts-ignore: decorator
@inline
export function exp2lanes(x: v128): v128 {
  if (i64x2.all_true(f64x2.le(f64x2.abs(x), both(normalResults)))) {
    const steps = f64x2.add(f64x2.mul(x, both(stepsPerE)), both(toInteger));
    const y = smallExp(steps, remainder(x, f64x2.sub(steps, both(toInteger))));
    // The result is no subnormal, so the octave can be added to the exponent's bits.
    return i64x2.add(y, i64x2.shl(v128.and(steps, both(octaveBits)), 45));
  }
  return anyExp(x);
}

/** pmin and pmax let NaN through. */
function anyExp(x: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(x, both(most)), both(least));
  const steps = f64x2.add(f64x2.mul(bounded, both(stepsPerE)), both(toInteger));
  const y = smallExp(steps, remainder(bounded, f64x2.sub(steps, both(toInteger))));
  return scale(y, steps);
}

/** y * 2^(k >> 7), k the integer in steps, in two factors, as 2^1024 and 2^-1076 are no float64: only the last product can round. */
// @ts-ignore: decorator
@inline
function scale(y: v128, steps: v128): v128 {
  const exponent = i64x2.shr_u(i64x2.sub(steps, both(integerBits)), 7);
  const smaller = i64x2.shr_u(exponent, 1);
  const larger = i64x2.sub(exponent, smaller);
  const first = i64x2.shl(i64x2.sub(smaller, both(integerOne)), 52);
  const second = i64x2.shl(i64x2.sub(larger, both(integerOne)), 52);
  return f64x2.mul(f64x2.mul(y, first), second);
}

/** x - k log(2)/128 */
// @ts-ignore: decorator
@inline
function remainder(x: v128, k: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, both(stepHigh))), f64x2.mul(k, both(stepLow)));
}

/** exp(x + tail) for |x| < 750 and a tail so small that x + tail is x. */
export function expOfSum(x: f64, tail: f64): f64 {
  const steps = f64x2.splat(x * STEPS_PER_E + TO_INTEGER);
  const r = f64x2.add(remainder(f64x2.splat(x), f64x2.sub(steps, both(toInteger))), f64x2.splat(tail));
  return f64x2.extract_lane(scale(smallExp(steps, r), steps), 0);
}

export function exp(x: f64): f64 {
  return f64x2.extract_lane(exp2lanes(f64x2.splat(x)), 0);
}

export function expm1(x: f64): f64 {
  if (abs(x) < 0.25) return abs(x) < 1e-17 ? x : smallExpm1(x);
  // From 2^60 on, 1 is less than a rounding error.
  if (!(x < 41.5)) return exp(x);
  if (x < -40.0) return -1;
  const steps = x * STEPS_PER_E + TO_INTEGER;
  const k = steps - TO_INTEGER;
  const step = <i32>k;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const p = r + r * r * (1.0 / 2.0 + r * (1.0 / 6.0) + r * r * (1.0 / 24.0 + r * (1.0 / 120.0)));
  const entry = POWERS + ((step & 127) << 4);
  const scale = reinterpret<f64>((<i64>(1023 + (step >> 7))) << 52);
  const high = scale * load<f64>(entry);
  const difference = high - 1.0;
  const virtual = difference - high;
  const error = high - (difference - virtual) - (1.0 + virtual);
  return difference + (error + scale * (load<f64>(entry, 8) + load<f64>(entry) * p));
}

/** Tang 1992, procedure 2: x + x^2/2 with the square exact in two parts, then Taylor's terms up to x^13. */
function smallExpm1(x: f64): f64 {
  let q: f64 = 1.0 / 6227020800.0;
  q = 1.0 / 479001600.0 + x * q;
  q = 1.0 / 39916800.0 + x * q;
  q = 1.0 / 3628800.0 + x * q;
  q = 1.0 / 362880.0 + x * q;
  q = 1.0 / 40320.0 + x * q;
  q = 1.0 / 5040.0 + x * q;
  q = 1.0 / 720.0 + x * q;
  q = 1.0 / 120.0 + x * q;
  q = 1.0 / 24.0 + x * q;
  q = 1.0 / 6.0 + x * q;
  const head = <f64>(<f32>x);
  const square = head * head * 0.5;
  const rest = (x - head) * (x + head) * 0.5 + x * x * x * q;
  const sum = x + square;
  return sum + (square - (sum - x) + rest);
}

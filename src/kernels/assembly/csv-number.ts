/**
 * Decimal text to the float64 nearest to it, ties to even: the bits that JavaScript's Number(text) gives.
 * `fives` points to the 128-bit significands of 5^-64 ... 5^64, low half first.
 */
import { UPPER } from "./csv-layout";

/** 10^0 ... 10^22, all of them exact. */
export const TENS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);
/** Up to this a significand is exact in float64. */
const EXACT: u64 = 1 << 53;
const LARGEST_FIVE: i32 = 64;

// What parseNumber answers.
export const NOT_A_NUMBER: u32 = 0;
export const PARSED: u32 = 1;
/** A number, but one that takes more than 19 digits or an extreme exponent. */
export const LEFT: u32 = 2;

/** A number of up to 16 characters after a minus, whose digits stay below 2^53, the same way; NaN for anything else. */
export function decimal16(s: usize, e: usize): f64 {
  const negative = load<u8>(s) == 45;
  const length = <u32>(e - s) - u32(negative);
  if (length - 1 > 15) return NaN;
  const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const text = v128.load(e - 16);
  const inField = i8x16.ge_u(lanes, i8x16.splat(<i8>(16 - length)));
  const points = v128.and(i8x16.eq(text, i8x16.splat(46)), inField);
  const digits = v128.and(i8x16.sub(text, i8x16.splat(48)), inField);
  if (v128.any_true(v128.andnot(i8x16.gt_u(digits, i8x16.splat(9)), points))) return NaN;
  const pointBits = <u32>i8x16.bitmask(points);
  if (pointBits & (pointBits - 1) || (length == 1 && pointBits)) return NaN;
  const point = pointBits ? <i32>ctz(pointBits) : -1;
  const joined = i8x16.swizzle(digits, i8x16.add(lanes, i8x16.le_s(lanes, i8x16.splat(<i8>point))));
  const pairs = i16x8.add(i16x8.mul(v128.and(joined, i16x8.splat(0x00ff)), i16x8.splat(10)), i16x8.shr_u(joined, 8));
  const quads = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1));
  const high = <u64>(<u32>i32x4.extract_lane(eights, 0));
  const low = <u64>(<u32>i32x4.extract_lane(eights, 1));
  const significand = high * 100_000_000 + low;
  if (significand > EXACT) return NaN;
  const places = <usize>((15 - point) & 15);
  const value = <f64>(<i64>significand) / load<f64>(TENS + (places << 3));
  return negative ? -value : value;
}

/** Upper 64 bits of a product; the lower ones are a * b. */
// @ts-ignore: decorator
@inline
function mulHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffff_ffff;
  const a1 = a >> 32;
  const b0 = b & 0xffff_ffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffff_ffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/**
 * significand * 10^exponent for a significand above 0 and |exponent| <= 64: Lemire, "Number parsing at a gigabyte per second"
 * (Software: Practice and Experience 2021), algorithm 1; without its fallback, which Mushtak & Lemire, "Fast number parsing without
 * fallback" (2023), prove unneeded. No result is subnormal or infinite in this range.
 */
function eiselLemire(significand: u64, exponent: i32, fives: usize): f64 {
  const zeros = <i32>clz(significand);
  const w = significand << <u64>zeros;
  const five = fives + (<usize>(exponent + LARGEST_FIVE) << 4);
  const fiveHigh = load<u64>(five, 8);
  let upper = mulHigh(w, fiveHigh);
  let lower = w * fiveHigh;
  if ((upper & 0x1ff) == 0x1ff) {
    const carry = mulHigh(w, load<u64>(five));
    lower += carry;
    if (lower < carry) upper++;
  }
  const top = <i32>(upper >> 63);
  const shift = <u64>(top + 9);
  let mantissa = upper >> shift;
  let power = (((152170 + 65536) * exponent) >> 16) + 63 + top - zeros + 1023;
  // Halfway between two floats: to the even one.
  if (lower <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << shift == upper) mantissa &= ~(<u64>1);
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= (<u64>1) << 53) {
    mantissa = (<u64>1) << 52;
    power++;
  }
  return reinterpret<f64>((mantissa & (((<u64>1) << 52) - 1)) | ((<u64>power) << 52));
}

/** Sign, digits with a point, exponent, and nothing else; the value goes to `out` when the answer is PARSED. */
export function parseNumber(s: usize, e: usize, fives: usize, out: usize): u32 {
  const negative = s < e && load<u8>(s) == 45;
  if (s < e && (negative || load<u8>(s) == 43)) s++;
  let significand: u64 = 0;
  let digits: u32 = 0;
  let significant: u32 = 0;
  let places: i32 = 0;
  let pointed = false;
  for (; s < e; s++) {
    const byte = load<u8>(s);
    const digit = <u32>byte - 48;
    if (digit <= 9) {
      digits++;
      if (significant | digit) significant++;
      if (significant <= 19) significand = significand * 10 + digit;
      if (pointed) places++;
    } else if (byte == 46 && !pointed) {
      pointed = true;
    } else {
      break;
    }
  }
  if (digits == 0) return NOT_A_NUMBER;
  let exponent: i32 = 0;
  if (s < e) {
    if ((load<u8>(s) | 32) != 101) return NOT_A_NUMBER;
    s++;
    const down = s < e && load<u8>(s) == 45;
    if (s < e && (down || load<u8>(s) == 43)) s++;
    if (s == e) return NOT_A_NUMBER;
    for (; s < e; s++) {
      const digit = <u32>load<u8>(s) - 48;
      if (digit > 9) return NOT_A_NUMBER;
      if (exponent < 100_000) exponent = exponent * 10 + <i32>digit;
    }
    if (down) exponent = -exponent;
  }
  exponent -= places;
  let value: f64 = 0;
  if (significand != 0) {
    if (significant > 19 || exponent < -LARGEST_FIVE || exponent > LARGEST_FIVE) return LEFT;
    if (significand <= EXACT && exponent <= 0 && exponent >= -22) {
      value = <f64>(<i64>significand) / load<f64>(TENS + (<usize>-exponent << 3));
    } else {
      value = eiselLemire(significand, exponent, fives);
    }
  }
  store<f64>(out, negative ? -value : value);
  return PARSED;
}

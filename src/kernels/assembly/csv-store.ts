/** The narrowest storage of values, found and converted to in place. Arrays have room for a multiple of four values. */
import { MISSING } from "./csv-layout";
import { TENS } from "./csv-number";
import { highOf, lowOf, tenths } from "./tenths";

/** `holders` of src/data/narrow.ts for n float64: 1 int8, 2 int16, 4 int32, 8 float32, 16 float64. */
export function holders(values: usize, n: u32): u32 {
  let integers = i64x2.splat(-1);
  let singles = i64x2.splat(-1);
  let least = i32x4.splat(0);
  let most = i32x4.splat(0);
  if (n & 1) store<f64>(values + (<usize>n << 3), 0);
  for (let at = values, end = values + (<usize>n << 3); at < end; at += 16) {
    const value = v128.load(at);
    const integer = i32x4.trunc_sat_f64x2_s_zero(value);
    // Compared as bits: -0 and NaN are no integers.
    integers = v128.and(integers, i64x2.eq(f64x2.convert_low_i32x4_s(integer), value));
    least = i32x4.min_s(least, integer);
    most = i32x4.max_s(most, integer);
    const single = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(value));
    singles = v128.and(singles, v128.or(f64x2.eq(single, value), f64x2.ne(value, value)));
  }
  let set: u32 = i64x2.all_true(singles) ? 24 : 16;
  if (!i64x2.all_true(integers)) return set;
  const low = min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1));
  const high = max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1));
  if (low >= -128 && high <= 127) return set | 7;
  if (low >= -32768 && high <= 32767) return set | 6;
  return set | 4;
}

/** n float64 to integers of `width` bytes: 1, 2 or 4. */
export function storeInts(values: usize, n: u32, width: u32): void {
  for (let i: usize = 0; i < n; i += 4) {
    const at = values + (i << 3);
    const low = i32x4.trunc_sat_f64x2_s_zero(v128.load(at));
    const high = i32x4.trunc_sat_f64x2_s_zero(v128.load(at, 16));
    const quads = i64x2.replace_lane(low, 1, i64x2.extract_lane(high, 0));
    if (width == 4) {
      v128.store(values + (i << 2), quads);
    } else {
      const halves = i16x8.narrow_i32x4_s(quads, quads);
      if (width == 2) v128.store64_lane(values + (i << 1), halves, 0);
      else v128.store32_lane(values + i, i8x16.narrow_i16x8_s(halves, halves), 0);
    }
  }
}

/** n float64 to float32. */
export function storeFloats(values: usize, n: u32): void {
  for (let i: usize = 0; i < n; i += 2) {
    v128.store64_lane(values + (i << 2), f32x4.demote_f64x2_zero(v128.load(values + (i << 3))), 0);
  }
}

/**
 * n float64 as whole numbers of 10^-places, int32 at `out`: answers the bytes that each of them needs, 1, 2 or 4, or 0 where a value is no
 * such number. One is if the whole number divided by the power of ten, a single rounding, has its bits.
 */
export function decimals(values: usize, n: u32, places: u32, out: usize): u32 {
  const tens = v128.load64_splat(TENS + (<usize>places << 3));
  const high = highOf(places);
  const low = lowOf(places);
  let least = i32x4.splat(0);
  let most = i32x4.splat(0);
  for (let i = n; i & 3; i++) store<f64>(values + (<usize>i << 3), 0);
  for (let i: usize = 0; i < n; i += 4) {
    const a = v128.load(values + (i << 3));
    const b = v128.load(values + (i << 3), 16);
    const x = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(a, tens)));
    const y = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(b, tens)));
    // Compared as bits: -0 is no whole number.
    const isA = i64x2.eq(tenths(x, high, low), a);
    const isB = i64x2.eq(tenths(y, high, low), b);
    const noA = f64x2.ne(a, a);
    const noB = f64x2.ne(b, b);
    if (!i64x2.all_true(v128.and(v128.or(isA, noA), v128.or(isB, noB)))) return 0;
    const whole = i64x2.replace_lane(x, 1, i64x2.extract_lane(y, 0));
    least = i32x4.min_s(least, whole);
    most = i32x4.max_s(most, whole);
    const missing = v128.shuffle<i32>(noA, noB, 0, 2, 4, 6);
    v128.store(out + (i << 2), v128.bitselect(i32x4.splat(MISSING), whole, missing));
  }
  const smallest = min(min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)), min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)));
  const largest = max(max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)), max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)));
  if (smallest == MISSING) return 0;
  if (smallest > -128 && largest <= 127) return 1;
  return smallest > -32768 && largest <= 32767 ? 2 : 4;
}

/** n int32 in place to `width` bytes, 1 or 2. */
export function narrowInts(ints: usize, n: u32, width: u32): void {
  for (let i: usize = 0; i < n; i += 4) {
    const quads = v128.load(ints + (i << 2));
    const halves = i16x8.narrow_i32x4_s(quads, quads);
    if (width == 2) v128.store64_lane(ints + (i << 1), halves, 0);
    else v128.store32_lane(ints + i, i8x16.narrow_i16x8_s(halves, halves), 0);
  }
}

/** n uint32 codes to `width` bytes, 1 or 2, keeping the low ones: the code of a missing value becomes the largest. */
export function storeCodes(codes: usize, n: u32, width: u32): void {
  for (let i: usize = 0; i < n; i += 4) {
    const quads = v128.load(codes + (i << 2));
    if (width == 1) {
      store<u32>(codes + i, i32x4.extract_lane(i8x16.shuffle(quads, quads, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0));
    } else {
      store<u64>(codes + (i << 1), i64x2.extract_lane(i8x16.shuffle(quads, quads, 0, 1, 4, 5, 8, 9, 12, 13, 0, 0, 0, 0, 0, 0, 0, 0), 0));
    }
  }
}

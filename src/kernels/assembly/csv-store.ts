/** The narrowest storage of values, found and converted to in place. Arrays have room for a multiple of four values. */

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

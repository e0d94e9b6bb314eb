/**
 * Columns of a part to float64 columns of a block. `index` holds the uint32 numbers of the wanted rows, strictly ascending, so the
 * first and last tell whether they are consecutive; then rows are read two at a time without looking at it.
 */
import { highOf, lowOf, tenths } from "./tenths";

/** Two values of T as float64, reading exactly their bytes. */
// @ts-ignore: decorator
@inline
function pair<T>(p: usize): v128 {
  if (isFloat<T>()) return sizeof<T>() == 8 ? v128.load(p) : f64x2.promote_low_f32x4(v128.load64_zero(p));
  if (sizeof<T>() == 4) return f64x2.convert_low_i32x4_s(v128.load64_zero(p));
  const shorts = sizeof<T>() == 2 ? v128.load32_zero(p) : i16x8.extend_low_i8x16_s(v128.load16_splat(p));
  return f64x2.convert_low_i32x4_s(i32x4.extend_low_i16x8_s(shorts));
}

/** What the numbers of a column stand for. */
type Themselves = f64;
type Decimals = i32;

/** Two whole numbers of T as decimals, all bits set where one is the least of T, which stands for a missing value. */
// @ts-ignore: decorator
@inline
function decimals<T>(whole: v128, high: v128, low: v128): v128 {
  const missing = i64x2.extend_low_i32x4_s(i32x4.eq(whole, i32x4.splat(-1 << <i32>(8 * sizeof<T>() - 1))));
  return v128.or(tenths(whole, high, low), missing);
}

/** The value at p and the one behind it. */
// @ts-ignore: decorator
@inline
function pairOf<T, Form>(p: usize, high: v128, low: v128): v128 {
  if (isFloat<Form>()) return pair<T>(p);
  const shorts = sizeof<T>() == 2 ? v128.load32_zero(p) : i16x8.extend_low_i8x16_s(v128.load16_splat(p));
  return decimals<T>(sizeof<T>() == 4 ? v128.load64_zero(p) : i32x4.extend_low_i16x8_s(shorts), high, low);
}

/** The values at p and q. */
// @ts-ignore: decorator
@inline
function bothOf<T, Form>(p: usize, q: usize, high: v128, low: v128): v128 {
  if (isFloat<Form>()) return f64x2.replace_lane(f64x2.splat(<f64>load<T>(p)), 1, <f64>load<T>(q));
  return decimals<T>(i32x4.replace_lane(i32x4.splat(<i32>load<T>(p)), 1, <i32>load<T>(q)), high, low);
}

// @ts-ignore: decorator
@inline
function consecutive(index: usize, rows: i32): bool {
  return load<u32>(index + 4 * <usize>(rows - 1)) - load<u32>(index) == <u32>(rows - 1);
}

// @ts-ignore: decorator
@inline
function scaled(v: v128, fill: v128, shift: v128, scale: v128): v128 {
  return f64x2.mul(f64x2.sub(v128.bitselect(v, fill, f64x2.eq(v, v)), shift), scale);
}

/** The first i with out[i] NaN, or -1. */
function firstNaN(out: usize, rows: i32): i32 {
  for (let i = 0; i < rows; i++) {
    if (isNaN(load<f64>(out + 8 * <usize>i))) return i;
  }
  return -1;
}

/** out[i] = ((isNaN(v) ? fill : v) - shift) * scale, v = source[index[i]], or so many 10^-places where Form is Decimals; answers the first i whose result is NaN, or -1. */
// @ts-ignore: decorator
@inline
function encode<T, Form>(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64, places: i32): i32 {
  if (rows <= 0) return -1;
  const fills = f64x2.splat(fill);
  const shifts = f64x2.splat(shift);
  const scales = f64x2.splat(scale);
  const pairs = rows & ~1;
  const high = highOf(places);
  const low = lowOf(places);
  let missing = i64x2.splat(0);
  if (consecutive(index, rows)) {
    const first: usize = source + sizeof<T>() * <usize>load<u32>(index);
    for (let i = 0; i < pairs; i += 2) {
      const y = scaled(pairOf<T, Form>(first + sizeof<T>() * <usize>i, high, low), fills, shifts, scales);
      missing = v128.or(missing, f64x2.ne(y, y));
      v128.store(out + 8 * <usize>i, y);
    }
  } else {
    for (let i = 0; i < pairs; i += 2) {
      const p = index + 4 * <usize>i;
      const a = source + sizeof<T>() * <usize>load<u32>(p);
      const b = source + sizeof<T>() * <usize>load<u32>(p, 4);
      const y = scaled(bothOf<T, Form>(a, b, high, low), fills, shifts, scales);
      missing = v128.or(missing, f64x2.ne(y, y));
      v128.store(out + 8 * <usize>i, y);
    }
  }
  if (pairs < rows) {
    const a = source + sizeof<T>() * <usize>load<u32>(index + 4 * <usize>pairs);
    const y = scaled(bothOf<T, Form>(a, a, high, low), fills, shifts, scales);
    missing = v128.or(missing, f64x2.ne(y, y));
    v128.store64_lane(out + 8 * <usize>pairs, y, 0);
  }
  return v128.any_true(missing) ? firstNaN(out, rows) : -1;
}

export function encodeInt8(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64): i32 {
  return encode<i8, Themselves>(source, index, rows, out, fill, shift, scale, 0);
}

export function encodeInt16(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64): i32 {
  return encode<i16, Themselves>(source, index, rows, out, fill, shift, scale, 0);
}

export function encodeInt32(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64): i32 {
  return encode<i32, Themselves>(source, index, rows, out, fill, shift, scale, 0);
}

export function encodeFloat32(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64): i32 {
  return encode<f32, Themselves>(source, index, rows, out, fill, shift, scale, 0);
}

export function encodeFloat64(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64): i32 {
  return encode<f64, Themselves>(source, index, rows, out, fill, shift, scale, 0);
}

export function encodeDecimals8(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64, places: i32): i32 {
  return encode<i8, Decimals>(source, index, rows, out, fill, shift, scale, places);
}

export function encodeDecimals16(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64, places: i32): i32 {
  return encode<i16, Decimals>(source, index, rows, out, fill, shift, scale, places);
}

export function encodeDecimals32(source: usize, index: usize, rows: i32, out: usize, fill: f64, shift: f64, scale: f64, places: i32): i32 {
  return encode<i32, Decimals>(source, index, rows, out, fill, shift, scale, places);
}

/** out[i] = table[source[index[i]]]; answers the first i whose result is NaN, or -1. */
// @ts-ignore: decorator
@inline
function encodeCodes<T>(source: usize, index: usize, rows: i32, out: usize, table: usize): i32 {
  if (rows <= 0) return -1;
  let missing = false;
  if (consecutive(index, rows)) {
    const first: usize = source + sizeof<T>() * <usize>load<u32>(index);
    for (let i = 0; i < rows; i++) {
      const y = load<f64>(table + 8 * <usize>load<T>(first + sizeof<T>() * <usize>i));
      missing = missing || y != y;
      store<f64>(out + 8 * <usize>i, y);
    }
  } else {
    for (let i = 0; i < rows; i++) {
      const y = load<f64>(table + 8 * <usize>load<T>(source + sizeof<T>() * <usize>load<u32>(index + 4 * <usize>i)));
      missing = missing || y != y;
      store<f64>(out + 8 * <usize>i, y);
    }
  }
  return missing ? firstNaN(out, rows) : -1;
}

export function encodeCodes8(source: usize, index: usize, rows: i32, out: usize, table: usize): i32 {
  return encodeCodes<u8>(source, index, rows, out, table);
}

export function encodeCodes16(source: usize, index: usize, rows: i32, out: usize, table: usize): i32 {
  return encodeCodes<u16>(source, index, rows, out, table);
}

export function encodeCodes32(source: usize, index: usize, rows: i32, out: usize, table: usize): i32 {
  return encodeCodes<u32>(source, index, rows, out, table);
}

/**
 * Several columns of the same codes at once: out[i + step j / 8] = table[source[index[i]]][j], a row of the table having an even number
 * of float64. Two rows and two columns change places in registers.
 */
// @ts-ignore: decorator
@inline
function encodeRun<T>(source: usize, index: usize, rows: i32, out: usize, step: usize, table: usize, columns: i32): i32 {
  if (rows <= 0) return -1;
  const width: usize = 8 * (<usize>(columns + 1) & ~1);
  const isConsecutive = consecutive(index, rows);
  const first: usize = source + sizeof<T>() * <usize>load<u32>(index);
  const pairs = rows & ~1;
  for (let i = 0; i < pairs; i += 2) {
    let a: usize;
    let b: usize;
    if (isConsecutive) {
      const p = first + sizeof<T>() * <usize>i;
      a = table + width * <usize>load<T>(p);
      b = table + width * <usize>load<T>(p, sizeof<T>());
    } else {
      const p = index + 4 * <usize>i;
      a = table + width * <usize>load<T>(source + sizeof<T>() * <usize>load<u32>(p));
      b = table + width * <usize>load<T>(source + sizeof<T>() * <usize>load<u32>(p, 4));
    }
    let to = out + 8 * <usize>i;
    let j: usize = 0;
    for (; j + 16 <= 8 * <usize>columns; j += 16) {
      const x = v128.load(a + j);
      const y = v128.load(b + j);
      v128.store(to, v128.shuffle<i64>(x, y, 0, 2));
      v128.store(to + step, v128.shuffle<i64>(x, y, 1, 3));
      to += 2 * step;
    }
    if (j < 8 * <usize>columns) {
      store<f64>(to, load<f64>(a + j));
      store<f64>(to, load<f64>(b + j), 8);
    }
  }
  if (pairs < rows) {
    const a = table + width * <usize>load<T>(source + sizeof<T>() * <usize>load<u32>(index + 4 * <usize>pairs));
    for (let j = 0; j < columns; j++) store<f64>(out + 8 * <usize>pairs + step * <usize>j, load<f64>(a + 8 * <usize>j));
  }
  return -1;
}

export function encodeRun8(source: usize, index: usize, rows: i32, out: usize, step: usize, table: usize, columns: i32): i32 {
  return encodeRun<u8>(source, index, rows, out, step, table, columns);
}

export function encodeRun16(source: usize, index: usize, rows: i32, out: usize, step: usize, table: usize, columns: i32): i32 {
  return encodeRun<u16>(source, index, rows, out, step, table, columns);
}

export function encodeRun32(source: usize, index: usize, rows: i32, out: usize, step: usize, table: usize, columns: i32): i32 {
  return encodeRun<u32>(source, index, rows, out, step, table, columns);
}

/** What growing trees does with every row whatever its node: categories into bins, and derivatives into pairs. */
import { TO_INTEGER } from "./lanes";

/** out[i * columns] = codes[x[i]]; `missing` for NaN, fractions, and what is not in [0, n). */
export function binCategories(x: usize, rows: i32, codes: usize, n: i32, missing: i32, out: usize, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    const v = load<f64>(x + 8 * <usize>i);
    const known = v >= 0 && v < <f64>n && Math.floor(v) == v;
    store<u8>(out + <usize>(i * columns), known ? <i32>load<u8>(codes + <usize>v) : missing);
  }
}

/**
 * pairs[i] = (g[i], h[i]) as int64 quanta, which are powers of two; |g| and |h| are at most 2^51 of them. Second derivatives stand above
 * `countBits` bits that hold what the row counts for, a byte.
 */
export function roundPairs(
  g: usize,
  h: usize,
  counts: usize,
  rows: i32,
  gQuantum: f64,
  hQuantum: f64,
  countBits: i32,
  pairs: usize,
): void {
  // 1.5 * 2^52 quanta: adding it rounds, and leaves the number of quanta in the low bits.
  const gBig = TO_INTEGER * gQuantum;
  const hBig = TO_INTEGER * hQuantum;
  const firstBits = v128.splat<f64>(gBig);
  const secondBits = v128.splat<f64>(hBig);
  let i: usize = 0;
  for (; i + 2 <= <usize>rows; i += 2) {
    const first = i64x2.sub(f64x2.add(v128.load(g + 8 * i), firstBits), firstBits);
    let second = i64x2.sub(f64x2.add(v128.load(h + 8 * i), secondBits), secondBits);
    if (countBits) second = i64x2.add(i64x2.shl(second, countBits), twoCounts(counts + i));
    v128.store(pairs + 16 * i, v128.shuffle<i64>(first, second, 0, 2));
    v128.store(pairs + 16 * i, v128.shuffle<i64>(first, second, 1, 3), 16);
  }
  if (i < <usize>rows) {
    store<i64>(pairs + 16 * i, reinterpret<i64>(load<f64>(g + 8 * i) + gBig) - reinterpret<i64>(gBig));
    let second = reinterpret<i64>(load<f64>(h + 8 * i) + hBig) - reinterpret<i64>(hBig);
    if (countBits) second = (second << <i64>countBits) + <i64>load<u8>(counts + i);
    store<i64>(pairs + 16 * i, second, 8);
  }
}

/** Two bytes as int64. */
// @ts-ignore: decorator
@inline
function twoCounts(counts: usize): v128 {
  return i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load16_splat(counts))));
}

/** Lowers range[0] and raises range[1] to hold n numbers. */
export function widenRange(x: usize, n: i32, range: usize): void {
  let low = f64x2.splat(load<f64>(range));
  let high = f64x2.splat(load<f64>(range, 8));
  let i: usize = 0;
  for (; i + 2 <= <usize>n; i += 2) {
    const two = v128.load(x + 8 * i);
    low = f64x2.pmin(low, two);
    high = f64x2.pmax(high, two);
  }
  if (i < <usize>n) {
    const last = v128.load64_splat(x + 8 * i);
    low = f64x2.pmin(low, last);
    high = f64x2.pmax(high, last);
  }
  store<f64>(range, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(range, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)), 8);
}

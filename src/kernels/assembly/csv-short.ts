/**
 * Numbers of 1 to 8 characters, two at a time: digits, at most one point and not at the end, perhaps a minus before them. Both lie in one
 * vector, each aligned to the end of its half. The digits behind a point move down over it, which multiplies by ten, and neighbours are
 * added pair by pair (Lemire & Mula's parsing of eight digits). Digits and power of ten being exact, one division rounds correctly
 * (Clinger, "How to read floating point numbers accurately", PLDI 1990).
 */
import { Column, LAST, OFFSET, Scan } from "./csv-layout";

/** By the place of the point among 8 characters, 8 for none: what the digits must be divided by. */
const DIVISORS = memory.data<f64>([1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1]);

/** Vectors, which take three instructions each to make: loaded before the loop, they stay in registers. */
export const ZEROS = memory.data<u64>([0x3030_3030_3030_3030, 0x3030_3030_3030_3030]);
export const NINES = memory.data<u64>([0x0909_0909_0909_0909, 0x0909_0909_0909_0909]);
export const POINTS = memory.data<u64>([0xfefe_fefe_fefe_fefe, 0xfefe_fefe_fefe_fefe]);
export const MINUSES = memory.data<u64>([0xfdfd_fdfd_fdfd_fdfd, 0xfdfd_fdfd_fdfd_fdfd]);
export const EVEN_BYTES = memory.data<u64>([0x00ff_00ff_00ff_00ff, 0x00ff_00ff_00ff_00ff]);
export const BY_TENS = memory.data<u64>([0x000a_000a_000a_000a, 0x000a_000a_000a_000a]);
export const BY_HUNDREDS = memory.data<u64>([0x0001_0064_0001_0064, 0x0001_0064_0001_0064]);
export const BY_MYRIADS = memory.data<u64>([0x0001_2710_0001_2710, 0x0001_2710_0001_2710]);

/**
 * Takes numbers two by two from a row of the chunk on; answers the first row that has another text, or no row behind it. Exported
 * although only csv-convert.ts calls it: as a function of its own, without calls, it keeps everything in registers.
 */
export function csvShortNumbers(scanAt: usize, columnAt: usize, row: u32): u32 {
  const scan = changetype<Scan>(scanAt);
  const column = changetype<Column>(columnAt);
  const text = scan.text;
  const before = scan.ends + (<usize>column.field << 2) - 4;
  // The CR of a line end is not part of the last field; where only some lines have one, theirs are not short numbers.
  const cr: u32 = column.field + 1 == scan.fields ? scan.cr : 0;
  const last = scan.firsts + (<usize>scan.found << 2) - 4;
  const zeros = v128.load(ZEROS);
  const nines = v128.load(NINES);
  const point = v128.load(POINTS);
  const minus = v128.load(MINUSES);
  const evenBytes = v128.load(EVEN_BYTES);
  const byTens = v128.load(BY_TENS);
  const byHundreds = v128.load(BY_HUNDREDS);
  const byMyriads = v128.load(BY_MYRIADS);
  let out = column.out + (<usize>(scan.rows + row) << 3);
  let first = scan.firsts + (<usize>row << 2);
  for (; first < last; first += 8, out += 16) {
    // Shifted by two, the first end loses its mark.
    const at0 = before + (load<u32>(first) << 2);
    const at1 = before + (load<u32>(first, 4) << 2);
    // The mark of a field with quotes makes it far longer than 8.
    const end0 = load<u32>(at0, 4) - cr;
    const end1 = load<u32>(at1, 4) - cr;
    const length0 = end0 - ((load<u32>(at0) + 1) & OFFSET);
    const length1 = end1 - ((load<u32>(at1) + 1) & OFFSET);
    if (((length0 - 1) | (length1 - 1)) > 7) break;
    const mask = v128.load64_lane(LAST + length1, v128.load64_zero(LAST + length0), 1);
    const field = v128.and(i8x16.sub(v128.load64_lane(text + end1 - 8, v128.load64_zero(text + end0 - 8), 1), zeros), mask);
    let digits = field;
    let signs = i64x2.splat(0);
    let places: u32 = 0;
    if (v128.any_true(i8x16.sub_sat_u(field, nines))) {
      const minuses = v128.andnot(i8x16.eq(field, minus), i64x2.shl(mask, 8));
      const points = i8x16.eq(field, point);
      const unsigned = v128.andnot(field, minuses);
      // All bits where there is no point.
      const beforePoint = v128.andnot(i64x2.add(points, i64x2.splat(-1)), points);
      digits = v128.bitselect(unsigned, i64x2.shr_u(unsigned, 8), beforePoint);
      // The last character must be a digit itself.
      const lasts = v128.and(field, i64x2.splat(0xff00_0000_0000_0000));
      if (v128.any_true(i8x16.sub_sat_u(v128.or(digits, lasts), nines))) break;
      signs = v128.andnot(i64x2.splat(0x8000_0000_0000_0000), i64x2.eq(minuses, i64x2.splat(0)));
      places = <u32>i8x16.bitmask(points);
    }
    const pairs = i16x8.add(i16x8.mul(v128.and(digits, evenBytes), byTens), i16x8.shr_u(digits, 8));
    const quads = i32x4.dot_i16x8_s(pairs, byHundreds);
    let values = f64x2.convert_low_i32x4_s(i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(quads, quads), byMyriads));
    if (places) {
      const divisor0 = v128.load64_zero(DIVISORS + (<usize>ctz(places | 0x100) << 3));
      values = f64x2.div(values, v128.load64_lane(DIVISORS + (<usize>ctz((places >> 8) | 0x100) << 3), divisor0, 1));
    }
    v128.store(out, v128.xor(values, signs));
  }
  return <u32>((first - scan.firsts) >> 2);
}

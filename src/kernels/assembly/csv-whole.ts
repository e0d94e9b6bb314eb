/**
 * Numbers of up to 8 characters as whole numbers of 10^-places, four at a time: digits, at most one point and not at the end, perhaps a
 * minus before them, or nothing. What the column is stored as is known from the blocks before (src/data/csv/collect-numbers.ts), so that no
 * float has to be made, and none to be taken apart again. The digits are taken as in csv-short.ts, but those before the point move over it,
 * and each number is brought to the column's places by the power of ten that the place of its point asks for.
 */
import { Column, LAST, MISSING, OFFSET, Scan } from "./csv-layout";
import { BY_HUNDREDS, BY_MYRIADS, BY_TENS, EVEN_BYTES, MINUSES, NINES, POINTS, ZEROS } from "./csv-short";

/** By the bit of the point's place among 8 characters, 0 for none: the power of ten. Those of the column that is read. */
const POWERS = memory.data(4 * 129);
/** What is nearer to 2^31 may be beyond it: a product of float32 is off by less than a part in 2^22. */
const NEAR_INT32: f32 = 2_147_480_000;

/** Puts the powers for a column's places, 0 to 6; answers the bits of the places that no point may have, in each of 4 bytes. */
function preparePowers(places: u32): u32 {
  let power: i32 = 1;
  for (let behind: u32 = places; behind > 0; behind--, power *= 10) store<i32>(POWERS + (<usize>(128 >> behind) << 2), power);
  store<i32>(POWERS, power);
  return (0x80 | ((128 >> places) - 1)) * 0x0101_0101;
}

/**
 * Takes numbers four by four from a row of the chunk on; answers the first row of four that have another text among them, or of less than
 * four. Exported for the reason of csvShortNumbers.
 */
export function csvWholeNumbers(scanAt: usize, columnAt: usize, row: u32): u32 {
  const scan = changetype<Scan>(scanAt);
  const column = changetype<Column>(columnAt);
  const places = column.places;
  const noPoint = preparePowers(places);
  const cr: u32 = column.field + 1 == scan.fields ? scan.cr : 0;
  const before = scan.ends + (<usize>column.field << 2) - 4;
  const eighth = scan.text - 8 - cr;
  const masks = LAST - cr;
  const last = scan.firsts + (<usize>scan.found << 2) - 12;
  const zeros = v128.load(ZEROS);
  const nines = v128.load(NINES);
  const point = v128.load(POINTS);
  const evenBytes = v128.load(EVEN_BYTES);
  const byTens = v128.load(BY_TENS);
  const byHundreds = v128.load(BY_HUNDREDS);
  const byMyriads = v128.load(BY_MYRIADS);
  let least = i32x4.splat(column.least);
  let most = i32x4.splat(column.most);
  let out = column.out + (<usize>(scan.rows + row) << 2);
  let first = scan.firsts + (<usize>row << 2);
  for (; first < last; first += 16, out += 16) {
    const at0 = before + (load<u32>(first) << 2);
    const at1 = before + (load<u32>(first, 4) << 2);
    const at2 = before + (load<u32>(first, 8) << 2);
    const at3 = before + (load<u32>(first, 12) << 2);
    const end0 = load<u32>(at0, 4);
    const end1 = load<u32>(at1, 4);
    const end2 = load<u32>(at2, 4);
    const end3 = load<u32>(at3, 4);
    // With the CR of a line end. The mark of a field with quotes makes it far longer than 8.
    const length0 = end0 - ((load<u32>(at0) + 1) & OFFSET);
    const length1 = end1 - ((load<u32>(at1) + 1) & OFFSET);
    const length2 = end2 - ((load<u32>(at2) + 1) & OFFSET);
    const length3 = end3 - ((load<u32>(at3) + 1) & OFFSET);
    const lengths = (length0 - cr - 1) | (length1 - cr - 1) | (length2 - cr - 1) | (length3 - cr - 1);
    // One of 0 characters is above all others here, and 7 in the next sum.
    if (lengths > 7 && ((length0 - cr + 7) | (length1 - cr + 7) | (length2 - cr + 7) | (length3 - cr + 7)) > 15) break;
    const maskA = v128.load64_lane(masks + length1, v128.load64_zero(masks + length0), 1);
    const maskB = v128.load64_lane(masks + length3, v128.load64_zero(masks + length2), 1);
    const a = v128.and(i8x16.sub(v128.load64_lane(eighth + end1, v128.load64_zero(eighth + end0), 1), zeros), maskA);
    const b = v128.and(i8x16.sub(v128.load64_lane(eighth + end3, v128.load64_zero(eighth + end2), 1), zeros), maskB);
    let digitsA = a;
    let digitsB = b;
    let negative = i32x4.splat(0);
    let bits: u32 = 0;
    if (v128.any_true(v128.or(i8x16.sub_sat_u(a, nines), i8x16.sub_sat_u(b, nines)))) {
      const pointsA = i8x16.eq(a, point);
      const pointsB = i8x16.eq(b, point);
      bits = <u32>i8x16.bitmask(pointsA) | (<u32>i8x16.bitmask(pointsB) << 16);
      // No second point: without its lowest bit a byte is 0.
      if ((bits & noPoint) | (bits & ((bits | 0x8080_8080) - 0x0101_0101))) break;
      const upToA = upTo(pointsA);
      const upToB = upTo(pointsB);
      digitsA = v128.bitselect(i64x2.shl(a, 8), a, upToA);
      digitsB = v128.bitselect(i64x2.shl(b, 8), b, upToB);
      if (v128.any_true(v128.or(i8x16.sub_sat_u(digitsA, nines), i8x16.sub_sat_u(digitsB, nines)))) {
        const minusA = minuses(a, maskA);
        const minusB = minuses(b, maskB);
        const unsignedA = v128.andnot(a, minusA);
        const unsignedB = v128.andnot(b, minusB);
        digitsA = v128.bitselect(i64x2.shl(unsignedA, 8), unsignedA, upToA);
        digitsB = v128.bitselect(i64x2.shl(unsignedB, 8), unsignedB, upToB);
        // The last character must be a digit itself.
        const lasts = v128.and(v128.or(i8x16.sub_sat_u(a, nines), i8x16.sub_sat_u(b, nines)), i64x2.splat(0xff00_0000_0000_0000));
        if (v128.any_true(v128.or(v128.or(i8x16.sub_sat_u(digitsA, nines), i8x16.sub_sat_u(digitsB, nines)), lasts))) break;
        const none = i64x2.splat(0);
        negative = v128.shuffle<i32>(i64x2.ne(minusA, none), i64x2.ne(minusB, none), 0, 2, 4, 6);
      }
    }
    const pairsA = i16x8.add(i16x8.mul(v128.and(digitsA, evenBytes), byTens), i16x8.shr_u(digitsA, 8));
    const pairsB = i16x8.add(i16x8.mul(v128.and(digitsB, evenBytes), byTens), i16x8.shr_u(digitsB, 8));
    const quads = i16x8.narrow_i32x4_s(i32x4.dot_i16x8_s(pairsA, byHundreds), i32x4.dot_i16x8_s(pairsB, byHundreds));
    let whole = i32x4.dot_i16x8_s(quads, byMyriads);
    if (places) {
      let powers = v128.load32_zero(POWERS + ((bits << 2) & 0x3fc));
      powers = v128.load32_lane(POWERS + ((bits >> 6) & 0x3fc), powers, 1);
      powers = v128.load32_lane(POWERS + ((bits >> 14) & 0x3fc), powers, 2);
      powers = v128.load32_lane(POWERS + ((bits >> 22) & 0x3fc), powers, 3);
      // Below 10^8 before, so that one place more still fits.
      if (places > 1 && v128.any_true(f32x4.gt(f32x4.mul(f32x4.convert_i32x4_s(whole), f32x4.convert_i32x4_s(powers)), f32x4.splat(NEAR_INT32)))) break;
      whole = i32x4.mul(whole, powers);
    }
    if (v128.any_true(negative)) {
      // -0 is no whole number.
      if (v128.any_true(v128.and(negative, i32x4.eq(whole, i32x4.splat(0))))) break;
      whole = i32x4.sub(v128.xor(whole, negative), negative);
    }
    least = i32x4.min_s(least, whole);
    most = i32x4.max_s(most, whole);
    if (lengths > 7) {
      const empty = i32x4.eq(i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(length0), 1, length1), 2, length2), 3, length3), i32x4.splat(cr));
      whole = v128.bitselect(i32x4.splat(MISSING), whole, empty);
      column.missing = 1;
    }
    v128.store(out, whole);
  }
  column.least = min(min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)), min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)));
  column.most = max(max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)), max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)));
  return <u32>((first - scan.firsts) >> 2);
}

/** All bytes of a half up to its point; none where it has none. */
// @ts-ignore: decorator
@inline
function upTo(points: v128): v128 {
  return v128.or(v128.andnot(i64x2.add(points, i64x2.splat(-1)), i64x2.eq(points, i64x2.splat(0))), points);
}

/** The minus that a text begins with. */
// @ts-ignore: decorator
@inline
function minuses(field: v128, mask: v128): v128 {
  return v128.andnot(i8x16.eq(field, v128.load(MINUSES)), i64x2.shl(mask, 8));
}

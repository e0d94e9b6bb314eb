/**
 * Whole numbers of 31 bits divided by a power of ten, rounded to the nearest float64, in a third of the time of a division. 10^-places is
 * the sum of HIGH, which has 21 bits, so that its product is exact, and LOW. The sum of both products is rounded once, and what it lacks is
 * below 2^-19 of half a unit in the last place, 2^-j. No quotient comes that near to the middle of two float64: its distance from any m / 2^j
 * is zero or, j being at least p, 5^-p halves at least; and one that lies on a multiple of 2^-j has too few bits to be a middle.
 */

/** By places, 0 to 6. */
const HIGH = memory.data<f64>([
  1.0, 0.09999996423721313, 0.009999997913837433, 0.0009999992325901985, 9.999994654208422e-5, 9.999996109399945e-6, 9.99999429041054e-7,
]);
const LOW = memory.data<f64>([
  0.0, 3.5762786865234374e-8, 2.086162567138672e-9, 7.674098014831543e-10, 5.3457915782928466e-11, 3.890600055456161e-12, 5.709589459002018e-13,
]);

// @ts-ignore: decorator
@inline
export function highOf(places: u32): v128 {
  return v128.load64_splat(HIGH + (<usize>places << 3));
}

// @ts-ignore: decorator
@inline
export function lowOf(places: u32): v128 {
  return v128.load64_splat(LOW + (<usize>places << 3));
}

/** The first two int32 lanes as decimals. */
// @ts-ignore: decorator
@inline
export function tenths(whole: v128, high: v128, low: v128): v128 {
  const numbers = f64x2.convert_low_i32x4_s(whole);
  return f64x2.add(f64x2.mul(numbers, high), f64x2.mul(numbers, low));
}

/** Constants of both SIMD lanes are loaded: V8 takes one instruction for that, and five to build one from immediate operands. */

// @ts-ignore: decorator
@inline
export function both(constant: usize): v128 {
  return v128.load64_splat(constant);
}

/** 1.5 * 2^52: adding it rounds to an integer, which the low bits of the sum then hold. */
export const TO_INTEGER: f64 = 6755399441055744.0;
export const toInteger: usize = memory.data<f64>([TO_INTEGER]);

/** The sign bit. */
export const minusZero: usize = memory.data<f64>([-0.0]);
export const one: usize = memory.data<f64>([1.0]);
export const half: usize = memory.data<f64>([1.0 / 2.0]);
export const third: usize = memory.data<f64>([1.0 / 3.0]);
export const fourth: usize = memory.data<f64>([1.0 / 4.0]);
export const fifth: usize = memory.data<f64>([1.0 / 5.0]);
export const sixth: usize = memory.data<f64>([1.0 / 6.0]);
export const seventh: usize = memory.data<f64>([1.0 / 7.0]);

import { hashRow } from "../../src/kernels/hash.ts";
import { float64, type Kernels, kernels, uint32 } from "../../src/kernels/kernels.ts";

/** Numbers in [low, high), the same at every run, with all 52 bits of fraction in use. */
export function random(n: number, seed: number, low = 0, high = 1): Float64Array {
  const unit = (i: number): number => (hashRow(seed, 2 * i) + hashRow(seed, 2 * i + 1) / 2 ** 32) / 2 ** 32;
  return Float64Array.from({ length: n }, (_, i) => low + (high - low) * unit(i));
}

/** Whole numbers in [-9, 9]: their products and sums are exact in any order. */
export function wholeNumbers(n: number, seed: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (hashRow(seed, i) % 19) - 9);
}

/** Columns as a column-major block with zeros up to an even stride. */
export function placeBlock(k: Kernels, columns: readonly Float64Array[]): { x: number; stride: number } {
  const rows = columns[0]?.length ?? 0;
  const stride = rows + (rows & 1);
  const x = k.allocate(8 * stride * columns.length);
  columns.forEach((column, j) => {
    float64(k, x, stride * columns.length).set(column, j * stride);
  });
  return { x, stride };
}

export function placeUint32(k: Kernels, values: readonly number[]): number {
  const address = k.allocate(4 * values.length);
  uint32(k, address, values.length).set(values);
  return address;
}

/** A copy of what a kernel wrote. */
export const read = (address: number, n: number): Float64Array => float64(kernels(), address, n).slice();

/**
 * What a block holds, as views that can be read but not written. Blocks of a part share their memory with whoever reads the part next, in
 * this round or in another, so a learner that needs other weights or labels makes its own: a write through one of these is a type error.
 */
import { float64, type Kernels, uint32 } from "../kernels/kernels.ts";
import type { Block, SparseBlock } from "./learner.ts";

type Writing = "set" | "fill" | "sort" | "reverse" | "copyWithin" | "subarray" | "buffer";
/** A typed array without what writes to it or opens its memory. */
type ReadOnly<A> = Readonly<Omit<A, Writing>>;
export type Values = ReadOnly<Float64Array>;
type Places = ReadOnly<Uint32Array>;

type AnyBlock = Pick<Block | SparseBlock, "rows" | "label" | "weight">;

/** By row of the block, like all here but the entries of sparse rows. */
export const labelsOf = (k: Kernels, { rows, label }: AnyBlock): Values => float64(k, label, rows);
export const weightsOf = (k: Kernels, { rows, weight }: AnyBlock): Values => float64(k, weight, rows);
export const placesOf = (k: Kernels, { rows, index }: Block): Places => uint32(k, index, rows);
export const valuesOf = (k: Kernels, { rows, x, stride }: Block, column: number): Values => float64(k, x + 8 * column * stride, rows);

interface Entries {
  /** The entries of row i are those from starts[i] to before starts[i + 1]. */
  readonly starts: Places;
  /** Column and value by entry. */
  readonly indices: Places;
  readonly values: Values;
}

export function entriesOf(k: Kernels, { rows, offsets, indices, values }: SparseBlock): Entries {
  const starts = uint32(k, offsets, rows + 1);
  const entries = starts[rows];
  return { starts, indices: uint32(k, indices, entries), values: float64(k, values, entries) };
}

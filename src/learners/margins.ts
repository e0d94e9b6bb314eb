/** Margins of rows, however a block has them. */
import type { Kernels } from "../kernels/kernels.ts";
import type { Block, SparseBlock } from "./learner.ts";

/** z[i] = intercept + the products of row i with the float64 weights, a column each; `weights` and `z` are addresses. */
export function blockMargins(k: Kernels, block: Block | SparseBlock, weights: number, intercept: number, z: number): void {
  const { rows } = block;
  if ("x" in block) k.margins(block.x, block.stride, rows, block.columns, weights, intercept, z);
  else k.sparseMargins(block.offsets, block.indices, block.values, rows, weights, intercept, z);
}

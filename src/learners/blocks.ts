/** How rows come to a learner, and how many a block has: part of the contract, because the order of sums depends on it. */

/** Views with more columns are read as sparse rows: a block of them would be mostly zeros, and a row costs by its non-zeros, not by the columns. */
export const WIDE_COLUMNS = 256;

/** Bytes of one block: half a second-level cache, the other half holding what the kernels derive from it. */
const BLOCK_BYTES = 256 * 1024;
const MOST_ROWS = 512;

/** Rows of a block with so many columns; even, because the kernels take two rows at a time, and 512 up to 64 columns. */
export function blockRows(columns: number): number {
  return Math.max(64, Math.min(MOST_ROWS, 2 * Math.floor(BLOCK_BYTES / 16 / Math.max(1, columns))));
}

/** Random columns and rows, by hash: the same for whoever draws. */
import { hashRow } from "../../kernels/hash.ts";

/** The share of the columns with the lowest hashes, at least one, ascending. */
export function drawColumns(columns: readonly number[], share: number, key: number): readonly number[] {
  if (share >= 1) return columns;
  const count = Math.max(1, Math.ceil(share * columns.length));
  const drawn = columns.map((column) => [hashRow(key, column), column]).sort(([a, i], [b, j]) => a - b || i - j);
  return drawn
    .slice(0, count)
    .map(([, column]) => column)
    .sort((a, b) => a - b);
}

/** Hashes below which a row is in a share of all. */
export const belowOf = (share: number): number => Math.floor(share * 2 ** 32);

/**
 * Where the bins of a histogram lie: pairs (sum of g, sum of h) column by column, and after them, where rows are counted apart, the rows
 * of each bin in the same order. Float64 all.
 */
import type { Cuts } from "../../learner.ts";
import { binsOf } from "../../trees/bins/bins.ts";

/** Counted in a plane of their own; as many as the sum of h says, because h is 1; or unknown, because nobody asks. */
export type RowCounts = "plane" | "hessian" | "none";

export interface Layout {
  /** By column: its first bin, and how many it has; the last is that of missing values. */
  readonly starts: readonly number[];
  readonly bins: readonly number[];
  readonly total: number;
  readonly rows: RowCounts;
  /** Numbers of one histogram. */
  readonly size: number;
}

export const layoutOf = ({ columns }: Cuts, rows: RowCounts): Layout => layoutWith(columns.map(binsOf), rows);

/** Of columns of so many bins. */
export function layoutWith(bins: readonly number[], rows: RowCounts): Layout {
  let total = 0;
  const starts = bins.map((own) => {
    total += own;
    return total - own;
  });
  // Pairs of the next histogram begin at a multiple of their 16 bytes, also after a plane of counts.
  total += total % 2;
  return { starts, bins, total, rows, size: (rows === "plane" ? 3 : 2) * total };
}

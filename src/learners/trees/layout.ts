/**
 * Where the bins of a histogram lie: pairs (sum of g, sum of h) column by column, and after them, where rows are counted apart, the rows
 * of each bin in the same order. Float64 all.
 */
import type { Cuts } from "../learner.ts";
import { binsOf } from "./bins.ts";

/** Counted in a plane of their own; as many as the sum of h says, because h is 1; or unknown, because nobody asks. */
export type RowCounts = "plane" | "hessian" | "none";

export interface Layout {
  /** By column: its first bin, and how many it has; the last is that of missing values. */
  readonly starts: readonly number[];
  readonly bins: readonly number[];
  readonly total: number;
  /** Every column has room for 256 bins, whose places are then constants for the kernel. */
  readonly even: boolean;
  readonly rows: RowCounts;
  /** Numbers of one histogram. */
  readonly size: number;
}

/** Of all bins that must be there for the room of the others not to matter. */
const EVEN_SHARE = 0.75;

export function layoutOf({ columns }: Cuts, rows: RowCounts): Layout {
  const bins = columns.map(binsOf);
  const even = bins.reduce((sum, own) => sum + own, 0) > EVEN_SHARE * 256 * bins.length;
  let total = 0;
  const starts = bins.map((own) => {
    total += even ? 256 : own;
    return total - (even ? 256 : own);
  });
  return { starts, bins, total, even, rows, size: (rows === "plane" ? 3 : 2) * total };
}

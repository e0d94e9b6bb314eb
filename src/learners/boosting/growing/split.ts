/**
 * The best split of a node from its histogram of first and second derivatives (Chen & Guestrin, "XGBoost", KDD 2016, equations 6 and 7,
 * without the half; as LightGBM and scikit-learn count). Missing values are tried on both sides; where a node has none, they go with
 * the larger child. Of equal gains the first wins: smaller column, fewer bins to the left, missing right before left.
 */
import { float64, place, withKernels } from "../../../kernels/kernels.ts";
import type { Layout } from "./layout.ts";

export interface SplitRules {
  readonly l1: number;
  readonly l2: number;
  readonly minRows: number;
  /** Least sum of second derivatives in a child. */
  readonly minWeight: number;
  readonly minGain: number;
}

/** Sums over the rows of a node; `rows` is NaN where they are not counted. */
export interface Sums {
  readonly g: number;
  readonly h: number;
  readonly rows: number;
}

export interface Split {
  readonly column: number;
  /** A byte for each bin of the column, that of missing values last: 1 goes left. */
  readonly goesLeft: Uint8Array;
  /** Last bin of numbers that goes left; -1 at a split by category. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
  /** L2 penalty on the children's values besides the parameter's; none where it is left out. */
  readonly l2?: number;
}

/** Soft threshold. */
export const shrunk = (g: number, l1: number): number => (g > l1 ? g - l1 : g < -l1 ? g + l1 : 0);

export const score = (g: number, h: number, l1: number, l2: number): number => {
  const t = shrunk(g, l1);
  return (t * t) / (h + l2);
};

/** Newton's step for the rows of a node. */
export function leafValue({ g, h }: Sums, { l1, l2 }: SplitRules): number {
  return h + l2 > 0 ? -shrunk(g, l1) / (h + l2) : 0;
}

/** Relative to a node's own score: gains below are rounding. */
const ROUNDING = 1e-13;

/** What the kernel found: gain, column, bin, side, and g, h and rows of the left child. */
const FOUND = 7;

/** The gain that a split of the node must exceed. */
export const leastGain = (node: Sums, { l1, l2, minGain }: SplitRules): number =>
  Math.max(minGain, ROUNDING * score(node.g, node.h, l1, l2));

/** Of columns of numbers, ascending, that the node may use; null when none gains more than `least`. */
export function bestSplit(
  histogram: Float64Array,
  layout: Layout,
  node: Sums,
  rules: SplitRules,
  columns: Iterable<number>,
  least: number,
): Split | null {
  const { starts, bins, total, rows: counting } = layout;
  const { l1, l2 } = rules;
  const parent = score(node.g, node.h, l1, l2);
  return withKernels((k) => {
    const at = place(k, histogram);
    const found = place(k, Float64Array.of(least, -1, 0, 0, 0, 0, 0));
    const minRows = counting === "none" ? 0 : rules.minRows;
    const rows = counting === "none" ? Number.POSITIVE_INFINITY : node.rows;
    const minH = Math.max(rules.minWeight, Number.MIN_VALUE);
    for (const column of columns) {
      const start = starts[column];
      // Counts lie in a plane of their own, or are the second derivatives.
      const [counts, step] = counting === "plane" ? [at + 8 * (2 * total + start), 8] : [at + 16 * start + 8, 16];
      const own = at + 16 * start;
      k.searchNumbers(own, bins[column], counts, step, node.g, node.h, rows, parent, l1, l2, minRows, minH, column, found);
    }
    const [gain, column, bin, side, g, h, leftRows] = float64(k, found, FOUND);
    if (column < 0) return null;
    return splitOf({ gain, column, bin, missingLeft: side === 1, g, h, rows: leftRows }, histogram, layout, node);
  });
}

interface Found {
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  /** Of the left child. */
  readonly g: number;
  readonly h: number;
  readonly rows: number;
}

export function splitOf(found: Found, histogram: Float64Array, { starts, bins, total, rows }: Layout, node: Sums): Split {
  const { column, bin, gain } = found;
  const missing = bins[column] - 1;
  const at = starts[column] + missing;
  const left = { g: found.g, h: found.h, rows: rows === "none" ? Number.NaN : found.rows };
  const right = { g: node.g - left.g, h: node.h - left.h, rows: node.rows - left.rows };
  const hasMissing = histogram[2 * at + 1] > 0 || (rows === "plane" && histogram[2 * total + at] > 0);
  const larger = rows === "none" ? left.h > right.h : left.rows > right.rows;
  const missingLeft = hasMissing ? found.missingLeft : larger;
  const goesLeft = new Uint8Array(bins[column]).fill(1, 0, bin + 1);
  goesLeft[missing] = Number(missingLeft);
  return { column, goesLeft, bin, missingLeft, gain, left, right };
}

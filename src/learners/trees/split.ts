/**
 * The best split of a node from its histogram of first and second derivatives (Chen & Guestrin, "XGBoost", KDD 2016, equations 6 and 7,
 * without the half; as LightGBM and scikit-learn count). Missing values are tried on both sides; where a node has none, they go with
 * the larger child. Of equal gains the first wins: smaller column, fewer bins to the left, missing right before left.
 */
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
}

/** Soft threshold. */
export const shrunk = (g: number, l1: number): number => (g > l1 ? g - l1 : g < -l1 ? g + l1 : 0);

const score = (g: number, h: number, l1: number, l2: number): number => {
  const t = shrunk(g, l1);
  return (t * t) / (h + l2);
};

/** Newton's step for the rows of a node. */
export function leafValue({ g, h }: Sums, { l1, l2 }: SplitRules): number {
  return h + l2 > 0 ? -shrunk(g, l1) / (h + l2) : 0;
}

/** Relative to a node's own score: gains below are rounding. */
const ROUNDING = 1e-13;

/** Null when no split gains. `columns` are those that the node may use, ascending. */
export function bestSplit(histogram: Float64Array, layout: Layout, node: Sums, rules: SplitRules, columns: Iterable<number>): Split | null {
  const parent = score(node.g, node.h, rules.l1, rules.l2);
  let best: Found = { column: -1, bin: 0, missingLeft: false, gain: Math.max(rules.minGain, ROUNDING * parent), g: 0, h: 0, rows: 0 };
  for (const column of columns) best = searchNumbers(best, histogram, layout, column, node, parent, rules);
  return best.column < 0 ? null : splitOf(best, histogram, layout, node);
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

function searchNumbers(
  known: Found,
  histogram: Float64Array,
  { starts, bins, total, rows: counting }: Layout,
  column: number,
  node: Sums,
  parent: number,
  { l1, l2, minRows, minWeight }: SplitRules,
): Found {
  const start = starts[column];
  const missing = bins[column] - 1;
  const missingH = histogram[2 * (start + missing) + 1];
  // Where counts of rows lie: every 1 or 2 numbers from there on.
  const [counts, step] = counting === "plane" ? [2 * total + start, 1] : [2 * start + 1, 2];
  const missingRows = histogram[counts + step * missing];
  const hasMissing = missingH > 0 || missingRows > 0;
  const countsRows = counting !== "none" && minRows > 1;
  const leastH = Math.max(minWeight, Number.MIN_VALUE);
  let best = known.gain;
  let found = known;
  for (let side = 0; side < (hasMissing ? 2 : 1); side++) {
    let g = side === 0 ? 0 : histogram[2 * (start + missing)];
    let h = side === 0 ? 0 : missingH;
    let rows = side === 0 ? 0 : missingRows;
    // The last bin of numbers against the missing values is a split too, unless they went left.
    const end = hasMissing && side === 0 ? missing : missing - 1;
    for (let bin = 0; bin < end; bin++) {
      const at = 2 * (start + bin);
      g += histogram[at];
      h += histogram[at + 1];
      rows += histogram[counts + step * bin];
      if (h < leastH || (countsRows && rows < minRows)) continue;
      const other = node.h - h;
      if (other < leastH || (countsRows && node.rows - rows < minRows)) break;
      const rest = node.g - g;
      const gain =
        l1 === 0 ? (g * g) / (h + l2) + (rest * rest) / (other + l2) - parent : score(g, h, l1, l2) + score(rest, other, l1, l2) - parent;
      if (gain > best) {
        best = gain;
        found = { column, bin, missingLeft: side === 1, gain, g, h, rows };
      }
    }
  }
  return found;
}

function splitOf(found: Found, histogram: Float64Array, { starts, bins, total, rows }: Layout, node: Sums): Split {
  const { column, bin, gain } = found;
  const missing = bins[column] - 1;
  const at = starts[column] + missing;
  const left = { g: found.g, h: found.h, rows: rows === "none" ? Number.NaN : found.rows };
  const right = { g: node.g - left.g, h: node.h - left.h, rows: node.rows - left.rows };
  const hasMissing = histogram[2 * at + 1] > 0 || (rows === "plane" && histogram[2 * total + at] > 0);
  const larger = rows === "none" ? left.h > right.h : left.rows > right.rows;
  const missingLeft = hasMissing ? found.missingLeft : larger;
  const goesLeft = Uint8Array.from({ length: bins[column] }, (_, b) => Number(b === missing ? missingLeft : b <= bin));
  return { column, goesLeft, bin, missingLeft, gain, left, right };
}

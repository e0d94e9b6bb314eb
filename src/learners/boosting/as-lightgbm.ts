/**
 * The order and the counts by which LightGBM searches a node (`FindBestThresholdSequentially`). It knows the rows of a node but not those
 * of a bin, and takes them for the bin's share of the node's second derivatives, each rounded to whole rows; its least rows of a leaf are
 * of these. It cuts numbers from the highest down with missing values on the left, then from the lowest up with missing values on the
 * right; of equal gains the first wins.
 *
 * Any search from left to right does the same on another histogram, in which a column of numbers stands backwards and, where the node has
 * missing values, once more as it is. Missing values are left out of both, which puts them on the right of what the search cuts.
 *
 * Not repeated is what rounding does to it alone: float sums leave rows in empty bins after subtracting a sibling, which moves a cut
 * between the same rows; where zero is in the lowest bin, it gets the rows that rounding left over; and a column with missing values is
 * cut from the lowest up also where the node has none, which differs by the rounding of rows only.
 */
import { type Layout, layoutWith } from "./growing/layout.ts";
import type { Directions } from "./growing/monotone.ts";
import { type Split, type Sums, splitOf } from "./growing/split.ts";

/** What a search needs to know of the columns of a histogram. */
export interface Columns {
  readonly layout: Layout;
  /** Levels of categories, 0 for numbers. */
  readonly levels: readonly number[];
  readonly directions: Directions | null;
}

interface Seen {
  readonly histogram: Float64Array;
  readonly columns: Columns;
  /** A split of it as one of the node. */
  splitOf(found: Split): Split;
}

/** How the histogram of one column of a node whose rows are known is searched. */
export type Seeing = (histogram: Float64Array, own: Columns, node: Sums, column: number) => Seen;

/** The column as one that is searched. */
interface Stand {
  readonly isBackwards: boolean;
  /** Bins that are copied, and the bins that the search takes it to have. */
  readonly copied: number;
  readonly bins: number;
}

/** In LightGBM's order. */
export const seenByLightgbm: Seeing = (histogram, own, node, column) => {
  const { layout, levels, directions } = own;
  const { starts, bins, total, rows: counting } = layout;
  const rowsOf = (bin: number): number => histogram[counting === "plane" ? 2 * total + bin : 2 * bin + 1];
  const numbers = bins[column] - 1;
  const missing = starts[column] + numbers;
  const hasMissing = histogram[2 * missing + 1] > 0 || rowsOf(missing) > 0;
  const backwards = { isBackwards: true, copied: numbers, bins: numbers + 1 };
  // One more bin without rows lets all numbers go left, and the missing values right.
  const forwards = { isBackwards: false, copied: numbers, bins: numbers + 2 };
  const asIs = { isBackwards: false, copied: bins[column], bins: bins[column] };
  const stands: readonly Stand[] = levels[column] > 0 ? [asIs] : hasMissing ? [backwards, forwards] : [backwards];
  const seen = layoutWith(
    stands.map((stand) => stand.bins),
    counting,
  );
  const to = new Float64Array(seen.size);
  const rowsPerHessian = node.rows / node.h;
  stands.forEach(({ isBackwards, copied }, place) => {
    for (let i = 0; i < copied; i++) {
      const from = starts[column] + (isBackwards ? copied - 1 - i : i);
      const bin = seen.starts[place] + i;
      to[2 * bin] = histogram[2 * from];
      to[2 * bin + 1] = histogram[2 * from + 1];
      if (counting === "plane") to[2 * seen.total + bin] = Math.floor(histogram[2 * from + 1] * rowsPerHessian + 0.5);
    }
  });
  return {
    histogram: to,
    columns: {
      layout: seen,
      levels: stands.map(() => levels[column]),
      directions: directions && stands.map(({ isBackwards }) => (isBackwards ? -directions[column] : directions[column])),
    },
    splitOf(found) {
      const { isBackwards } = stands[found.column];
      const start = starts[column];
      const rowsLeft = (goesLeft: (bin: number) => boolean): number => {
        let rows = 0;
        for (let bin = 0; bin < bins[column]; bin++) if (goesLeft(bin)) rows += rowsOf(start + bin);
        return rows;
      };
      if (levels[column] > 0) {
        const rows = rowsLeft((bin) => found.goesLeft[bin] === 1);
        return { ...found, column, left: { ...found.left, rows }, right: { ...found.right, rows: node.rows - rows } };
      }
      const bin = isBackwards ? numbers - 2 - found.bin : found.bin;
      const { g, h } = isBackwards ? found.right : found.left;
      const rows = rowsLeft((own) => own <= bin || (isBackwards && own === numbers));
      const split = splitOf({ column, bin, missingLeft: isBackwards, gain: found.gain, g, h, rows }, histogram, layout, node);
      split.goesLeft[numbers] = Number(isBackwards);
      return { ...split, missingLeft: isBackwards };
    },
  };
};

/**
 * The best split of a node by one column, from the channels of its bins. Missing values are tried on both sides; where a node has none,
 * they go with the heavier child. Categories are ordered by their mean, of several classes by their share of the node's largest one, and
 * cut like numbers (Breiman et al. 1984, 4.2.2: for two classes and for numbers no subset is better).
 */
import type { Purity } from "./criterion.ts";

export interface Found {
  gain: number;
  column: number;
  /** By bin, that of missing values last: 1 goes left. */
  goesLeft: Uint8Array;
  /** Last bin of numbers that goes left; -1 at a split by category. */
  bin: number;
  missingLeft: boolean;
  /** Of the left child. */
  weight: number;
}

export interface Search {
  readonly channels: number;
  readonly purity: Purity;
  /** Rows that a child must have. */
  readonly least: number;
  /** Room for the channels of a side. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** By bin: channels, weight and number of its rows. */
export interface BinSums {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  readonly counts: Uint32Array;
}

export interface ColumnSums extends BinSums {
  readonly column: number;
  readonly rows: number;
  /** The first and the last bin that has rows, missing values aside. */
  readonly low: number;
  readonly high: number;
  readonly bins: number;
  readonly categories: boolean;
}

/** Replaces `best` by a split of this column that gains more; `node` are the channels of all rows, `parent` their purity. */
export function searchColumn(best: Found, search: Search, own: ColumnSums, node: Float64Array, weight: number, parent: number): void {
  const missing = own.bins - 1;
  const order = orderOf(own, search.channels, node);
  const hasMissing = own.weights[missing] > 0;
  for (let side = 0; side < (hasMissing ? 2 : 1); side++) tryOrder(best, search, own, node, weight, parent, order, side === 1, hasMissing);
}

/** Bins that have rows, missing values aside. */
function orderOf({ sums, weights, low, high, categories }: ColumnSums, channels: number, node: Float64Array): number[] {
  const order: number[] = [];
  for (let bin = low; bin <= high; bin++) if (weights[bin] > 0) order.push(bin);
  if (!categories) return order;
  // Of a number its second channel; of two classes the second.
  let key = 1;
  for (let k = 0; channels > 2 && k < channels; k++) if (node[k] > node[key]) key = k;
  const mean = (bin: number): number => sums[bin * channels + key] / weights[bin];
  return order.sort((a, b) => mean(a) - mean(b) || a - b);
}

function tryOrder(
  best: Found,
  { channels, purity, least, left, right }: Search,
  { column, rows, sums, weights, counts, bins, categories }: ColumnSums,
  node: Float64Array,
  weight: number,
  parent: number,
  order: readonly number[],
  missingLeft: boolean,
  hasMissing: boolean,
): void {
  const missing = bins - 1;
  left.fill(0);
  let [heavy, count] = [0, 0];
  if (missingLeft) {
    for (let k = 0; k < channels; k++) left[k] = sums[missing * channels + k];
    heavy = weights[missing];
    count = counts[missing];
  }
  // All that is not missing against what is: a split too, unless missing values went left.
  const last = hasMissing && !missingLeft ? order.length : order.length - 1;
  let [gain, place, leftWeight] = [best.gain, -1, 0];
  for (let i = 0; i < last; i++) {
    const bin = order[i];
    for (let k = 0; k < channels; k++) left[k] += sums[bin * channels + k];
    heavy += weights[bin];
    count += counts[bin];
    if (count < least || rows - count < least) continue;
    const rest = weight - heavy;
    for (let k = 0; k < channels; k++) right[k] = node[k] - left[k];
    const own = purity(left, 0, heavy) + purity(right, 0, rest) - parent;
    if (own > gain) [gain, place, leftWeight] = [own, i, heavy];
  }
  if (place < 0) return;
  const toLeft = hasMissing ? missingLeft : leftWeight > weight - leftWeight;
  best.gain = gain;
  best.column = column;
  best.weight = leftWeight;
  best.missingLeft = toLeft;
  best.bin = categories ? -1 : order[place];
  best.goesLeft = new Uint8Array(bins);
  if (categories) for (let i = 0; i <= place; i++) best.goesLeft[order[i]] = 1;
  else best.goesLeft.fill(1, 0, order[place] + 1);
  best.goesLeft[missing] = Number(toLeft);
}

/**
 * The best split of a node by one column, from the sums of its bins. Missing values are tried on both sides; where a node has none, they go
 * with the heavier child. Categories are ordered by their mean, of several classes by their share of the node's largest one, and cut like
 * numbers (Breiman et al. 1984, 4.2.2: for two classes and for numbers no subset is better).
 */
import { type Purity, purityOf } from "./criterion.ts";
import type { Sums } from "./nodes.ts";
import type { GrowRules } from "./rules.ts";

export interface Found {
  gain: number;
  column: number;
  /** By bin, that of missing values last: 1 goes left. */
  goesLeft: Uint8Array;
  /** Last bin of numbers that goes left; -1 at a split by category. */
  bin: number;
  missingLeft: boolean;
}

/** A node as a search sees it. */
export interface Target {
  readonly purity: Purity;
  /** With the factors of classes, and what they weigh together. */
  readonly channels: Float64Array;
  readonly weight: number;
  readonly rows: number;
  readonly parent: number;
  /** Gain that a split must exceed. */
  readonly leastGain: number;
  readonly least: number;
}

/** Gains that are no more than this share of a node's purity are rounding. */
const ROUNDING = 1e-13;

/** Null where no split can be: at the greatest depth, of too few rows, of one class. */
export function targetOf({ channels: raw, rows }: Sums, depth: number, rules: GrowRules): Target | null {
  const { classes, factors, least, minInfoGain } = rules;
  if (depth >= rules.maxDepth || rows < 2 * least) return null;
  const channels = new Float64Array(raw.length);
  let weight = 0;
  for (let k = 0; k < channels.length; k++) {
    channels[k] = raw[k] * (classes > 0 ? factors[k] : 1);
    weight += channels[k];
  }
  if (classes === 0) weight = channels[1];
  else if (channels.includes(weight)) return null;
  const purity = purityOf(rules.impurity, channels.length);
  const parent = purity(channels, 0, weight);
  return { purity, channels, weight, rows, parent, least, leastGain: Math.max(minInfoGain * weight, ROUNDING * Math.abs(parent)) };
}

/** Sums of one column by bin, that of missing values last: channels with their factors, weight, and rows. */
export interface ColumnSums {
  readonly column: number;
  readonly bins: number;
  readonly categories: boolean;
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  readonly rows: ArrayLike<number>;
  /** The first and the last bin that may have rows, missing values aside. */
  readonly low: number;
  readonly high: number;
}

/** Replaces `best` by a split of this column that gains more. */
export function searchColumn(best: Found, target: Target, own: ColumnSums): void {
  const order = orderOf(own, target.channels);
  tryOrder(best, target, own, order, false);
  if (own.rows[own.bins - 1] > 0) tryOrder(best, target, own, order, true);
}

/** Bins that have rows, missing values aside. */
function orderOf({ sums, weights, rows, low, high, categories }: ColumnSums, node: Float64Array): number[] {
  const order: number[] = [];
  for (let bin = low; bin <= high; bin++) if (rows[bin] > 0) order.push(bin);
  if (!categories) return order;
  const channels = node.length;
  // Of a number its first channel, which is as good as the second of two classes; of more the largest.
  let key = 0;
  for (let k = 1; channels > 2 && k < channels; k++) if (node[k] > node[key]) key = k;
  const mean = (bin: number): number => (weights[bin] > 0 ? sums[bin * channels + key] / weights[bin] : 0);
  return order.sort((a, b) => mean(a) - mean(b) || a - b);
}

function tryOrder(best: Found, target: Target, own: ColumnSums, order: readonly number[], missingLeft: boolean): void {
  const { purity, channels: node, least } = target;
  const { sums, weights, rows } = own;
  const channels = node.length;
  const missing = own.bins - 1;
  const [left, right] = [new Float64Array(channels), new Float64Array(channels)];
  let [heavy, count] = [0, 0];
  const add = (bin: number): void => {
    for (let k = 0; k < channels; k++) left[k] += sums[bin * channels + k];
    heavy += weights[bin];
    count += rows[bin];
  };
  if (missingLeft) add(missing);
  let [gain, place, leftWeight] = [best.gain, -1, 0];
  for (let i = 0; i < order.length; i++) {
    add(order[i]);
    if (count < least) continue;
    if (target.rows - count < least) break;
    for (let k = 0; k < channels; k++) right[k] = node[k] - left[k];
    const found = purity(left, 0, heavy) + purity(right, 0, target.weight - heavy) - target.parent;
    if (found > gain) [gain, place, leftWeight] = [found, i, heavy];
  }
  if (place < 0) return;
  const toLeft = rows[missing] > 0 ? missingLeft : leftWeight > target.weight - leftWeight;
  best.gain = gain;
  best.column = own.column;
  best.missingLeft = toLeft;
  best.bin = own.categories ? -1 : order[place];
  best.goesLeft = new Uint8Array(own.bins);
  if (own.categories) for (let i = 0; i <= place; i++) best.goesLeft[order[i]] = 1;
  else best.goesLeft.fill(1, 0, order[place] + 1);
  best.goesLeft[missing] = Number(toLeft);
}

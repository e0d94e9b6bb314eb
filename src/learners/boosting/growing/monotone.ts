/**
 * Splits under monotone constraints: predictions of children keep the order that a column demands, and the bounds that splits above have
 * set halfway between their children (LightGBM's and scikit-learn's basic method). Gains are those of the bounded predictions.
 */
import type { GrownNode } from "./grow.ts";
import type { Layout } from "./layout.ts";
import { leafValue, type Split, type SplitRules, type Sums, score, shrunk, splitOf } from "./split.ts";

/** By column: 1 predictions must not fall as it grows, -1 they must not rise, 0 anything. */
export type Directions = readonly number[];

/** A node's own prediction, before the learning rate. */
export const boundedValue = (sums: Sums, { low, high }: Pick<GrownNode, "low" | "high">, rules: SplitRules): number =>
  Math.min(high, Math.max(low, leafValue(sums, rules)));

/** What the loss falls by when the rows of a node are predicted so. */
const reduction = ({ g, h }: Sums, value: number, { l1, l2 }: SplitRules): number =>
  -(2 * shrunk(g, l1) * value + (h + l2) * value * value);

const isBounded = ({ low, high }: GrownNode): boolean => low > Number.NEGATIVE_INFINITY || high < Number.POSITIVE_INFINITY;

/** What the loss falls by when some rows of a node are predicted as well as its bounds allow. */
export const boundedScore = (sums: Sums, node: GrownNode, rules: SplitRules): number =>
  isBounded(node) ? reduction(sums, boundedValue(sums, node, rules), rules) : score(sums.g, sums.h, rules.l1, rules.l2);

/** As `bestSplit`, for columns of numbers; gains are over the `parent`'s score, and `least` is the one to exceed. */
export function bestMonotone(
  histogram: Float64Array,
  layout: Layout,
  node: GrownNode,
  parent: number,
  rules: SplitRules,
  columns: Iterable<number>,
  directions: Directions,
  least: number,
): Split | null {
  const { sums } = node;
  let best = least;
  let found: Parameters<typeof splitOf>[0] | null = null;
  for (const column of columns) {
    for (const { bin, missingLeft, left } of cutsOf(histogram, layout, column)) {
      const right = { g: sums.g - left.g, h: sums.h - left.h, rows: sums.rows - left.rows };
      if (!isChild(left, rules, layout) || !isChild(right, rules, layout)) continue;
      const [a, b] = [boundedValue(left, node, rules), boundedValue(right, node, rules)];
      if (directions[column] * (b - a) < 0) continue;
      const gain = reduction(left, a, rules) + reduction(right, b, rules) - parent;
      if (gain <= best) continue;
      best = gain;
      found = { column, bin, missingLeft, gain, ...left };
    }
  }
  return found === null ? null : splitOf(found, histogram, layout, sums);
}

const isChild = ({ h, rows }: Sums, { minRows, minWeight }: SplitRules, { rows: counting }: Layout): boolean =>
  h >= minWeight && h > 0 && (counting === "none" || rows >= minRows);

/** Every place to cut a column of numbers, with the sums to the left of it. */
function* cutsOf(histogram: Float64Array, { starts, bins, total, rows: counting }: Layout, column: number) {
  const start = starts[column];
  const missing = bins[column] - 1;
  const at = (bin: number): Sums => {
    const pair = 2 * (start + bin);
    return {
      g: histogram[pair],
      h: histogram[pair + 1],
      rows: counting === "plane" ? histogram[2 * total + start + bin] : histogram[pair + 1],
    };
  };
  const none = at(missing);
  const hasMissing = none.h > 0 || none.rows > 0;
  for (let side = 0; side < (hasMissing ? 2 : 1); side++) {
    let left = side === 0 ? { g: 0, h: 0, rows: 0 } : none;
    for (let bin = 0; bin < (hasMissing && side === 0 ? missing : missing - 1); bin++) {
      const own = at(bin);
      left = { g: left.g + own.g, h: left.h + own.h, rows: left.rows + own.rows };
      yield { bin, missingLeft: side === 1, left };
    }
  }
}

/** Bounds of both children: lowest and highest of the left one, then of the right. */
export function childBounds(
  node: GrownNode,
  split: Split,
  rules: SplitRules,
  directions: Directions,
): readonly [number, number, number, number] {
  const { low, high } = node;
  const direction = directions[split.column];
  if (direction === 0) return [low, high, low, high];
  const middle = (boundedValue(split.left, node, rules) + boundedValue(split.right, node, rules)) / 2;
  return direction > 0 ? [low, middle, middle, high] : [middle, high, low, middle];
}

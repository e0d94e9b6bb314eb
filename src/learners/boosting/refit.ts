/**
 * Values of leaves for losses whose derivatives do not tell them: a quantile of the residuals of a leaf's rows, as in Friedman 2001,
 * algorithm 3, LightGBM's RenewTreeOutput and scikit-learn. Rounds after the growing of a tree count the residuals of each leaf and narrow
 * where its quantile lies until it is a number: one round while the residuals of a leaf fit, two for millions.
 *
 * The quantile of n numbers that all weigh 1 is that of rank 1 + share (n - 1), between two of them where it is no whole number (Hyndman &
 * Fan 1996, definition 7); of weighted numbers it is the first up to which at least that share of the weight lies. So scikit-learn has it.
 */
import { float64 } from "../../kernels/kernels.ts";
import { addSorted, countOf, emptyOrder, locate, mergeOrder, type OrderCounts, type RankedRange } from "../../statistics/order.ts";
import { sortValues } from "../trees/bins/sorted.ts";
import { rowsIn } from "../trees/shares.ts";
import type { Tree } from "../trees/tree.ts";
import type { GrowAnswer } from "./answer.ts";
import { countBits, pairReader, type Step } from "./derive.ts";

export interface Refit {
  /** Null while what is sought is the margin to start from. */
  readonly tree: Tree | null;
  /** By node of the growing tree: its node of the tree. */
  readonly leaves: Uint16Array;
  /** By node of the tree; null at inner nodes, in leaves without weight, and all of it before the first round. */
  readonly found: readonly (Between | null)[] | null;
}

/** Where the numbers lie that a quantile is between, and which share of the way from the first to the second it is. */
interface Between {
  readonly ranges: readonly [RankedRange, RankedRange];
  readonly share: number;
}

/** Residuals to count: of the rows of one leaf, within a range. */
interface Target {
  readonly leaf: number;
  readonly from: number;
  readonly to: number;
}

export interface RefitBody {
  readonly leaves: Uint16Array;
  readonly targets: readonly Target[];
  /** Distinct residuals that are told apart, of each target. */
  readonly limit: number;
}

/** Of all targets together, and of each at least. */
const KEYS = 2 ** 16;
const LEAST_KEYS = 2 ** 8;
/** Bytes of what is counted of a tree of so many leaves; two ranges a leaf at most. */
export const refitBytes = (leaves: number): number => 16 * Math.max(KEYS, 2 * leaves * LEAST_KEYS);

/** Of the rows of all leaves of a tree, or of all rows. */
export const startRefit = (tree: Tree | null = null, leaves: Uint16Array = new Uint16Array(1)): Refit => ({ tree, leaves, found: null });

/** In the first round after the growing rows move to their leaves. */
export const isMoving = ({ tree, found }: Refit): boolean => tree !== null && found === null;

export function refitBody(refit: Refit): RefitBody {
  const targets = targetsOf(refit);
  const limit = Math.max(LEAST_KEYS, Math.floor(KEYS / Math.max(1, targets.length)));
  return { leaves: refit.leaves, targets, limit };
}

function targetsOf({ tree, found }: Refit): Target[] {
  if (found === null) {
    const leaves = [...(tree?.column ?? [-1])].flatMap((column, node) => (column < 0 ? [node] : []));
    return leaves.map((leaf) => ({ leaf, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }));
  }
  return found.flatMap((between, leaf) => {
    const open = (between?.ranges ?? []).filter(({ from, to }) => from !== to);
    const [first, second] = open;
    const distinct = open.length === 2 && first.from === second.from && first.to === second.to ? [first] : open;
    return distinct.map(({ from, to }) => ({ leaf, from, to }));
  });
}

/** The residuals that a part has of the targets. */
export function addResiduals(into: GrowAnswer, { k, binned, body, layout, margins, blocks, pairs }: Step, refit: RefitBody): void {
  const { leaves, targets, limit } = refit;
  const { rows } = binned;
  const [label, margin] = [float64(k, binned.label, rows), float64(k, margins, rows)];
  const places = new Map<number, number[]>();
  targets.forEach(({ leaf }, place) => {
    places.set(leaf, [...(places.get(leaf) ?? []), place]);
  });
  const chosen = targets.map((): number[] => []);
  const nodes = [...leaves.keys()].filter((node) => places.has(leaves[node]));
  rowsIn(k, blocks[0], nodes).forEach((own, n) => {
    for (const place of places.get(leaves[nodes[n]]) ?? []) {
      const { from, to } = targets[place];
      for (const i of own) {
        const residual = label[i] - margin[i];
        if (residual >= from && residual <= to) chosen[place].push(i);
      }
    }
  });
  const pairsOf = pairReader(k, pairs, body.quanta, countBits(layout.rows));
  const orders = chosen.map((all) => {
    const known = pairsOf(Uint32Array.from(all));
    const residuals: number[] = [];
    const weights: number[] = [];
    all.forEach((row, i) => {
      // The second derivative is the weight, and nothing where the row does not grow this tree.
      const weight = known[2 * i + 1];
      if (weight === 0) return;
      residuals.push(label[row] - margin[row]);
      weights.push(weight);
    });
    const sorted = sortValues(residuals, weights);
    const order = emptyOrder(limit);
    addSorted(order, sorted.values, sorted.weights);
    return order;
  });
  mergeResiduals(into, orders);
}

export function mergeResiduals(into: GrowAnswer, orders: readonly OrderCounts[]): void {
  if (into.orders.length === 0) into.orders = orders.map((order) => ({ ...order }));
  else orders.forEach((order, place) => void mergeOrder(into.orders[place], order));
}

/** After a round. */
export function narrowed(refit: Refit, orders: readonly OrderCounts[], share: number, isWeighted: boolean): Refit {
  const targets = targetsOf(refit);
  const found = Array.from({ length: refit.tree?.column.length ?? 1 }, (_, leaf): Between | null => {
    if (refit.found === null) {
      const order = orders[targets.findIndex((target) => target.leaf === leaf)];
      const weight = order === undefined ? 0 : countOf(order);
      if (weight === 0) return null;
      const rank = isWeighted ? share * weight : 1 + share * (weight - 1);
      const below = isWeighted ? rank : Math.floor(rank);
      return { ranges: [locate(order, below), locate(order, rank === below ? below : below + 1)], share: rank - below };
    }
    const known = refit.found[leaf];
    if (known === null) return null;
    const narrower = (range: RankedRange): RankedRange => {
      const place = targets.findIndex((target) => target.leaf === leaf && target.from === range.from && target.to === range.to);
      return place < 0 ? range : locate(orders[place], range.rank);
    };
    return { ...known, ranges: [narrower(known.ranges[0]), narrower(known.ranges[1])] };
  });
  return { ...refit, found };
}

/** By node of the tree, inner nodes as the mean of their rows' leaves; null while rounds are needed. */
export function refitValues(refit: Refit): Float64Array | null {
  const { tree, found } = refit;
  if (found === null || targetsOf(refit).length > 0) return null;
  const values = Float64Array.from(found, (between) => {
    if (between === null) return 0;
    const [low, high] = between.ranges;
    return low.from + (high.from - low.from) * between.share;
  });
  if (tree === null) return values;
  const { column, left, right, hessian } = tree;
  // Children come after their parents.
  for (let node = column.length - 1; node >= 0; node--) {
    if (column[node] < 0) continue;
    const [a, b] = [left[node], right[node]];
    values[node] = values[a] + ((values[b] - values[a]) * hessian[b]) / (hessian[a] + hessian[b]);
  }
  return values;
}

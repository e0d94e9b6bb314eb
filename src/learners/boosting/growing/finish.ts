/** A grown tree as plain data, and the value of each node that rows may be in. */
import type { Cuts } from "../../learner.ts";
import { testsOf } from "../../trees/tests.ts";
import type { Tree } from "../../trees/tree.ts";
import type { GrownNode } from "./grow.ts";

export interface Finished {
  readonly tree: Tree;
  /** By node of the growing tree: the number of its leaf in the tree. */
  readonly leaves: Uint16Array;
}

/** `taken` are the inner nodes in the order of their splitting; `predictionOf` gives a node's own prediction. */
export function finishTree(
  nodes: readonly GrownNode[],
  taken: readonly number[],
  cuts: Cuts,
  predictionOf: (node: GrownNode) => number,
): Finished {
  // Places in the tree by node, in the order in which nodes became leaves.
  const order = [0];
  for (const node of taken) order.push(nodes[node].left, nodes[node].right);
  const place = new Map(order.map((node, i) => [node, i]));
  const inner = new Set(taken);
  const leaves = new Uint16Array(nodes.length);
  nodes.forEach(({ left, right }, node) => {
    if (inner.has(node)) return;
    leaves[node] = place.get(node) ?? leaves[node];
    if (left >= 0) leaves[left] = leaves[right] = leaves[node];
  });
  const own = order.map((node) => nodes[node]);
  const splits = order.map((node) => (inner.has(node) ? nodes[node] : null));
  return { tree: treeOf(own, splits, place, cuts, predictionOf), leaves };
}

function treeOf(
  own: readonly GrownNode[],
  inner: readonly (GrownNode | null)[],
  place: ReadonlyMap<number, number>,
  cuts: Cuts,
  predictionOf: (node: GrownNode) => number,
): Tree {
  const childOf = (node: GrownNode | null, side: "left" | "right"): number => (node === null ? -1 : (place.get(node[side]) ?? -1));
  return {
    ...testsOf(
      inner.map((node) => node?.split ?? null),
      cuts,
    ),
    left: Int32Array.from(inner, (node) => childOf(node, "left")),
    right: Int32Array.from(inner, (node) => childOf(node, "right")),
    value: Float64Array.from(own, predictionOf),
    weight: Float64Array.from(own, ({ sums }) => (Number.isNaN(sums.rows) ? sums.h : sums.rows)),
    hessian: Float64Array.from(own, ({ sums }) => sums.h),
  };
}

/** By node what the split that made it adds to the penalty on its value. */
export const penaltiesOf = (nodes: readonly GrownNode[]): ReadonlyMap<GrownNode, number> =>
  new Map(nodes.flatMap(({ split, left, right }) => [left, right].flatMap((child) => (child < 0 ? [] : [[nodes[child], split?.l2 ?? 0]]))));

/** The nodes of a tree that grows: as plain arrays while a round adds to them, as typed ones between rounds, and at last as a tree. */
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import { testsOf } from "../trees/tests.ts";
import type { Tree } from "../trees/tree.ts";
import { childPath } from "./draw.ts";
import type { GrowRules } from "./rules.ts";
import type { Found } from "./search.ts";

/** Root first; a child's number is greater than its parent's. */
interface Arrays<Whole, Real> {
  /** -1: not split, or not yet. */
  readonly column: Whole;
  /** Last bin of numbers that goes left; -1 at a split by category, whose sides are by bin in `sides`. */
  readonly bin: Whole;
  readonly missingLeft: Whole;
  readonly left: Whole;
  readonly right: Whole;
  readonly depth: Whole;
  /** Follows from the way to the node alone: what is random about it is drawn by it. */
  readonly path: Real;
  readonly gain: Real;
  /** Sums over its rows, before the factors of their classes; and how many they are, each as often as it was drawn. */
  readonly channels: Real;
  readonly rows: Real;
  readonly sides: readonly (readonly [number, Uint8Array])[];
}

export type Nodes = Arrays<Int32Array, Float64Array>;
/** The same, to be added to. */
export interface Draft extends Arrays<number[], number[]> {
  readonly sides: (readonly [number, Uint8Array])[];
}

export interface Sums {
  readonly channels: ArrayLike<number>;
  readonly rows: number;
}

const WHOLES = ["column", "bin", "missingLeft", "left", "right", "depth"] as const;
const REALS = ["path", "gain", "channels", "rows"] as const;

export function draftOf(nodes?: Nodes): Draft {
  const draft: Draft = {
    column: [],
    bin: [],
    missingLeft: [],
    left: [],
    right: [],
    depth: [],
    path: [],
    gain: [],
    channels: [],
    rows: [],
    sides: [...(nodes?.sides ?? [])],
  };
  if (nodes !== undefined) for (const name of [...WHOLES, ...REALS]) for (const own of nodes[name]) draft[name].push(own);
  return draft;
}

export function nodesOf(draft: Draft): Nodes {
  const [column, bin, missingLeft, left, right, depth] = WHOLES.map((name) => Int32Array.from(draft[name]));
  const [path, gain, channels, rows] = REALS.map((name) => Float64Array.from(draft[name]));
  return { column, bin, missingLeft, left, right, depth, path, gain, channels, rows, sides: draft.sides };
}

/** Answers the number of the new node. */
export function addNode(draft: Draft, path: number, depth: number, { channels, rows }: Sums): number {
  draft.column.push(-1);
  draft.bin.push(-1);
  draft.missingLeft.push(0);
  draft.left.push(-1);
  draft.right.push(-1);
  draft.depth.push(depth);
  draft.path.push(path);
  draft.gain.push(0);
  for (let k = 0; k < channels.length; k++) draft.channels.push(channels[k]);
  draft.rows.push(rows);
  return draft.column.length - 1;
}

/** Splits a node, and answers its children: left, and right after it. */
export function splitNode(
  draft: Draft,
  node: number,
  { column, bin, missingLeft, gain, goesLeft }: Found,
  left: Sums,
  right: Sums,
): number {
  draft.column[node] = column;
  draft.bin[node] = bin;
  draft.missingLeft[node] = Number(missingLeft);
  draft.gain[node] = gain;
  if (bin < 0) draft.sides.push([node, goesLeft]);
  const [path, depth] = [draft.path[node], draft.depth[node] + 1];
  draft.left[node] = addNode(draft, childPath(path, 0), depth, left);
  draft.right[node] = addNode(draft, childPath(path, 1), depth, right);
  return draft.left[node];
}

export const sumsOf = ({ channels, rows }: Nodes | Draft, node: number, count: number): Sums => ({
  channels: channels.slice(node * count, (node + 1) * count),
  rows: rows[node],
});

/** Says of the inner nodes, by bin of their column, which go left; that of missing values last. */
export function sidesOf(nodes: Nodes, { columns }: Cuts): (node: number) => Uint8Array {
  const categories = new Map(nodes.sides);
  return (node) => {
    const own = categories.get(node);
    if (own !== undefined) return own;
    const goesLeft = new Uint8Array(binsOf(columns[nodes.column[node]])).fill(1, 0, nodes.bin[node] + 1);
    goesLeft[goesLeft.length - 1] = nodes.missingLeft[node];
    return goesLeft;
  };
}

export function treeOf(nodes: Nodes | Draft, cuts: Cuts, { classes, channels, factors, centre }: GrowRules): Tree {
  const outputs = classes > 2 ? classes : 1;
  const count = nodes.column.length;
  const categories = new Map(nodes.sides);
  const value = new Float64Array(count * outputs);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const own = (k: number): number => nodes.channels[i * channels + k] * (classes > 0 ? factors[k] : 1);
    for (let k = classes > 0 ? 0 : 1; k < channels; k++) weight[i] += own(k);
    if (classes === 0) value[i] = centre + own(0) / weight[i];
    else for (let k = 0; k < outputs; k++) value[i * outputs + k] = own(outputs === 1 ? 1 : k) / weight[i];
  }
  const none = new Uint8Array(0);
  const splits = Array.from(nodes.column, (column, i) =>
    column < 0
      ? null
      : { column, bin: nodes.bin[i], missingLeft: nodes.missingLeft[i] === 1, gain: nodes.gain[i], goesLeft: categories.get(i) ?? none },
  );
  return {
    ...testsOf(splits, cuts),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    value,
    weight,
    hessian: weight.slice(),
  };
}

/**
 * Grows one tree from histograms, round by round. A round asks for the histograms of a frontier: of two siblings only that of the smaller
 * one, where the parent's is at hand, because the other is the difference, exactly. A node's best split depends on its own rows, so a
 * leaf-wise tree need not be grown leaf by leaf: the round asks for all nodes that may be next, and the order in which leaves are split
 * is replayed when gains are known. The tree is the one that splitting one leaf at a time gives; a level takes one round.
 *
 * Whatever criterion splits: `best` finds the split of a node from its histogram. Histograms of parents are kept beside the state, by the
 * sums of their nodes, for as long as this process has both; where they are lost, what cannot be subtracted is asked for.
 */
import { hashRow } from "../../kernels/hash.ts";
import type { Layout } from "./layout.ts";
import type { Split, Sums } from "./split.ts";

export interface GrownNode {
  readonly depth: number;
  /** Follows from the way to the node alone: what is random about it is drawn by it. */
  readonly key: number;
  /** Its prediction must be within. */
  readonly low: number;
  readonly high: number;
  readonly sums: Sums;
  /** Null before its histogram has been seen, and where nothing gains. */
  readonly split: Split | null;
  readonly searched: boolean;
  /** -1 until its rows are sent there. */
  readonly left: number;
  readonly right: number;
}

const histograms = new WeakMap<Sums, Float64Array>();

export interface Growing {
  /** Root first; a child's number is greater than its parent's. More of them than the tree will have. */
  readonly nodes: readonly GrownNode[];
  /** Nodes whose rows move to their children in this round. */
  readonly opened: readonly number[];
  /** Nodes whose histograms the round asks for, by place in its answer. */
  readonly built: readonly number[];
}

export interface Limits {
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Rows (or where they are not counted, second derivatives) below which a node is not even looked at. */
  isTooSmall(sums: Sums): boolean;
  /** What the predictions of the children of a split must be within: lowest and highest of the left one, and of the right. */
  bounds?(node: GrownNode, split: Split): readonly [number, number, number, number];
}

/** The best split of a node whose sums are known. */
export type Best = (histogram: Float64Array, node: GrownNode) => Split | null;

/** Nodes of the tree in the order of their splitting; `opened` are those whose rows have not moved yet. */
export interface Grown {
  readonly growing: Growing;
  readonly done: boolean;
  readonly taken: readonly number[];
}

const ROOT: GrownNode = {
  depth: 0,
  key: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  sums: { g: 0, h: 0, rows: Number.NaN },
  split: null,
  searched: false,
  left: -1,
  right: -1,
};

/** `key` is the root's. */
export const startGrowing = (key = 0): Growing => ({ nodes: [{ ...ROOT, key }], opened: [], built: [0] });

/** After the answer to a round: what the next one asks, or the tree. */
export function grow(growing: Growing, answer: Float64Array, layout: Layout, best: Best, limits: Limits): Grown {
  const nodes = [...growing.nodes];
  for (const [node, histogram] of histogramsOf(growing, answer, layout)) {
    if (nodes[node].searched) continue;
    const sums = node === 0 ? sumsOf(histogram, layout) : nodes[node].sums;
    const own = { ...nodes[node], sums };
    const split = limits.isTooSmall(sums) ? null : best(histogram, own);
    nodes[node] = { ...own, split, searched: true };
    if (split !== null) histograms.set(sums, histogram);
  }
  for (const parent of growing.opened) histograms.delete(nodes[parent].sums);
  const unknown = growing.opened.flatMap((parent) => [nodes[parent].left, nodes[parent].right]).filter((node) => !nodes[node].searched);
  if (unknown.length > 0) return { growing: { nodes, opened: [], built: unknown }, done: false, taken: [] };
  const { taken, unresolved } = replay(nodes, limits);
  if (unresolved.length === 0) {
    const opened = taken.filter((node) => nodes[node].left < 0);
    for (const node of opened) openNode(nodes, node, true, limits);
    return { growing: { nodes, opened, built: [] }, done: true, taken };
  }
  for (const node of unresolved) openNode(nodes, node, false, limits);
  return { growing: { nodes, opened: unresolved, built: unresolved.flatMap((node) => builtOf(nodes, node)) }, done: false, taken: [] };
}

/** Sums over the rows of a histogram, each of which is in one bin of the first column. */
function sumsOf(histogram: Float64Array, { bins, total, rows: counting }: Layout): Sums {
  let [g, h, rows] = [0, 0, 0];
  for (let bin = 0; bin < bins[0]; bin++) {
    g += histogram[2 * bin];
    h += histogram[2 * bin + 1];
    if (counting === "plane") rows += histogram[2 * total + bin];
  }
  return { g, h, rows: counting === "plane" ? rows : counting === "hessian" ? h : Number.NaN };
}

function* histogramsOf({ nodes, opened, built }: Growing, answer: Float64Array, { size }: Layout): Iterable<[number, Float64Array]> {
  const own = new Map(built.map((node, slot) => [node, answer.subarray(slot * size, (slot + 1) * size)]));
  yield* own;
  for (const parent of opened) {
    const { left, right, sums } = nodes[parent];
    const histogram = histograms.get(sums);
    const known = own.get(left) ?? own.get(right);
    const other = own.has(left) ? right : left;
    if (known === undefined || histogram === undefined || own.has(other) || nodes[other].searched) continue;
    // In place: nobody needs the parent's any more, and memory that is not asked for need not be collected.
    histograms.delete(sums);
    for (let i = 0; i < size; i++) histogram[i] -= known[i];
    yield [other, histogram];
  }
}

/** The children whose histograms to ask for: the one with fewer rows, or where the parent's is lost, all that are not known. */
function builtOf(nodes: readonly GrownNode[], parent: number): number[] {
  const { left, right, sums } = nodes[parent];
  const wanted = [left, right].filter((node) => !nodes[node].searched);
  if (wanted.length === 0) return [];
  if (!histograms.has(sums)) return wanted;
  const [a, b] = [nodes[left].sums, nodes[right].sums];
  const isSmaller = Number.isNaN(a.rows) ? a.h <= b.h : a.rows <= b.rows;
  return [isSmaller ? left : right];
}

/** Gives a node its children; those that cannot be split further need no histogram. */
function openNode(nodes: GrownNode[], node: number, last: boolean, limits: Limits): void {
  const { split, depth, key, low, high } = nodes[node];
  if (split === null) throw new Error("only a node with a split can be opened");
  const [leftLow, leftHigh, rightLow, rightHigh] = limits.bounds?.(nodes[node], split) ?? [low, high, low, high];
  const child = (side: number, sums: Sums, lowest: number, highest: number): number => {
    const searched = last || !maySplit(sums, depth + 1, limits);
    return nodes.push({ ...ROOT, depth: depth + 1, key: hashRow(key, side), low: lowest, high: highest, sums, searched }) - 1;
  };
  nodes[node] = { ...nodes[node], left: child(0, split.left, leftLow, leftHigh), right: child(1, split.right, rightLow, rightHigh) };
}

const maySplit = (sums: Sums, depth: number, { maxDepth, isTooSmall }: Limits): boolean => depth < maxDepth && !isTooSmall(sums);

/**
 * Splits the leaf of the greatest gain, again and again; of equal ones that which became a leaf first. Nodes whose children would have
 * to be known before the next leaf can be chosen are unresolved; what else would be split if nothing came of those is so too.
 */
function replay(nodes: readonly GrownNode[], limits: Limits): { taken: number[]; unresolved: number[] } {
  const taken: number[] = [];
  const unresolved: number[] = [];
  const frontier = [0];
  for (let leaves = 2; leaves <= limits.maxLeaves; leaves++) {
    let place = -1;
    let gain = 0;
    frontier.forEach((node, i) => {
      const split = nodes[node].split;
      if (split !== null && (place < 0 || split.gain > gain)) [place, gain] = [i, split.gain];
    });
    if (place < 0) break;
    const [node] = frontier.splice(place, 1);
    taken.push(node);
    const { left, right, split, depth } = nodes[node];
    if (left >= 0) frontier.push(left, right);
    else if (leaves < limits.maxLeaves && split !== null && [split.left, split.right].some((sums) => maySplit(sums, depth + 1, limits)))
      unresolved.push(node);
  }
  return { taken, unresolved };
}

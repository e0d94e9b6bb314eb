/**
 * Grows one tree from histograms, round by round. A round asks for the histograms of a frontier: of two siblings only that of the smaller
 * one, where the parent's is at hand, because the other is the difference, exactly. A node's best split depends on its own rows, so a
 * leaf-wise tree need not be grown leaf by leaf: the round asks for all nodes that may be next, and the order in which leaves are split
 * is replayed when gains are known. The tree is the one that splitting one leaf at a time gives; a level takes one round, and what is
 * below a node of few rows takes none (small.ts).
 *
 * Whatever criterion splits: `best` finds the split of a node from its histogram. Histograms of parents are kept beside the state, by the
 * sums of their nodes, for as long as this process has both; where they are lost, what cannot be subtracted is asked for.
 */
import { hashRow } from "../../../kernels/hash.ts";
import type { Layout } from "./layout.ts";
import { maySplit, type Replayed, replay } from "./replay.ts";
import { histogramOf, partRows, type SmallRows } from "./small.ts";
import type { Split, Sums } from "./split.ts";
import { subtract } from "./sums.ts";

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
  /** Columns that the nodes below do not look at, and before its own search those that it does not. */
  readonly barred: readonly number[];
  /** -1 until its rows are sent there. */
  readonly left: number;
  readonly right: number;
}

const histograms = new WeakMap<Sums, Float64Array>();
/** Rows of small nodes, kept in the same way. */
const small = new WeakMap<Sums, SmallRows>();

export interface Growing {
  /** Root first; a child's number is greater than its parent's. More of them than the tree will have. */
  readonly nodes: readonly GrownNode[];
  /** Nodes whose rows move to their children in this round, parents before children. */
  readonly opened: readonly number[];
  /** Nodes whose histograms the round asks for, by place in its answer. */
  readonly built: readonly number[];
  /** Nodes whose rows the round asks for, by place. */
  readonly whole: readonly number[];
}

/** Nodes of so few rows are asked for whole; and the rows of those that were. */
export interface Whole {
  readonly limit: number;
  readonly rows: readonly SmallRows[];
  /** Where ranges of columns keep and search the histograms: what they found. There is no answer then. */
  readonly found?: readonly FoundNode[];
}

/** A node as all ranges together see it. */
export interface FoundNode extends Found {
  readonly node: number;
  readonly sums: Sums;
}

export interface Limits {
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Rows (or where they are not counted, second derivatives) below which a node is not even looked at. */
  isTooSmall(sums: Sums): boolean;
  /** What the predictions of the children of a split must be within: lowest and highest of the left one, and of the right. */
  bounds?(node: GrownNode, split: Split): readonly [number, number, number, number];
}

/** The best split of a node, if it has one, and the columns that nodes below it need not look at. */
export type Found = Pick<GrownNode, "split" | "barred">;

/** Searches a node whose sums are known. */
export type Best = (histogram: Float64Array, node: GrownNode) => Found;

/** Nodes of the tree in the order of their splitting; `opened` are those whose rows have not moved yet. */
export interface Grown {
  readonly growing: Growing;
  readonly done: boolean;
  readonly taken: readonly number[];
}

export const NOTHING: Found = { split: null, barred: [] };

const ROOT: GrownNode = {
  depth: 0,
  key: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  sums: { g: 0, h: 0, rows: Number.NaN },
  split: null,
  searched: false,
  barred: [],
  left: -1,
  right: -1,
};

/** `key` is the root's; `rows` says how many it has, about, and `limit` how many may be asked for whole. */
export const startGrowing = (key = 0, rows = Number.POSITIVE_INFINITY, limit = 0): Growing => ({
  nodes: [{ ...ROOT, key }],
  opened: [],
  built: rows <= limit ? [] : [0],
  whole: rows <= limit ? [0] : [],
});

/** After the answer to a round: what the next one asks, or the tree. */
export function grow(
  growing: Growing,
  answer: Float64Array,
  layout: Layout,
  best: Best,
  limits: Limits,
  whole: Whole = { limit: 0, rows: [] },
): Grown {
  const nodes = [...growing.nodes];
  const isRanged = whole.found !== undefined;
  const search = (node: number, histogram: Float64Array, rows?: SmallRows): void => {
    if (nodes[node].searched) return;
    const sums = node === 0 ? sumsOf(histogram, layout) : nodes[node].sums;
    const own = { ...nodes[node], sums };
    const found = limits.isTooSmall(sums) ? NOTHING : best(histogram, own);
    nodes[node] = { ...own, ...found, searched: true };
    if (found.split === null) return;
    if (!isRanged) histograms.set(sums, histogram);
    if (rows !== undefined) small.set(sums, rows);
  };
  const rowsOf = new Map(growing.whole.map((node, place) => [node, whole.rows[place]]));
  for (const { node, sums, split, barred } of whole.found ?? []) nodes[node] = { ...nodes[node], sums, split, barred, searched: true };
  const answered = isRanged ? { ...growing, built: [] } : growing;
  for (const [node, histogram] of histogramsOf(answered, answer, layout, rowsOf)) search(node, histogram, rowsOf.get(node));
  for (const parent of growing.opened) histograms.delete(nodes[parent].sums);
  const most = mostAsked(limits);
  const unknown = nodes.flatMap(({ searched }, node) => (searched ? [] : [node]));
  if (unknown.length > 0) return { growing: { nodes, opened: [], built: unknown.slice(0, most), whole: [] }, done: false, taken: [] };
  const { inside, taken, unresolved } = growInside(nodes, layout, limits, search);
  if (unresolved.length === 0) {
    const opened = taken.filter((node) => nodes[node].left < 0);
    for (const node of opened) openNode(nodes, node, true, limits);
    return { growing: { nodes, opened: [...inside, ...opened], built: [], whole: [] }, done: true, taken };
  }
  const opened = [...inside];
  const [built, wholes]: [number[], number[]] = [[], []];
  for (const node of unresolved) {
    // The others wait for another round.
    if (built.length > 0 && built.length + 2 > most) break;
    openNode(nodes, node, false, limits);
    const asked = askedOf(nodes, node, whole.limit, isRanged);
    opened.push(node);
    built.push(...asked.built);
    wholes.push(...asked.whole);
  }
  return { growing: { nodes, opened, built, whole: wholes }, done: false, taken: [] };
}

/**
 * Histograms that a round asks for at most: one of two siblings at the level before the last of a tree that grows level by level, and what
 * trees that grow leaf by leaf seldom pass. One more, so that both children of the last node find room.
 */
export const mostAsked = ({ maxLeaves, maxDepth }: Pick<Limits, "maxLeaves" | "maxDepth">): number =>
  Math.ceil(Math.min(maxLeaves, 2 ** Math.min(maxDepth, 20)) / 4) + 1;

/**
 * Keeps so many bytes of histograms of trees that grow. Where there are more, those of the nodes that open next are copied, and the memory
 * of all others is given back, with the answers that it is part of: where one is needed after all, it is asked for.
 */
export function keepWithin(growing: readonly Growing[], bytes: number): void {
  const kept = new Map<Sums, Float64Array>();
  for (const { sums } of growing.flatMap(({ nodes }) => nodes))
    if (histograms.has(sums)) kept.set(sums, histograms.get(sums) as Float64Array);
  const buffers = new Set([...kept.values()].map(({ buffer }) => buffer));
  if ([...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0) <= bytes) return;
  const next = new Set(growing.flatMap(({ nodes, opened }) => opened.map((node) => nodes[node].sums)));
  for (const sums of kept.keys()) histograms.delete(sums);
  for (const [sums, histogram] of kept) if (next.has(sums)) histograms.set(sums, histogram.slice());
  for (const buffer of buffers) if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

/**
 * Gives back the memory of what was kept of trees that have ended, with the answers that it is part of: left to the collector, it would
 * stop rounds to collect every few trees.
 */
export function forget(ended: readonly Growing[]): void {
  for (const { sums } of ended.flatMap(({ nodes }) => nodes)) {
    const buffer = histograms.get(sums)?.buffer;
    histograms.delete(sums);
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
  }
}

/** Opens what can be opened without a round, because the rows are here; answers the nodes opened, and what is left to do. */
function growInside(
  nodes: GrownNode[],
  layout: Layout,
  limits: Limits,
  search: (node: number, histogram: Float64Array, rows: SmallRows) => void,
): Replayed & { readonly inside: number[] } {
  const inside: number[] = [];
  for (;;) {
    const replayed = replay(nodes, limits);
    const here = replayed.unresolved.filter((node) => small.has(nodes[node].sums));
    if (here.length === 0) return { inside, ...replayed };
    for (const node of here) {
      const { sums, split } = nodes[node];
      const [rows, histogram] = [small.get(sums), histograms.get(sums)];
      if (rows === undefined || split === null) continue;
      openNode(nodes, node, false, limits);
      inside.push(node);
      small.delete(sums);
      histograms.delete(sums);
      const sides = partRows(rows, split.column, split.goesLeft);
      const children = [nodes[node].left, nodes[node].right];
      const less = sides[0].counts.length <= sides[1].counts.length ? 0 : 1;
      const own = histogramOf(sides[less], layout);
      const rest = histogram ?? histogramOf(rows, layout);
      subtract(rest, own);
      search(children[less], own, sides[less]);
      search(children[1 - less], rest, sides[1 - less]);
    }
  }
}

/** Sums over the rows of a histogram, each of which is in one bin of the first column. */
export function sumsOf(histogram: Float64Array, { bins, total, rows: counting }: Layout): Sums {
  let [g, h, rows] = [0, 0, 0];
  for (let bin = 0; bin < bins[0]; bin++) {
    g += histogram[2 * bin];
    h += histogram[2 * bin + 1];
    if (counting === "plane") rows += histogram[2 * total + bin];
  }
  return { g, h, rows: counting === "plane" ? rows : counting === "hessian" ? h : Number.NaN };
}

function* histogramsOf(
  { nodes, opened, built }: Growing,
  answer: Float64Array,
  layout: Layout,
  rowsOf: ReadonlyMap<number, SmallRows>,
): Iterable<[number, Float64Array]> {
  const { size } = layout;
  const own = new Map(built.map((node, slot) => [node, answer.subarray(slot * size, (slot + 1) * size)]));
  for (const [node, rows] of rowsOf) own.set(node, histogramOf(rows, layout));
  yield* own;
  for (const parent of opened) {
    const { left, right, sums } = nodes[parent];
    const histogram = histograms.get(sums);
    const known = own.get(left) ?? own.get(right);
    const other = own.has(left) ? right : left;
    if (known === undefined || histogram === undefined || own.has(other) || nodes[other].searched) continue;
    // In place: nobody needs the parent's any more, and memory that is not asked for need not be collected.
    histograms.delete(sums);
    subtract(histogram, known);
    yield [other, histogram];
  }
}

/**
 * What to ask of the children: the rows of small ones; and of the others the histogram of the one with fewer rows, where it does not follow
 * from that of the parent. Ranges have the histograms of all parents but small ones, and of nobody's rows.
 */
function askedOf(nodes: readonly GrownNode[], parent: number, limit: number, isRanged: boolean): { built: number[]; whole: number[] } {
  const { left, right, sums } = nodes[parent];
  const wanted = [left, right].filter((node) => !nodes[node].searched);
  const whole = wanted.filter((node) => nodes[node].sums.rows <= limit);
  const rest = wanted.filter((node) => !whole.includes(node));
  if (rest.length === 0) return { built: [], whole };
  const isKept = isRanged ? !(sums.rows <= limit) : histograms.has(sums);
  if (!isKept || (isRanged && whole.length > 0)) return { built: rest, whole };
  if (whole.length > 0) return { built: [], whole };
  const [a, b] = [nodes[left].sums, nodes[right].sums];
  const isSmaller = Number.isNaN(a.rows) ? a.h <= b.h : a.rows <= b.rows;
  return { built: [isSmaller ? left : right], whole };
}

/** Gives a node its children; those that cannot be split further need no histogram. */
function openNode(nodes: GrownNode[], node: number, last: boolean, limits: Limits): void {
  const { split, depth, key, low, high, barred } = nodes[node];
  if (split === null) throw new Error("only a node with a split can be opened");
  const [leftLow, leftHigh, rightLow, rightHigh] = limits.bounds?.(nodes[node], split) ?? [low, high, low, high];
  const child = (side: number, sums: Sums, lowest: number, highest: number): number => {
    const searched = last || !maySplit(sums, depth + 1, limits);
    return nodes.push({ ...ROOT, depth: depth + 1, key: hashRow(key, side), low: lowest, high: highest, sums, searched, barred }) - 1;
  };
  nodes[node] = { ...nodes[node], left: child(0, split.left, leftLow, leftHigh), right: child(1, split.right, rightLow, rightHigh) };
}

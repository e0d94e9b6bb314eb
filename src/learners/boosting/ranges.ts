/**
 * Boosting by ranges of columns, for histograms too large for one reducer. A range has the histograms of its own columns for all nodes that
 * grow: it gets the sums of those that were built, subtracts them from the parents' that it kept, and says the best split among its columns.
 * The best of all ranges is the best of all columns, and as sums are exact it does not show who found it.
 */
import type { View } from "../../features/view.ts";
import type { Range } from "../learner.ts";
import type { GrowAnswer } from "./answer.ts";
import type { GrowBody } from "./body.ts";
import { type Found, type FoundNode, type Growing, type GrownNode, NOTHING, sumsOf } from "./growing/grow.ts";
import { type Layout, layoutOf } from "./growing/layout.ts";
import type { Split } from "./growing/split.ts";
import { directionsIn, splitFinder } from "./search.ts";
import { type BoostingParams, limitsOf } from "./state.ts";

/** What ranges are told of the trees that grow. */
export interface RangeSearch {
  readonly params: BoostingParams;
  readonly lines: readonly LineSearch[];
}

interface LineSearch {
  /** Names it among all trees of the run. */
  readonly tree: string;
  /** The root's, by which the tree draws columns. */
  readonly key: number;
  /** Nodes to be searched, where their histograms are there. */
  readonly nodes: readonly { readonly number: number; readonly node: GrownNode }[];
  /** Nodes searched before whose children are still to come: the round only makes up for what was lost. */
  readonly waiting: readonly number[];
}

/** What one range, or several, found of a node. */
export interface RangeFound extends FoundNode {
  readonly line: number;
  /** Ranges that know the node. */
  readonly ranges: number;
}

/** Histograms by tree and node. */
export type Kept = Readonly<Record<string, Float64Array>>;

/** `tree` as in `LineSearch`. */
export function searchOf({ nodes, opened, built }: Growing, tree: string): LineSearch {
  const asked = new Set([...built, ...opened.flatMap((parent) => [nodes[parent].left, nodes[parent].right])]);
  return {
    tree,
    key: nodes[0].key,
    nodes: [...asked].filter((number) => !nodes[number].searched).map((number) => ({ number, node: nodes[number] })),
    waiting: opened.length > 0 ? [] : nodes.flatMap(({ split, left }, number) => (split !== null && left < 0 ? [number] : [])),
  };
}

/** Columns [first, end) of a range. */
function columnsOf({ number, of }: Range, columns: number): { readonly first: number; readonly end: number } {
  const edge = (range: number): number => Math.floor((range * columns) / of);
  return { first: edge(number), end: edge(number + 1) };
}

/** The layout of a range's columns alone. */
function layoutIn(range: Range, { cuts, rows }: GrowBody): Layout {
  const { first, end } = columnsOf(range, cuts.columns.length);
  return layoutOf({ ...cuts, columns: cuts.columns.slice(first, end) }, rows);
}

/** Histograms that a round asks for. */
export const builtIn = ({ routes }: GrowBody): number => routes.reduce((sum, { built }) => sum + built.length, 0);

/** Numbers of the sums of a range: a histogram of its columns for each node built, by line and place. */
export const sumsIn = (range: Range, body: GrowBody): number => layoutIn(range, body).size * builtIn(body);

/** Copies what the range has of the answer's histograms into `sums`, and nothing of an answer without rows. */
export function cutRange(answer: GrowAnswer, body: GrowBody, range: Range, sums: Float64Array): void {
  if (answer.histogram.length === 0) return;
  const { first } = columnsOf(range, body.cuts.columns.length);
  const [all, own] = [layoutOf(body.cuts, body.rows), layoutIn(range, body)];
  for (let slot = 0; slot < builtIn(body); slot++) {
    const [from, to] = [slot * all.size, slot * own.size];
    own.bins.forEach((bins, j) => {
      const [start, at] = [all.starts[first + j], own.starts[j]];
      sums.set(answer.histogram.subarray(from + 2 * start, from + 2 * (start + bins)), to + 2 * at);
      if (body.rows !== "plane") return;
      const counts = from + 2 * all.total + start;
      sums.set(answer.histogram.subarray(counts, counts + bins), to + 2 * own.total + at);
    });
  }
}

/** Searches the range's columns; answers what it found and the histograms that the children of the nodes may be subtracted from. */
export function concludeRange(
  sums: Float64Array,
  body: GrowBody,
  view: View,
  range: Range,
  kept: Kept,
): { readonly found: RangeFound[]; readonly kept: Kept } {
  if (body.search === null) throw new Error("ranges must be told what to search");
  const { params, lines } = body.search;
  const { first, end } = columnsOf(range, body.cuts.columns.length);
  const layout = layoutIn(range, body);
  const directions = directionsIn(view, params);
  const limits = limitsOf(params, directions);
  const found: RangeFound[] = [];
  const keeping: Record<string, Float64Array> = {};
  let at = 0;
  body.routes.forEach((routes, line) => {
    const own = new Map<number, Float64Array>();
    for (const node of routes.built) {
      own.set(node, sums.subarray(at, at + layout.size));
      at += layout.size;
    }
    const search = lines[line];
    const name = (node: number): string => `${body.name} ${search.tree} ${node}`;
    routes.from.forEach((parent, i) => {
      const [left, right] = [routes.left[i], routes.right[i]];
      const histogram = kept[name(parent)];
      const known = own.get(left) ?? own.get(right);
      const other = own.has(left) ? right : left;
      if (histogram === undefined || known === undefined || own.has(other)) return;
      own.set(
        other,
        histogram.map((sum, k) => sum - known[k]),
      );
    });
    const find = splitFinder({ params, view, key: search.key, layout, directions, first, end });
    for (const { number, node } of search.nodes) {
      const histogram = own.get(number);
      if (histogram === undefined) continue;
      const searched = { ...node, sums: number === 0 ? sumsOf(histogram, layout) : node.sums };
      const result = limits.isTooSmall(searched.sums) ? NOTHING : find(histogram, searched);
      found.push({ line, node: number, sums: searched.sums, ...result, ranges: 1 });
      keeping[name(number)] = histogram;
    }
    for (const node of search.waiting) if (kept[name(node)] !== undefined) keeping[name(node)] = kept[name(node)];
  });
  return { found, kept: keeping };
}

/** Of two splits of a node, as one search of all columns takes them: the greater gain, then numbers before categories, then the smaller column. */
function better(a: Split | null, b: Split | null): Split | null {
  if (a === null || b === null) return a ?? b;
  if (a.gain !== b.gain) return a.gain > b.gain ? a : b;
  if (a.bin < 0 !== b.bin < 0) return a.bin < 0 ? b : a;
  return a.column < b.column ? a : b;
}

const joinSearch = (a: Found, b: Found): Found => ({
  split: better(a.split, b.split),
  barred: [...a.barred, ...b.barred].sort((one, two) => one - two),
});

export function joinFound(a: readonly RangeFound[], b: readonly RangeFound[]): RangeFound[] {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  const joined = new Map(a.map((own) => [`${own.line} ${own.node}`, own]));
  for (const other of b) {
    const key = `${other.line} ${other.node}`;
    const own = joined.get(key);
    joined.set(key, own === undefined ? other : { ...own, ...joinSearch(own, other), ranges: own.ranges + other.ranges });
  }
  return [...joined.values()].sort((one, two) => one.line - two.line || one.node - two.node);
}

/** Of a line what all ranges know. */
export const foundBy = (found: readonly RangeFound[], line: number, ranges: number): FoundNode[] =>
  found
    .filter((own) => own.line === line && own.ranges === ranges)
    .map(({ node, sums, split, barred }): FoundNode => ({ node, sums, split, barred }));

/** Grows one tree of a forest from its rows: node by node, each looking at its own columns (Breiman, "Random forests", 2001). */
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins.ts";
import { testsOf } from "../trees/tests.ts";
import type { Tree } from "../trees/tree.ts";
import { purityOf } from "./criterion.ts";
import { childPath, columnOrder } from "./draw.ts";
import type { GatheredRows } from "./rows.ts";
import { type BinSums, type Found, type Search, searchColumn } from "./search.ts";

export interface GrowRules {
  readonly impurity: "gini" | "entropy" | "variance";
  /** 0 for a number. */
  readonly classes: number;
  readonly maxDepth: number;
  /** Rows that a child must have. */
  readonly least: number;
  /** Of impurity, for each unit of weight in the node. */
  readonly minInfoGain: number;
  /** Columns that a node looks at. */
  readonly subset: number;
  /** What was taken from every label before, so that sums do not cancel. */
  readonly centre: number;
}

interface Node {
  readonly split: Found | null;
  readonly channels: Float64Array;
  readonly weight: number;
  left: number;
  right: number;
}

interface Open {
  readonly from: number;
  readonly end: number;
  readonly depth: number;
  readonly path: number;
  /** Where its number goes: -1 at the root. */
  readonly parent: number;
  readonly side: "left" | "right";
}

/** Gains that are no more than this share of a node's purity are rounding. */
const ROUNDING = 1e-13;

/** `weight` is by row, with the factor of its draws; rows that weigh nothing are not the tree's. `path` is the root's. */
export function growTree(rows: GatheredRows, weight: Float64Array, cuts: Cuts, rules: GrowRules, path: number): Tree {
  const own = Uint32Array.from(weight.keys()).filter((i) => weight[i] > 0);
  const channels = rules.classes > 0 ? rules.classes : 2;
  const widest = cuts.columns.reduce((most, column) => Math.max(most, binsOf(column)), 0);
  const search: Search = {
    channels,
    purity: purityOf(rules.impurity, channels),
    least: rules.least,
    left: new Float64Array(channels),
    right: new Float64Array(channels),
  };
  const room = { sums: new Float64Array(widest * channels), weights: new Float64Array(widest), counts: new Uint32Array(widest) };
  const moved = new Uint32Array(own.length);
  const nodes: Node[] = [];
  const open: Open[] = [{ from: 0, end: own.length, depth: 0, path, parent: -1, side: "left" }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { from, end, depth, parent, side } = next;
    const total = totalOf(rows, weight, own, from, end, rules.classes, channels);
    const split =
      depth < rules.maxDepth && end - from >= 2 * rules.least ? bestSplit(rows, weight, own, next, cuts, rules, search, room, total) : null;
    const place = nodes.push({ split, ...total, left: -1, right: -1 }) - 1;
    if (parent >= 0) nodes[parent][side] = place;
    if (split === null) continue;
    const middle = partition(rows, own, moved, from, end, split);
    open.push({ from: middle, end, depth: depth + 1, path: childPath(next.path, 1), parent: place, side: "right" });
    open.push({ from, end: middle, depth: depth + 1, path: childPath(next.path, 0), parent: place, side: "left" });
  }
  return treeOf(nodes, cuts, rules);
}

interface Total {
  readonly channels: Float64Array;
  readonly weight: number;
}

function totalOf(rows: GatheredRows, weight: Float64Array, own: Uint32Array, from: number, end: number, classes: number, n: number): Total {
  const channels = new Float64Array(n);
  let all = 0;
  for (let i = from; i < end; i++) {
    const row = own[i];
    all += weight[row];
    if (classes > 0) channels[rows.label[row]] += weight[row];
    else channels[1] += weight[row] * rows.label[row];
  }
  if (classes === 0) channels[0] = all;
  return { channels, weight: all };
}

function bestSplit(
  rows: GatheredRows,
  weight: Float64Array,
  own: Uint32Array,
  { from, end, path }: Open,
  cuts: Cuts,
  rules: GrowRules,
  search: Search,
  room: BinSums,
  node: Total,
): Found | null {
  const { columns } = cuts;
  const parent = search.purity(node.channels, 0, node.weight);
  if (rules.classes > 0 && node.channels.some((share) => share === node.weight)) return null;
  const least = Math.max(rules.minInfoGain * node.weight, ROUNDING * Math.abs(parent));
  const best: Found = { gain: least, column: -1, goesLeft: new Uint8Array(0), bin: -1, missingLeft: false, weight: 0 };
  let looked = 0;
  // As scikit-learn does, a node looks on until a column splits it.
  for (const column of columnOrder(path, columns.length)) {
    if (looked >= rules.subset && best.column >= 0) break;
    const bins = binsOf(columns[column]);
    const range = addRows(rows, weight, own, from, end, column, bins - 1, rules.classes, search.channels, room);
    const sums = { ...room, ...range, column, bins, categories: columns[column].kind === "categories", rows: end - from };
    searchColumn(best, search, sums, node.channels, node.weight, parent);
    clear(room, search.channels, range.low, range.high + 1);
    clear(room, search.channels, bins - 1, bins);
    looked++;
  }
  return best.column < 0 ? null : { ...best };
}

/** The room is all zeros before and after a column. */
function clear({ sums, weights, counts }: BinSums, channels: number, from: number, end: number): void {
  sums.fill(0, from * channels, end * channels);
  weights.fill(0, from, end);
  counts.fill(0, from, end);
}

/** Answers the first and the last bin that has rows, missing values aside. */
function addRows(
  { bins, columns, label }: GatheredRows,
  weight: Float64Array,
  own: Uint32Array,
  from: number,
  end: number,
  column: number,
  missing: number,
  classes: number,
  channels: number,
  { sums, weights, counts }: BinSums,
): { low: number; high: number } {
  let [low, high] = [missing, -1];
  for (let i = from; i < end; i++) {
    const row = own[i];
    const bin = bins[row * columns + column];
    const w = weight[row];
    if (bin < low) low = bin;
    if (bin > high && bin < missing) high = bin;
    weights[bin] += w;
    counts[bin]++;
    if (classes > 0) sums[bin * channels + label[row]] += w;
    else {
      sums[2 * bin] += w;
      sums[2 * bin + 1] += w * label[row];
    }
  }
  return { low, high };
}

/** Rows keep their order on both sides; answers where the right side begins. */
function partition({ bins, columns }: GatheredRows, own: Uint32Array, moved: Uint32Array, from: number, end: number, split: Found): number {
  const { column, goesLeft } = split;
  let [left, right] = [from, 0];
  for (let i = from; i < end; i++) {
    const row = own[i];
    if (goesLeft[bins[row * columns + column]] === 1) own[left++] = row;
    else moved[right++] = row;
  }
  own.set(moved.subarray(0, right), left);
  return left;
}

function treeOf(nodes: readonly Node[], cuts: Cuts, { classes, centre }: GrowRules): Tree {
  const outputs = classes > 2 ? classes : 1;
  const value = new Float64Array(nodes.length * outputs);
  nodes.forEach(({ channels, weight }, i) => {
    for (let k = 0; k < outputs; k++) value[i * outputs + k] = centre + channels[outputs === 1 ? 1 : k] / weight;
  });
  const weight = Float64Array.from(nodes, (node) => node.weight);
  return {
    ...testsOf(
      nodes.map(({ split }) => split),
      cuts,
    ),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    value,
    weight,
    hessian: weight.slice(),
  };
}

/** A run of trees in kernel memory as bytes are walked down them; see assembly/ranked.ts for how it lies there. */
import { float64, type Kernels, uint8, uint32 } from "../../../kernels/kernels.ts";
import type { BinnedRows, ColumnCuts, Cuts } from "../../learner.ts";
import { binsOf } from "../bins/bins.ts";
import { depthOf } from "../order.ts";
import type { Ensemble, Tree } from "../tree.ts";
import type { Adder } from "./place.ts";
import { PLANE_BYTES, placePlane, placeThresholds } from "./planes.ts";
import { hasSets, kindOf, PLANES, planeKey, type Run, type RunBytes } from "./runs.ts";
import { slotsOf } from "./walk.ts";

/** Of assembly/ranks.ts. */
const TILE = 512;
/** The highest bit of all bytes is turned. */
const TURN = 128;
const UNKNOWN = 254;
const MISSING = 255;
/** Nodes of a tree's table, and the slots below them. */
const TABLE_LEVELS = 5;
const TABLE_NODES = 2 ** TABLE_LEVELS - 1;
const TABLE_BYTES = 8 * TABLE_NODES + 4 * 2 ** TABLE_LEVELS;
/** No byte of plane 0 is above it. */
const NO_SPLIT = 0x7f7f7f7f;

/** Where a split looks, and the threshold there as a rank. */
interface Places {
  readonly planeOf: (tree: Tree, node: number) => number;
  readonly rankOf: (tree: Tree, node: number) => number;
}

type Outputs = Pick<Ensemble, "outputs" | "lines">;

/** The trees are numbered level by level. */
export function placeRanked(k: Kernels, run: Run, bytes: RunBytes, outputs: Outputs): Adder {
  const add = placeTrees(k, run, bytes, outputs);
  const planes = placePlanes(k, bytes);
  return ({ x, stride, rows }, out) => {
    add(rows, out, stride, (start, n, count, tile) => k.fillPlanes(x, stride, start, n, planes, count, tile));
  };
}

/** Adds to the sums of rows of bins, as `Adder` does to those of a block. */
export function placeBinned(
  k: Kernels,
  run: Run,
  bytes: RunBytes,
  outputs: Outputs,
  cuts: Cuts,
): (binned: BinnedRows, out: number) => void {
  const add = placeTrees(k, run, bytes, outputs);
  const planes = placeBytes(k, bytes, cuts);
  return ({ bins, columns, rows }, out) => {
    add(rows, out, rows, (start, n, count, tile) => k.fillPlanesFromBins(bins + start * columns, columns, n, planes, count, tile));
  };
}

/** Fills a tile of so many planes with rows [start, start + n). */
type Fill = (start: number, n: number, planes: number, tile: number) => void;

function placeTrees(
  k: Kernels,
  { trees, first }: Run,
  bytes: RunBytes,
  { outputs, lines }: Outputs,
): (rows: number, out: number, stride: number, fill: Fill) => void {
  const slots = slotsOf({ outputs, lines });
  const places = placesOf(bytes);
  const count = (of: (tree: Tree) => number): number => trees.reduce((sum, tree) => sum + of(tree), 0);
  const nodeCount = count(({ column }) => column.length);
  const nodes = k.claim(8 * nodeCount);
  const beside = k.claim(8 * nodeCount);
  const tables = k.claim(TABLE_BYTES * count((tree) => (hasSets(tree) ? 0 : 1)));
  const sets = k.claim(32 * count((tree) => (hasSets(tree) ? tree.column.length : 0)));
  const values = k.claim(outputs === 1 ? 0 : 8 * outputs * count(leavesOf));
  const heads = k.claim(20 * trees.length);
  let [node, table, set, leaf] = [nodes, tables, sets, 0];
  trees.forEach((tree, t) => {
    const besideTree = beside - nodes + node;
    placeNodes(k, node, tree, places);
    if (outputs === 1) float64(k, besideTree, tree.value.length).set(tree.value);
    else leaf = placeLeaves(k, besideTree, values, tree, outputs, leaf);
    const [levels, line] = [depthOf(tree), ((first + t) % lines) * outputs];
    const head = uint32(k, heads + 20 * t, 5);
    if (hasSets(tree)) {
      placeSets(k, set, tree, places);
      head.set([node, levels, line, 1, set - 4 * node]);
      set += 32 * tree.column.length;
    } else {
      placeTable(k, table, node, tree, places);
      head.set([table, Math.max(0, levels - TABLE_LEVELS), line, 0, 0]);
      table += TABLE_BYTES;
    }
    node += 8 * tree.column.length;
  });
  const planeCount = bytes.planes.length + 1;
  const tile = k.claim(TILE * planeCount);
  uint8(k, tile, TILE).fill(TURN);
  const sums = k.claim(8 * slots * TILE);
  return (rows, out, stride, fill) => {
    for (let start = 0; start < rows; start += TILE) {
      const n = Math.min(TILE, rows - start);
      fill(start, n, planeCount, tile);
      k.addRanked(tile, n, heads, trees.length, beside - nodes, values, outputs, slots, sums, out + 8 * start, stride);
    }
  };
}

function placesOf({ planes, thresholds }: RunBytes): Places {
  const numbers = new Map(planes.map(({ column, kind }, p) => [planeKey(column, kind === PLANES.twin ? PLANES.below : kind), p + 1]));
  const ranks = new Map(
    [...thresholds].map(([column, own]) => [column, new Map(Array.from(own, (value, rank) => [value, rank] as const))]),
  );
  return {
    planeOf: (tree, node) => numbers.get(planeKey(tree.column[node], kindOf(tree, node))) ?? 0,
    rankOf: (tree, node) => ranks.get(tree.column[node])?.get(tree.threshold[node]) ?? 0,
  };
}

function placeNodes(k: Kernels, address: number, tree: Tree, { planeOf, rankOf }: Places): void {
  const { column, left, firstWord } = tree;
  const words = uint32(k, address, 2 * column.length);
  for (let i = 0; i < column.length; i++) {
    const isLeaf = column[i] < 0;
    words[2 * i] = address + 8 * (isLeaf ? i : left[i]);
    words[2 * i + 1] = isLeaf ? TURN - 1 : ((TILE * planeOf(tree, i)) << 8) | (firstWord[i] >= 0 ? 0 : rankOf(tree, i) ^ TURN);
  }
}

/** Nodes of a table in the order of their places there: the first three, and then each subtree below, itself in this order. */
const order = [0, 1, 2, ...[3, 4, 5, 6].flatMap((top) => preorder(top, 3))];

function preorder(top: number, levels: number): number[] {
  return levels === 0 ? [] : [top, ...preorder(2 * top + 1, levels - 1), ...preorder(2 * top + 2, levels - 1)];
}

/** The first levels; below a leaf all slots that rows can reach are its own. */
function placeTable(k: Kernels, address: number, nodes: number, tree: Tree, { planeOf, rankOf }: Places): void {
  const { column, left, right } = tree;
  const words = uint32(k, address, TABLE_BYTES / 4);
  const at = new Int32Array(2 * TABLE_NODES + 1);
  for (let i = 0; i < TABLE_NODES; i++) {
    const node = at[i];
    const isLeaf = column[node] < 0;
    const place = 2 * order.indexOf(i);
    words[place] = isLeaf ? 0 : TILE * planeOf(tree, node);
    words[place + 1] = isLeaf ? NO_SPLIT : (rankOf(tree, node) ^ TURN) * 0x01010101;
    at[2 * i + 1] = isLeaf ? node : left[node];
    at[2 * i + 2] = isLeaf ? node : right[node];
  }
  for (let slot = 0; slot <= TABLE_NODES; slot++) words[2 * TABLE_NODES + slot] = nodes + 8 * at[TABLE_NODES + slot];
}

/** The bytes that go right at each node, a bit each, 32 a word; turned bytes exchange the halves. */
function placeSets(k: Kernels, address: number, tree: Tree, { rankOf }: Places): void {
  const { column, missingLeft, firstWord } = tree;
  const bits = uint32(k, address, 8 * column.length);
  bits.fill(0);
  column.forEach((j, node) => {
    if (j < 0) return;
    const rank = firstWord[node] < 0 ? rankOf(tree, node) : 0;
    for (let word = 0; word < 8; word++) {
      bits[8 * node + (word ^ 4)] = firstWord[node] < 0 ? bytesAbove(rank - 32 * word) : bytesNotIn(tree, node, word);
    }
    const last = 8 * node + (7 ^ 4);
    bits[last] = missingLeft[node] === 0 ? bits[last] | MISSING_BIT : bits[last] & ~MISSING_BIT;
  });
}

const ALL_BITS = 2 ** 32 - 1;
const MISSING_BIT = 2 ** (MISSING & 31);

/** Of 32 numbers from 0 on those above the rank. */
const bytesAbove = (rank: number): number => (rank < 0 ? ALL_BITS : rank >= 31 ? 0 : ALL_BITS << (rank + 1));

/** Of the categories from 32 * word on those that do not go left; no set of a run has what stands for unknown ones. */
const bytesNotIn = ({ firstWord, wordCount, words }: Tree, node: number, word: number): number =>
  word < wordCount[node] ? ~words[firstWord[node] + word] : ALL_BITS;

/** Answers how many leaves have values now. */
function placeLeaves(k: Kernels, beside: number, values: number, tree: Tree, outputs: number, before: number): number {
  const numbers = uint32(k, beside, 2 * tree.column.length);
  const own = float64(k, values + 8 * outputs * before, outputs * leavesOf(tree));
  let leaves = 0;
  tree.column.forEach((j, node) => {
    if (j >= 0) return;
    numbers[2 * node] = before + leaves;
    own.set(tree.value.subarray(node * outputs, (node + 1) * outputs), outputs * leaves++);
  });
  return before + leaves;
}

const leavesOf = ({ column }: Tree): number => column.reduce((leaves, j) => leaves + (j < 0 ? 1 : 0), 0);

function placePlanes(k: Kernels, { planes, thresholds }: RunBytes): number {
  const placed = new Map([...thresholds].map(([column, own]) => [column, placeThresholds(k, own)] as const));
  const table = k.claim(PLANE_BYTES * (planes.length + 1));
  planes.forEach(({ column, kind }, p) => {
    placePlane(k, table + PLANE_BYTES * (p + 1), kind, column, placed.get(column));
  });
  return table;
}

/** The planes of bins: 256 bytes of each, by bin. */
function placeBytes(k: Kernels, { planes, thresholds }: RunBytes, cuts: Cuts): number {
  const table = k.claim(PLANE_BYTES * (planes.length + 1));
  planes.forEach(({ column, kind }, p) => {
    const address = k.claim(256);
    const own = bytesByBin(cuts.columns[column], thresholds.get(column) ?? new Float64Array(0));
    own[binsOf(cuts.columns[column]) - 1] = kind === PLANES.below || kind === PLANES.twin ? 0 : MISSING;
    uint8(k, address, 256).set(own.map((byte) => byte ^ TURN));
    uint32(k, table + PLANE_BYTES * (p + 1), 3).set([kind, column, address]);
  });
  return table;
}

/** Values of a bin are above the cut before it, and so above the thresholds up to there; of the categories of a bin any does. */
function bytesByBin(column: ColumnCuts, thresholds: Float64Array): Uint8Array {
  if (column.kind === "numbers") {
    let rank = 0;
    return Uint8Array.from({ length: 256 }, (_, bin) => {
      while (bin > 0 && bin <= column.cuts.length && thresholds[rank] <= column.cuts[bin - 1]) rank++;
      return rank;
    });
  }
  const bytes = new Uint8Array(256).fill(UNKNOWN);
  column.codes.forEach((bin, code) => {
    if (code < UNKNOWN) bytes[bin] = code;
  });
  return bytes;
}

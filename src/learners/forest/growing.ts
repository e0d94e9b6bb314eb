/**
 * Trees of many rows grow from merged sums, all of a group together. A round asks for the sums of as many open nodes as take so many bytes,
 * or for the rows of those that are small: what is below them grows without another round. Rows follow their node from slot to slot; slots
 * are the open nodes of a tree, numbered from 1 anew whenever it is asked. A node's best split follows from its own rows and path, so that
 * it does not matter which nodes are asked together.
 */
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import { columnsAt } from "./draw.ts";
import { addNode, draftOf, type Nodes, nodesOf, sidesOf } from "./nodes.ts";
import { cellSize, type GrowRules, widthOf } from "./rules.ts";

export interface Growing {
  /** Number of the tree, and the seed of its draws. */
  readonly tree: number;
  readonly seed: number;
  readonly nodes: Nodes;
  /** Nodes by slot, as the carries have them after so many moves. */
  readonly placed: Uint32Array;
  readonly moves: number;
  /** Nodes that may split, and how many columns each has looked at in vain. */
  readonly open: Uint32Array;
  readonly looked: Uint16Array;
}

/** What a round asks of one tree. */
export interface TreeAsk {
  /** Of the carry. */
  readonly place: number;
  readonly tree: number;
  readonly seed: number;
  readonly moves: number;
  readonly slots: number;
  /** By slot before, from 0 on, as the kernel reads them; empty where rows are drawn in this round. */
  readonly routes: Uint8Array;
  /** Slots whose sums are asked for, bytes of a number of them, and the columns of each. */
  readonly built: Uint16Array;
  readonly widths: Uint8Array;
  readonly columns: Uint16Array;
  /** Slots whose rows are asked for. */
  readonly whole: Uint16Array;
  /** What a lost carry is made from. */
  readonly history: History | null;
}

export interface History {
  readonly column: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 32 bytes a node. */
  readonly sides: Uint8Array;
  readonly slot: Uint16Array;
}

/** Places in `open` whose sums and whose rows are asked for. */
export interface Chosen {
  readonly growing: number;
  readonly built: readonly number[];
  readonly whole: readonly number[];
}

/** Bytes of the sums and rows that a round asks for, about; one node may have more. */
export const ROUND_BYTES = 64 * 2 ** 20;
/** Bytes up to which rows of a node travel. */
export const SMALL_BYTES = 64 * 2 ** 10;
/** Rows travel where they take so many times less than the sums of all that may come of their node: whoever adds them up works alone. */
const SPARED = 4;
/** Numbers of slots are 16 bits: of a tree of more nodes, those of the smallest share of its rows travel as rows. */
const SMALLEST_SHARE = 1 / 30_000;

export const rowBytes = (columns: number): number => columns + 17;

export function startTree(tree: number, seed: number, channels: number): Growing {
  const draft = draftOf();
  addNode(draft, seed, 0, { channels: new Float64Array(channels), rows: 0 });
  return {
    tree,
    seed,
    nodes: nodesOf(draft),
    placed: new Uint32Array(0),
    moves: 0,
    open: Uint32Array.of(0),
    looked: Uint16Array.of(0),
  };
}

/** The nodes of the next round: trees in their order, of each as many as there is room for. */
export function chooseNodes(all: readonly Growing[], cuts: Cuts, rules: GrowRules): Chosen[] {
  const widest = cuts.columns.reduce((most, column) => Math.max(most, binsOf(column)), 0);
  const numbers = rules.subset * widest * cellSize(rules);
  const row = rowBytes(cuts.columns.length);
  const chosen: Chosen[] = [];
  let bytes = 0;
  all.forEach(({ nodes, open }, growing) => {
    const [built, whole]: [number[], number[]] = [[], []];
    for (let place = 0; place < open.length; place++) {
      const node = open[place];
      const own = nodes.rows[node] * row;
      const sumBytes = numbers * widthOf(rules, nodes.rows[node]);
      const below = 2 ** Math.min(30, rules.maxDepth - nodes.depth[node]) - 1;
      const small =
        node > 0 && (own <= Math.min(SMALL_BYTES, (below * sumBytes) / SPARED) || nodes.rows[node] <= SMALLEST_SHARE * nodes.rows[0]);
      const wanted = small ? own : sumBytes;
      if (bytes > 0 && bytes + wanted > ROUND_BYTES) break;
      bytes += wanted;
      (small ? whole : built).push(place);
    }
    if (built.length + whole.length > 0) chosen.push({ growing, built, whole });
  });
  return chosen;
}

export function askOf(
  growing: Growing,
  { growing: place, built, whole }: Chosen,
  cuts: Cuts,
  rules: GrowRules,
  remember: boolean,
): TreeAsk {
  const { tree, seed, nodes, moves, open, looked } = growing;
  const slot = new Uint16Array(nodes.column.length);
  open.forEach((node, i) => {
    slot[node] = i + 1;
  });
  const columns = new Uint16Array(built.length * rules.subset);
  built.forEach((own, i) => {
    columns.set(columnsAt(nodes.path[open[own]], cuts.columns.length, rules.subset, looked[own]), i * rules.subset);
  });
  return {
    place,
    tree,
    seed,
    moves,
    slots: open.length,
    routes: moves === 0 ? new Uint8Array(0) : routesOf(growing, slot, cuts),
    built: Uint16Array.from(built, (own) => own + 1),
    widths: Uint8Array.from(built, (own) => widthOf(rules, nodes.rows[open[own]])),
    columns,
    whole: Uint16Array.from(whole, (own) => own + 1),
    history: remember && moves > 0 ? historyOf(nodes, slot, cuts) : null,
  };
}

/** See assembly/count.ts. */
const ROUTE_BYTES = 40;

function routesOf({ nodes, placed }: Growing, slot: Uint16Array, cuts: Cuts): Uint8Array {
  const bytes = new Uint8Array(ROUTE_BYTES * (placed.length + 1));
  const [columns, slots] = [new Uint32Array(bytes.buffer), new Uint16Array(bytes.buffer)];
  const sides = sidesOf(nodes, cuts);
  placed.forEach((node, i) => {
    const at = ROUTE_BYTES * (i + 1);
    const column = nodes.column[node];
    if (column < 0) {
      slots[at / 2 + 2] = slots[at / 2 + 3] = slot[node];
      return;
    }
    columns[at / 4] = column;
    slots[at / 2 + 2] = slot[nodes.right[node]];
    slots[at / 2 + 3] = slot[nodes.left[node]];
    setBits(bytes, at + 8, sides(node));
  });
  return bytes;
}

function setBits(bytes: Uint8Array, at: number, goesLeft: Uint8Array): void {
  for (let bin = 0; bin < goesLeft.length; bin++) bytes[at + (bin >> 3)] |= goesLeft[bin] << (bin & 7);
}

function historyOf(nodes: Nodes, slot: Uint16Array, cuts: Cuts): History {
  const { column, left, right } = nodes;
  const sides = new Uint8Array(32 * column.length);
  const own = sidesOf(nodes, cuts);
  column.forEach((j, node) => {
    if (j >= 0) setBits(sides, 32 * node, own(node));
  });
  return { column, left, right, sides, slot };
}

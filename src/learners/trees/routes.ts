/** Where the rows of a growing tree go: as it travels in an ask, and as the kernel wants it. */
import { int32, type Kernels, uint8, uint32 } from "../../kernels/kernels.ts";
import type { Growing } from "./grow.ts";
import type { Layout } from "./layout.ts";

export interface Routes {
  /** Nodes of the tree, those that are new included. */
  readonly nodes: number;
  /** Nodes whose rows move: column of the split, both children, and a byte by bin, 256 a node, that is 1 where rows go left. */
  readonly from: Uint16Array;
  readonly column: Int32Array;
  readonly left: Uint16Array;
  readonly right: Uint16Array;
  readonly goesLeft: Uint8Array;
  /** Nodes whose rows are added to a histogram, by its place. */
  readonly built: Uint16Array;
  /** Nodes whose rows travel, by place. */
  readonly whole: Uint16Array;
  /** How often rows must be sent on, because a node moved to is one that they move from. */
  readonly steps: number;
}

export function routesOf({ nodes, opened, built, whole }: Growing): Routes {
  const goesLeft = new Uint8Array(256 * opened.length);
  opened.forEach((node, i) => {
    goesLeft.set(nodes[node].split?.goesLeft ?? [], 256 * i);
  });
  return {
    nodes: nodes.length,
    from: Uint16Array.from(opened),
    column: Int32Array.from(opened, (node) => nodes[node].split?.column ?? 0),
    left: Uint16Array.from(opened, (node) => nodes[node].left),
    right: Uint16Array.from(opened, (node) => nodes[node].right),
    goesLeft,
    built: Uint16Array.from(built),
    whole: Uint16Array.from(whole),
    steps: stepsOf(nodes, opened),
  };
}

function stepsOf(nodes: Growing["nodes"], opened: readonly number[]): number {
  const steps = new Int32Array(nodes.length);
  let most = 0;
  for (const node of opened) {
    steps[nodes[node].left] = steps[nodes[node].right] = steps[node] + 1;
    most = Math.max(most, steps[node] + 1);
  }
  return most;
}

/** Every node ever opened, for rows that start at the root again. */
export const allRoutes = (growing: Growing): Routes =>
  routesOf({ ...growing, opened: growing.nodes.flatMap(({ left }, node) => (left >= 0 ? [node] : [])) });

/** Rows stay where they are. */
export const stayed = (growing: Growing): Growing => ({ ...growing, opened: [], built: [], whole: [] });

const MOVING_BYTES = 8 + 2 * 256;
const STAYING_BYTES = 16;

/** Places the routes in scratch memory and answers the address of the table; see `growRows` of assembly/grow.ts. */
export function placeRoutes(k: Kernels, { nodes, from, column, left, right, goesLeft }: Routes): number {
  const table = k.claim(4 * nodes);
  const staying = k.claim(STAYING_BYTES * nodes);
  const moving = k.claim(MOVING_BYTES * Math.max(1, from.length));
  // One view of all memory: a view of each node's few bytes would take longer than what is written there.
  const [words, halves] = [new Uint32Array(k.memory.buffer), new Uint16Array(k.memory.buffer)];
  for (let node = 0; node < nodes; node++) {
    const own = staying + STAYING_BYTES * node;
    words[table / 4 + node] = own;
    words[own / 4] = words[own / 4 + 1] = 0;
    halves[own / 2 + 4] = node;
  }
  from.forEach((node, i) => {
    const own = moving + MOVING_BYTES * i;
    words[table / 4 + node] = own;
    words[own / 4] = column[i];
    words[own / 4 + 1] = 255;
    for (let bin = 0; bin < 256; bin++) halves[own / 2 + 4 + bin] = goesLeft[256 * i + bin] === 1 ? left[i] : right[i];
  });
  return table;
}

/** A byte by node: 1 for some of them. */
export function placeMarks(k: Kernels, nodes: number, marked: Iterable<number>): number {
  const table = k.allocate(nodes);
  const marks = uint8(k, table, nodes);
  for (const node of marked) marks[node] = 1;
  return table;
}

/** Of the nodes of a tree that grows level by level, more than a quarter send their rows on, and it would take longer to look which. */
export const areFew = ({ nodes, from, steps }: Routes): boolean => steps > 1 || 4 * from.length < nodes;

/** Rows of a node that wait to be added together; QUEUE of assembly/histogram.ts. */
const QUEUE = 512;

/** Bytes of the queue of one node. */
const queueBytes = (columns: number): number => 32 + 16 * QUEUE + 16 * Math.ceil((columns * QUEUE + 16) / 16);

/** The addresses of the queues by node, 0 for none; `at` is that of the first histogram built. */
export function placeQueues(k: Kernels, { nodes, built }: Routes, at: number, { size, starts }: Layout): number {
  const table = k.claim(4 * nodes);
  const bytes = queueBytes(starts.length);
  const first = k.claim(bytes * built.length);
  const addresses = uint32(k, table, nodes);
  addresses.fill(0);
  built.forEach((node, slot) => {
    const queue = first + bytes * slot;
    const pairs = queue + 32;
    addresses[node] = queue;
    uint32(k, queue, 4).set([at + 8 * size * slot, 0, pairs + 16 * QUEUE, pairs]);
  });
  return table;
}

/** Bytes from a histogram to the first pair of each column. */
export function placeOffsets(k: Kernels, { starts }: Layout): number {
  const table = k.claim(4 * starts.length);
  int32(k, table, starts.length).set(starts.map((start) => 16 * start));
  return table;
}

/** Moves the node number of one row of bins as far as the routes go. */
export function follow(routes: Routes): (bins: Uint8Array, row: number, node: number) => number {
  const place = new Int32Array(routes.nodes).fill(-1);
  routes.from.forEach((node, i) => {
    place[node] = i;
  });
  return (bins, row, node) => {
    let at = node;
    for (let i = place[at]; i >= 0; i = place[at])
      at = routes.goesLeft[256 * i + bins[row + routes.column[i]]] === 1 ? routes.left[i] : routes.right[i];
    return at;
  };
}

/** Where the rows of a growing tree go: as it travels in an ask, and as the kernel wants it. */
import { int32, type Kernels, uint32 } from "../../../kernels/kernels.ts";
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
  };
}

/** Every node ever opened, for rows that start at the root again. */
export const allRoutes = (growing: Growing): Routes =>
  routesOf({ ...growing, opened: growing.nodes.flatMap(({ left }, node) => (left >= 0 ? [node] : [])) });

/** Rows stay where they are. */
export const stayed = (growing: Growing): Growing => ({ ...growing, opened: [], built: [], whole: [] });

/** Column, both children, and a byte by bin. */
const ROUTE_BYTES = 8 + 256;

export const routeBytes = ({ nodes, from }: Routes): number => aligned(4 * nodes) + ROUTE_BYTES * from.length;

/** Places the routes in so many bytes, as `sendRows` of assembly/shares.ts reads them. */
export function placeRoutes(k: Kernels, address: number, { nodes, from, column, left, right, goesLeft }: Routes): void {
  const first = address + aligned(4 * nodes);
  // One view of all memory: a view of each node's few bytes would take longer than what is written there.
  const [words, halves, bytes] = [new Uint32Array(k.memory.buffer), new Uint16Array(k.memory.buffer), new Uint8Array(k.memory.buffer)];
  words.fill(0, address / 4, address / 4 + nodes);
  from.forEach((node, i) => {
    const own = first + ROUTE_BYTES * i;
    words[address / 4 + node] = own;
    words[own / 4] = column[i];
    halves[own / 2 + 2] = left[i];
    halves[own / 2 + 3] = right[i];
    bytes.set(goesLeft.subarray(256 * i, 256 * i + 256), own + 8);
  });
}

/** The same in scratch memory; answers where. */
export function claimRoutes(k: Kernels, routes: Routes): number {
  const address = k.claim(routeBytes(routes));
  placeRoutes(k, address, routes);
  return address;
}

/** Rows of a node that wait to be added together; QUEUE of assembly/histogram.ts. */
const QUEUE = 1024;
const QUEUE_BYTES = 16 + 4 * QUEUE;

export const queuesBytes = ({ nodes, built }: Routes): number => aligned(4 * nodes) + QUEUE_BYTES * built.length;

/** Where rows are brought together. */
export const scratchBytes = (columns: number): number => 16 * QUEUE + 4 * (4 * QUEUE + 64) * Math.ceil(columns / 16);

/** Places empty queues in so many bytes, as `queueRows` of assembly/shares.ts reads them; `at` is the address of the first histogram built. */
export function placeQueues(k: Kernels, address: number, { nodes, built }: Routes, at: number, { size }: Layout): void {
  const first = address + aligned(4 * nodes);
  const addresses = uint32(k, address, nodes);
  addresses.fill(0);
  built.forEach((node, slot) => {
    const queue = first + QUEUE_BYTES * slot;
    addresses[node] = queue;
    uint32(k, queue, 3).set([at + 8 * size * slot, 0, 0]);
  });
}

const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Bytes from a histogram to the first pair of each column, and to where the last one ends. */
export function placeOffsets(k: Kernels, address: number, { starts, bins }: Layout): void {
  const last = starts.length - 1;
  int32(k, address, starts.length + 1).set([...starts, starts[last] + bins[last]].map((start) => 16 * start));
}

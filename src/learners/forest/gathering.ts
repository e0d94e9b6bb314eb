/** The sums of a statistic in kernel memory while parts are mapped, and what leads their rows there: see assembly/count.ts. */
import { float64, type Kernels, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { Part } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import type { GrowAnswer } from "./answer.ts";
import type { TreeAsk } from "./growing.ts";
import type { GrowBody } from "./part.ts";
import { cellSize, type Rows } from "./rules.ts";

interface Gathering {
  readonly part: Part;
  /** Sums, those of numbers of two bytes behind the others. */
  readonly cells: number;
  readonly wholeBytes: number;
  readonly halfBytes: number;
  readonly width: Rows["width"];
  readonly form: number;
  /** By tree asked: addresses of routes and leads. */
  readonly tables: readonly { readonly routes: number; readonly leads: number }[];
}
const gatherings = new WeakMap<GrowAnswer, Gathering>();

/** Of what an entry adds to sums. */
const KINDS = { counts: 0, weights: 1, pairs: 2 } as const;

const FORM_BYTES = 32;
const HEAD_BYTES = 16;
/** Rows that a node's queue holds; fewer where the queues of a tree would take more than so many bytes. */
const QUEUE = 256;
const QUEUES_BYTES = 4 * 2 ** 20;
const SHORTEST = 16;

/** What the leads of a round have in common. */
interface Shape {
  readonly looked: number;
  /** Vectors of 16 bins of a row in which 16 columns can be. */
  readonly vectors: number;
  readonly groups: number;
  readonly leadBytes: number;
  /** Of what says where the sums of one node lie. */
  readonly sumsBytes: number;
  readonly queue: number;
  readonly queueBytes: number;
}

function shapeOf({ cuts, subset, trees }: GrowBody): Shape {
  const vectors = Math.min(16, subset, Math.ceil(cuts.columns.length / 16));
  const groups = Math.ceil(subset / 16);
  const most = trees.reduce((all, { built }) => Math.max(all, built.length), 1);
  const queue = Math.max(SHORTEST, Math.min(QUEUE, Math.floor(QUEUES_BYTES / (most * (4 + subset)))));
  return {
    looked: subset,
    vectors,
    groups,
    leadBytes: HEAD_BYTES + groups * (16 * vectors + aligned(2 * vectors)),
    sumsBytes: 8 + 4 * subset,
    queue,
    // The last vector of an entry reaches behind it.
    queueBytes: aligned(queue * (4 + subset) + 16),
  };
}

export function gatheringOf(into: GrowAnswer, part: Part, body: GrowBody): Gathering {
  const known = gatherings.get(into);
  if (known !== undefined) return known;
  const { heap } = part;
  const { rows, trees } = body;
  const shape = shapeOf(body);
  const numbers = body.cuts.columns.map((column) => binsOf(column) * cellSize(rows));
  let [wholeBytes, halfBytes] = [0, 0];
  for (const { columns, widths } of trees) {
    columns.forEach((column, i) => {
      const width = widths[Math.floor(i / shape.looked)];
      if (width === 2) halfBytes += 2 * numbers[column];
      else wholeBytes += width * numbers[column];
    });
  }
  const bytes = aligned(wholeBytes) + halfBytes;
  const tables = trees.map(({ routes, slots, built }) => ({
    routes: aligned(routes.length),
    leads: shape.leadBytes * (slots + 1),
    sums: aligned(shape.sumsBytes * built.length),
  }));
  const most = trees.reduce((all, { built }) => Math.max(all, built.length), 0);
  const room = most * shape.queueBytes;
  const nowhere = aligned(4 + 16 * shape.groups);
  const all = tables.reduce((sum, own) => sum + own.routes + own.leads + own.sums, aligned(bytes) + FORM_BYTES + room + nowhere);
  const cells = heap.allocate(all);
  const k = heap.kernels;
  uint8(k, cells, all).fill(0);
  const form = cells + aligned(bytes);
  const queues = form + FORM_BYTES;
  uint32(k, form, 5).set([shape.looked, shape.vectors, shape.queue, KINDS[rows.kind], Number(rows.counted)]);
  let next = queues + room + nowhere;
  const sums = { whole: cells, half: cells + aligned(wholeBytes) };
  const placed = trees.map((ask, t) => {
    const routes = next;
    const leads = routes + tables[t].routes;
    const addresses = leads + tables[t].leads;
    next = addresses + tables[t].sums;
    uint8(k, routes, ask.routes.length).set(ask.routes);
    placeSums(k, addresses, ask, numbers, sums, cellSize(rows), shape);
    placeLeads(k, leads, addresses, queues, queues + room, ask, shape);
    return { routes, leads };
  });
  const own = { part, cells, wholeBytes, halfBytes, width: rows.width, form, tables: placed };
  gatherings.set(into, own);
  return own;
}

/** Where the sums of each slot lie; `next` is moved on behind them. */
function placeSums(
  k: Kernels,
  address: number,
  { built, widths, columns }: TreeAsk,
  numbers: readonly number[],
  next: { whole: number; half: number },
  cell: number,
  { looked, sumsBytes }: Shape,
): void {
  const list = uint32(k, address, (sumsBytes / 4) * built.length);
  built.forEach((_, i) => {
    const width = widths[i];
    const at = (sumsBytes / 4) * i;
    list[at] = cell * width;
    list[at + 1] = width;
    for (let j = 0; j < looked; j++) {
      const side = width === 2 ? "half" : "whole";
      list[at + 2 + j] = next[side];
      next[side] += width * numbers[columns[i * looked + j]];
    }
  });
}

/** Slots whose sums are asked for lead to queues, the others to `nowhere`. */
function placeLeads(k: Kernels, leads: number, sums: number, queues: number, nowhere: number, ask: TreeAsk, shape: Shape): void {
  const { looked, vectors, leadBytes, sumsBytes, queue, queueBytes } = shape;
  // One view of all memory: a view of each lead would take longer than what is written there.
  const [words, halves, bytes] = [new Uint32Array(k.memory.buffer), new Uint16Array(k.memory.buffer), new Uint8Array(k.memory.buffer)];
  for (let slot = 0; slot <= ask.slots; slot++) words[(leads + slot * leadBytes) / 4] = nowhere;
  ask.built.forEach((slot, i) => {
    const at = leads + slot * leadBytes;
    const first = queues + i * queueBytes;
    words[at / 4] = first;
    words[at / 4 + 1] = first + queue * (4 + looked);
    words[at / 4 + 2] = 4 + looked;
    words[at / 4 + 3] = sums + sumsBytes * i;
    placeMasks(bytes, halves, at + HEAD_BYTES, ask.columns.subarray(i * looked, (i + 1) * looked), vectors);
  });
}

/** Of each 16 columns: which byte of which 16 bins of a row each is; 255 for none. */
function placeMasks(bytes: Uint8Array, halves: Uint16Array, at: number, columns: Uint16Array, vectors: number): void {
  const offsets = at + 16 * vectors;
  bytes.fill(255, at, offsets);
  let used = 0;
  for (let j = 0; j < Math.min(16, columns.length); j++) {
    const vector = columns[j] & ~15;
    let v = 0;
    while (v < used && halves[offsets / 2 + v] !== vector) v++;
    if (v === used) halves[offsets / 2 + used++] = vector;
    bytes[at + 16 * v + j] = columns[j] & 15;
  }
  if (columns.length > 16) placeMasks(bytes, halves, offsets + aligned(2 * vectors), columns.subarray(16), vectors);
}

const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Moves what was gathered into the statistic. */
export function takeOver(into: GrowAnswer): void {
  const own = gatherings.get(into);
  if (own === undefined) return;
  const { part, cells, wholeBytes, halfBytes, width } = own;
  const k = part.heap.kernels;
  into.cells = (width === 8 ? float64 : uint32)(k, cells, wholeBytes / width).slice();
  into.halves = uint16(k, cells + aligned(wholeBytes), halfBytes / 2).slice();
  part.heap.free(cells);
  gatherings.delete(into);
}

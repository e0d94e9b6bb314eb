/**
 * What a part does in a round of boosting: brings its carry (margins, derivatives, nodes) to where the ask is, and adds derivatives to
 * histograms. A carry that is neither there nor one step before is made again from the trees, or reported as lost.
 */
import { hashRow } from "../../kernels/hash.ts";
import { float64, type Kernels, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Cuts, Part } from "../learner.ts";
import { type Layout, layoutOf, type RowCounts } from "../trees/layout.ts";
import { follow, placeOffsets, placeQueues, placeRoutes, type Routes } from "../trees/routes.ts";
import { joinRows, smallRowsOf } from "../trees/small.ts";
import type { Tree } from "../trees/tree.ts";
import type { GrowAnswer } from "./answer.ts";
import type { Loss, LossRows } from "./loss.ts";
import type { RangeSearch } from "./ranges.ts";
import { leafFinder } from "./rebuild.ts";

/** How the derivatives of an iteration are rounded. */
export interface Quanta {
  readonly g: number;
  readonly h: number;
  readonly loss: number;
  /** Of sums of weights. */
  readonly weight: number;
}

/** Rows whose hash is below. */
export interface Drawn {
  readonly seed: number;
  readonly below: number;
}

export interface GrowBody {
  readonly kind: "grow";
  /** Of the carry. */
  readonly name: string;
  /** Stamps of the carry before and after the round. */
  readonly before: string;
  readonly after: string;
  readonly cuts: Cuts;
  readonly rows: RowCounts;
  readonly base: readonly number[];
  readonly quanta: Quanta;
  /** Factor on the weight of a row by its class. */
  readonly factors: readonly number[] | null;
  /** Rows that trees of this iteration grow from, and rows that none grows from; null for all and for none. */
  readonly sample: Drawn | null;
  readonly held: Drawn | null;
  /** A new iteration begins: what is left of the last one, by line; empty in the first. Null within an iteration. */
  readonly begin: readonly Ending[] | null;
  /** By line. */
  readonly routes: readonly Routes[];
  /** Where ranges search: null where whole histograms travel. */
  readonly search: RangeSearch | null;
  /** What a lost carry is made from: the trees of all ended iterations, and all routes of the trees that grow. */
  readonly history: { readonly trees: readonly Tree[]; readonly routes: readonly Routes[] } | null;
}

/** The last step of rows to the leaves of a tree, and the values of its nodes. */
export interface Ending {
  readonly routes: Routes;
  readonly values: Float64Array;
}

/** Histograms in kernel memory while the parts of one statistic are mapped. */
interface Gathering {
  readonly part: Part;
  readonly address: number;
  readonly numbers: number;
}
const gatherings = new WeakMap<GrowAnswer, Gathering>();

/** Rows whose derivatives are computed together. */
const CHUNK = 512;

export function growPart(into: GrowAnswer, part: Part, binned: BinnedRows, fold: number, body: GrowBody, loss: Loss): void {
  const { rows } = binned;
  const layout = layoutOf(body.cuts, body.rows);
  const carried = carryOf(part, rows, fold, body, loss.lines);
  const k = part.heap.kernels;
  const { carry } = carried;
  const step = { k, part, binned, body, loss, layout, ...carried };
  const isThere = carry.stamp === body.after;
  const isBefore = carry.stamp === body.before;
  if (!isThere && !isBefore && body.history === null) {
    into.lost += 1;
    return;
  }
  const histograms = gatheringOf(into, part, body, layout);
  const mark = k.mark();
  if (!isThere && !isBefore) {
    carry.stamp = "";
    remake(step);
  } else if (isBefore && body.begin !== null) {
    carry.stamp = "";
    begin(step);
  }
  const moves = isBefore && body.begin === null;
  if (moves) carry.stamp = "";
  addRows(step, histograms, moves);
  addWhole(into, step);
  carry.stamp = body.after;
  if (body.begin !== null) addLoss(into, step);
  k.release(mark);
}

interface Carried {
  readonly margins: number;
  readonly pairs: number;
  readonly counts: number;
  readonly nodes: number;
  readonly losses: number;
}

interface Step extends Carried {
  readonly k: Kernels;
  readonly part: Part;
  readonly binned: BinnedRows;
  readonly body: GrowBody;
  readonly loss: Loss;
  readonly layout: Layout;
}

export const carryBytes = (rows: number, lines: number): number => 32 + rows * (26 * lines + 8) + 64;

function carryOf(part: Part, rows: number, fold: number, { name }: GrowBody, lines: number) {
  const carry = part.carry(`${name} ${fold}`, carryBytes(rows, lines));
  const losses = carry.address;
  const pairs = losses + 32;
  const margins = pairs + 16 * rows * lines;
  const counts = margins + 8 * rows * lines;
  const nodes = counts + 8 * rows;
  return { carry, losses, pairs, margins, counts, nodes };
}

function gatheringOf(into: GrowAnswer, part: Part, body: GrowBody, { size }: Layout): number {
  let own = gatherings.get(into);
  if (own === undefined) {
    const numbers = size * body.routes.reduce((sum, { built }) => sum + built.length, 0);
    own = { part, numbers, address: part.heap.allocate(8 * numbers) };
    float64(part.heap.kernels, own.address, numbers).fill(0);
    gatherings.set(into, own);
  }
  return own.address;
}

/** Moves what was gathered into the statistic. */
export function takeOver(into: GrowAnswer): void {
  const own = gatherings.get(into);
  if (own === undefined) return;
  into.histogram = float64(own.part.heap.kernels, own.address, own.numbers).slice();
  own.part.heap.free(own.address);
  gatherings.delete(into);
}

/** Rows reach the leaves of the last iteration's trees and add their values; then derivatives are those of the new margins. */
function begin(step: Step): void {
  const { k, binned, body, margins, nodes } = step;
  const { rows } = binned;
  if (body.begin?.length === 0) startMargins(step);
  body.begin?.forEach(({ routes, values }, line) => {
    const mark = k.mark();
    const own = nodes + 2 * rows * line;
    move(step, routes, line, routes.steps);
    const table = k.claim(8 * values.length);
    float64(k, table, values.length).set(values);
    k.settleRows(own, rows, table, margins + 8 * rows * line);
    k.release(mark);
  });
  derive(step);
}

function startMargins({ k, binned, body, margins, nodes }: Step): void {
  const { rows } = binned;
  body.base.forEach((base, line) => {
    float64(k, margins + 8 * rows * line, rows).fill(base);
  });
  uint16(k, nodes, rows * body.base.length).fill(0);
}

/** Moves rows so many steps without adding them anywhere. */
function move({ k, binned, nodes, pairs }: Step, routes: Routes, line: number, steps: number): void {
  if (steps === 0) return;
  const { bins, columns, rows } = binned;
  const none = k.claim(4 * routes.nodes);
  new Uint32Array(k.memory.buffer, none, routes.nodes).fill(0);
  const table = placeRoutes(k, routes);
  for (let step = 0; step < steps; step++) k.growRows(bins, columns, rows, nodes + 2 * rows * line, table, none, 0, 0, pairs, 0, 0);
}

/** Derivatives of all rows at their margins, rounded; and their loss, kept for a task that is run twice. */
function derive({ k, part, binned, body, loss, margins, pairs, counts, losses }: Step): void {
  const { rows, label } = binned;
  const { lines } = loss;
  const mark = k.mark();
  const [g, h, z] = [k.claim(8 * CHUNK * lines), k.claim(8 * CHUNK * lines), k.claim(8 * CHUNK * lines)];
  const [weight, heldWeight] = [k.claim(8 * CHUNK), k.claim(8 * CHUNK)];
  const inSample = chosenBy(k, part, binned, body.sample);
  const isHeld = chosenBy(k, part, binned, body.held);
  const totals = { loss: 0, heldLoss: 0, heldWeight: 0 };
  for (let start = 0; start < rows; start += CHUNK) {
    const n = Math.min(CHUNK, rows - start);
    const [trained, held] = [float64(k, weight, n), float64(k, heldWeight, n)];
    trained.set(float64(k, binned.weight + 8 * start, n));
    if (body.factors !== null) {
      const classes = float64(k, label + 8 * start, n);
      for (let i = 0; i < n; i++) trained[i] *= body.factors[classes[i]];
    }
    if (isHeld !== null) {
      for (let i = 0; i < n; i++) {
        held[i] = isHeld(start + i) ? trained[i] : 0;
        trained[i] -= held[i];
        totals.heldWeight += held[i];
      }
    }
    // Several lines are brought together, because those of a chunk lie far apart.
    const place = (): LossRows => {
      for (let line = 0; lines > 1 && line < lines; line++) {
        float64(k, z + 8 * CHUNK * line, n).set(float64(k, margins + 8 * (rows * line + start), n));
      }
      return { rows: n, stride: CHUNK, margins: lines > 1 ? z : margins + 8 * start, label: label + 8 * start, weight };
    };
    if (isHeld !== null) totals.heldLoss += loss.derivatives(k, { ...place(), weight: heldWeight }, g, h);
    totals.loss += loss.derivatives(k, place(), g, h);
    const counted = float64(k, counts + 8 * start, n);
    if (isHeld === null && inSample === null) counted.fill(1);
    else for (let i = 0; i < n; i++) counted[i] = isHeld?.(start + i) === true || inSample?.(start + i) === false ? 0 : 1;
    for (let line = 0; line < lines; line++) {
      const at = 8 * CHUNK * line;
      if (inSample !== null) {
        const [gs, hs] = [float64(k, g + at, n), float64(k, h + at, n)];
        for (let i = 0; i < n; i++) if (counted[i] === 0) gs[i] = hs[i] = 0;
      }
      k.roundPairs(g + at, h + at, n, body.quanta.g, body.quanta.h, pairs + 16 * (rows * line + start));
    }
  }
  const round = (sum: number, quantum: number): number => Math.round(sum / quantum) * quantum;
  const { quanta } = body;
  float64(k, losses, 3).set([
    round(totals.loss, quanta.loss),
    round(totals.heldLoss, quanta.loss),
    round(totals.heldWeight, quanta.weight),
  ]);
  k.release(mark);
}

/** Whether a row of the part is drawn; null where nothing is. */
function chosenBy(k: Kernels, part: Part, { index, rows }: BinnedRows, drawn: Drawn | null): ((row: number) => boolean) | null {
  if (drawn === null) return null;
  const chosen = Uint8Array.from(uint32(k, index, rows), (row) => Number(hashRow(drawn.seed, part.firstRow + row) < drawn.below));
  return (row) => chosen[row] === 1;
}

function addLoss(into: GrowAnswer, { k, binned, loss, margins, losses }: Step): void {
  const [own, heldLoss, heldWeight] = float64(k, losses, 3);
  into.loss += own;
  into.heldLoss += heldLoss;
  into.heldWeight += heldWeight;
  const all = float64(k, margins, binned.rows * loss.lines);
  let [low, high] = [into.low, into.high];
  for (let i = 0; i < all.length; i++) {
    if (all[i] < low) low = all[i];
    if (all[i] > high) high = all[i];
  }
  into.low = low;
  into.high = high;
}

function addRows(step: Step, histograms: number, moves: boolean): void {
  const { k, binned, body, layout, nodes, pairs, counts } = step;
  const { bins, columns, rows } = binned;
  let at = histograms;
  body.routes.forEach((routes, line) => {
    const mark = k.mark();
    const steps = moves ? routes.steps : 0;
    // The last step and the histograms are one pass.
    if (routes.built.length === 0) {
      move(step, routes, line, steps);
      k.release(mark);
      return;
    }
    move(step, routes, line, Math.max(0, steps - 1));
    const table = steps > 0 ? placeRoutes(k, routes) : 0;
    const queues = placeQueues(k, routes, at, layout);
    const counted = body.rows === "plane" ? counts : 0;
    const offsets = placeOffsets(k, layout);
    const own = nodes + 2 * rows * line;
    k.growRows(bins, columns, rows, own, table, queues, routes.nodes, offsets, pairs + 16 * rows * line, counted, 16 * layout.total);
    at += 8 * layout.size * routes.built.length;
    k.release(mark);
  });
}

/** Rows of small nodes leave as they are. */
function addWhole(into: GrowAnswer, { k, binned, body, nodes, pairs, counts }: Step): void {
  const { rows, columns } = binned;
  if (body.routes.every(({ whole }) => whole.length === 0)) return;
  const found = body.routes.flatMap(({ nodes: known, whole }, line) => {
    if (whole.length === 0) return [];
    const place = new Int32Array(known).fill(-1);
    whole.forEach((node, i) => {
      place[node] = i;
    });
    const all = {
      columns,
      bins: uint8(k, binned.bins, rows * columns),
      pairs: float64(k, pairs + 16 * rows * line, 2 * rows),
      counts: float64(k, counts, rows),
    };
    return smallRowsOf(all, uint16(k, nodes + 2 * rows * line, rows), place, whole.length);
  });
  into.whole = into.whole.length === 0 ? found : into.whole.map((own, i) => joinRows(own, found[i]));
}

/** The carry from nothing: every tree again, value by value in the order in which they were added. */
function remake(step: Step): void {
  const { k, binned, body, loss, margins, nodes } = step;
  const { rows, columns } = binned;
  startMargins(step);
  const bins = new Uint8Array(k.memory.buffer, binned.bins, rows * columns);
  body.history?.trees.forEach((tree, t) => {
    const find = leafFinder(tree, body.cuts);
    const own = float64(k, margins + 8 * rows * (t % loss.lines), rows);
    for (let i = 0; i < rows; i++) own[i] += tree.value[find(bins, i * columns)];
  });
  derive(step);
  body.history?.routes.forEach((routes, line) => {
    const own = uint16(k, nodes + 2 * rows * line, rows);
    const next = follow(routes);
    const all = new Uint8Array(k.memory.buffer, binned.bins, rows * columns);
    for (let i = 0; i < rows; i++) own[i] = next(all, i * columns, 0);
  });
}

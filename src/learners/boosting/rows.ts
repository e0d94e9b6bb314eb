/**
 * What a part does in a round of boosting: brings its carry (margins, derivatives, nodes) to where the ask is, and adds derivatives to
 * histograms. A carry that is neither there nor one step before is made again from the trees, or reported as lost.
 */
import { float64, place, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Carry, Part } from "../learner.ts";
import { addBinned } from "../trees/binned.ts";
import { type Layout, layoutOf } from "../trees/layout.ts";
import { areFew, follow, placeMarks, placeOffsets, placeQueues, placeRoutes, type Routes } from "../trees/routes.ts";
import { joinRows, smallRowsOf } from "../trees/small.ts";
import type { GrowAnswer } from "./answer.ts";
import type { GrowBody, Quanta } from "./body.ts";
import { countBits, derive, pairReader, type Step } from "./derive.ts";
import type { Loss } from "./loss.ts";
import { addResiduals } from "./refit.ts";

/** Histograms in kernel memory while the parts of one statistic are mapped. */
interface Gathering {
  readonly part: Part;
  readonly address: number;
  readonly places: number;
  readonly layout: Layout;
  readonly quanta: Quanta;
}
const gatherings = new WeakMap<GrowAnswer, Gathering>();

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
  if (body.refit !== null) addResiduals(into, step, body.refit);
  carry.stamp = body.after;
  if (body.begin !== null) addLoss(into, step);
  k.release(mark);
}

/** What derivatives leave beside the rows: three losses, and the range of the margins. */
const LOSSES_BYTES = 48;

export const carryBytes = (rows: number, lines: number): number => LOSSES_BYTES + rows * (26 * lines + 8) + 64;

export const carryName = (name: string, fold: number): string => `${name} ${fold}`;

function carryOf(part: Part, rows: number, fold: number, { name }: GrowBody, lines: number) {
  const carry = part.carry(carryName(name, fold), carryBytes(rows, lines));
  return { carry, ...placesIn(carry, rows, lines) };
}

export function placesIn({ address: losses }: Carry, rows: number, lines: number) {
  const pairs = losses + LOSSES_BYTES;
  const margins = pairs + 16 * rows * lines;
  const counts = margins + 8 * rows * lines;
  const nodes = counts + 8 * rows;
  return { losses, pairs, margins, counts, nodes };
}

function gatheringOf(into: GrowAnswer, part: Part, { routes, quanta }: GrowBody, layout: Layout): number {
  let own = gatherings.get(into);
  if (own === undefined) {
    const places = routes.reduce((sum, { built }) => sum + built.length, 0);
    const numbers = layout.size * places;
    own = { part, places, layout, quanta, address: part.heap.allocate(8 * numbers) };
    float64(part.heap.kernels, own.address, numbers).fill(0);
    gatherings.set(into, own);
  }
  return own.address;
}

/** Moves what was gathered into the statistic. */
export function takeOver(into: GrowAnswer): void {
  const own = gatherings.get(into);
  if (own === undefined) return;
  const { address, places, layout, quanta } = own;
  const k = own.part.heap.kernels;
  const second = quanta.h / 2 ** countBits(layout.rows);
  for (let place = 0; place < places; place++) k.scalePairs(address + 8 * layout.size * place, layout.total, quanta.g, second);
  into.histogram = float64(k, address, layout.size * places).slice();
  own.part.heap.free(address);
  gatherings.delete(into);
}

/** Rows reach the leaves of the last iteration's trees and add their values; then derivatives are those of the new margins. */
function begin(step: Step): void {
  const { k, binned, body, margins, nodes } = step;
  const { rows } = binned;
  if (body.begin?.length === 0) startMargins(step);
  const mark = k.mark();
  const tables = (body.begin ?? []).map(({ routes, values }, line) => {
    move(step, routes, line, routes.steps);
    return place(k, values);
  });
  derive(step, (start, n) => {
    tables.forEach((table, line) => {
      const first = rows * line + start;
      k.settleRows(nodes + 2 * first, n, table, margins + 8 * first);
    });
  });
  k.release(mark);
}

function startMargins({ k, binned, body, margins, nodes, counts }: Step): void {
  const { rows } = binned;
  float64(k, counts, rows).fill(1);
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
  const marks = areFew(routes) ? placeMarks(k, routes.nodes, routes.from) : 0;
  k.growRows(bins, columns, rows, nodes + 2 * rows * line, table, marks, steps, none, 0, 0, pairs);
}

function addLoss(into: GrowAnswer, { k, losses }: Step): void {
  const [own, heldLoss, heldWeight, low, high] = float64(k, losses, 5);
  into.loss += own;
  into.heldLoss += heldLoss;
  into.heldWeight += heldWeight;
  into.low = Math.min(into.low, low);
  into.high = Math.max(into.high, high);
}

function addRows(step: Step, histograms: number, moves: boolean): void {
  const { k, binned, body, layout, nodes, pairs } = step;
  const { bins, columns, rows } = binned;
  let at = histograms;
  body.routes.forEach((routes, line) => {
    const mark = k.mark();
    const steps = moves ? routes.steps : 0;
    if (routes.built.length === 0) {
      move(step, routes, line, steps);
      k.release(mark);
      return;
    }
    const table = steps > 0 ? placeRoutes(k, routes) : 0;
    const marks = steps > 0 && areFew(routes) ? placeMarks(k, routes.nodes, routes.from) : 0;
    const queues = placeQueues(k, routes, at, layout);
    const offsets = placeOffsets(k, layout);
    const own = nodes + 2 * rows * line;
    k.growRows(bins, columns, rows, own, table, marks, steps, queues, routes.nodes, offsets, pairs + 16 * rows * line);
    const bits = countBits(layout.rows);
    for (let slot = 0; slot < routes.built.length; slot++) {
      if (bits > 0) k.takeCounts(at, layout.total, bits, at + 16 * layout.total);
      at += 8 * layout.size;
    }
    k.release(mark);
  });
}

/** Rows of small nodes leave as they are. */
function addWhole(into: GrowAnswer, { k, binned, body, layout, nodes, pairs, counts }: Step): void {
  const { rows, columns } = binned;
  if (body.routes.every(({ whole }) => whole.length === 0)) return;
  const found = body.routes.flatMap(({ nodes: known, whole }, line) => {
    if (whole.length === 0) return [];
    const own = nodes + 2 * rows * line;
    const mark = k.mark();
    const list = k.claim(4 * rows + 4);
    const listed = k.listRows(own, 0, rows, placeMarks(k, known, whole), list);
    const all = {
      columns,
      bins: uint8(k, binned.bins, rows * columns),
      pairsOf: pairReader(k, pairs + 16 * rows * line, body.quanta, countBits(layout.rows)),
      counts: float64(k, counts, rows),
    };
    const small = smallRowsOf(all, uint32(k, list, listed), uint16(k, own, rows), whole);
    k.release(mark);
    return small;
  });
  into.whole = into.whole.length === 0 ? found : into.whole.map((own, i) => joinRows(own, found[i]));
}

/** The carry from nothing: every tree again, value by value in the order in which they were added. */
function remake(step: Step): void {
  const { k, binned, body, loss, margins, nodes } = step;
  const { rows, columns } = binned;
  startMargins(step);
  addBinned(k, body.history?.trees ?? [], loss.lines, body.cuts, binned, margins);
  derive(step);
  body.history?.routes.forEach((routes, line) => {
    const own = uint16(k, nodes + 2 * rows * line, rows);
    const next = follow(routes);
    const all = new Uint8Array(k.memory.buffer, binned.bins, rows * columns);
    for (let i = 0; i < rows; i++) own[i] = next(all, i * columns, 0);
  });
}

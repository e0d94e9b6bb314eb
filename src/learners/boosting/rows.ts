/**
 * What a part does in a round of boosting: brings its carry (margins, derivatives, rows by node) to where the ask is, and adds derivatives to
 * histograms. A carry that is neither there nor one step before is made again from the trees, or reported as lost.
 */
import { float64, type Kernels, place, uint8 } from "../../kernels/kernels.ts";
import type { BinnedRows, Carry, Cuts, Part } from "../learner.ts";
import { addBinned } from "../trees/ensemble/binned.ts";
import { blocksAt, type RowBlock, rowsIn, sharesBytes } from "../trees/shares.ts";
import type { GrowAnswer } from "./answer.ts";
import type { Ending, GrowBody } from "./body.ts";
import { countBits, derive, pairReader, type Step } from "./derive.ts";
import { finishPart, type Gathering, gatheringOf } from "./gathering.ts";
import { layoutOf } from "./growing/layout.ts";
import { claimRoutes } from "./growing/routes.ts";
import { joinRows, smallRowsOf } from "./growing/small.ts";
import type { Loss } from "./loss.ts";
import { addResiduals } from "./refit.ts";

export function growPart(into: GrowAnswer, part: Part, binned: BinnedRows, body: GrowBody, loss: Loss): void {
  const { rows } = binned;
  const layout = layoutOf(body.cuts, body.rows);
  const carried = carryOf(part, rows, body, loss.lines);
  const k = part.heap.kernels;
  const { carry } = carried;
  const turned = columnsOf(part, binned, body.cuts);
  const step = { k, part, binned, turned, body, loss, layout, ...carried };
  const isThere = carry.stamp === body.after;
  const isBefore = carry.stamp === body.before;
  if (!isThere && !isBefore && body.history === null) {
    into.lost += 1;
    return;
  }
  const gathering = gatheringOf(into, part, body, layout);
  const mark = k.mark();
  if (!isThere) carry.stamp = "";
  if (!isThere && !isBefore) remake(step, gathering);
  else if (isBefore && body.begin !== null) begin(step, gathering, body.begin);
  else {
    ofLines(step, gathering, (block, line) => {
      if (isBefore) send(step, block, gathering.lines[line].routes);
      add(step, block, line, gathering);
    });
  }
  finishPart(step, gathering);
  addWhole(into, step);
  if (body.refit !== null) addResiduals(into, step, body.refit);
  carry.stamp = body.after;
  if (body.begin !== null) addLoss(into, step);
  k.release(mark);
}

/** What derivatives leave beside the rows: three losses, and the range of the margins. */
const LOSSES_BYTES = 48;

export const carryBytes = (rows: number, lines: number): number => LOSSES_BYTES + lines * (24 * rows + sharesBytes(rows)) + rows;

function carryOf(part: Part, rows: number, { name }: GrowBody, lines: number) {
  const carry = part.carry(name, carryBytes(rows, lines));
  return { carry, ...placesIn(carry, rows, lines) };
}

export function placesIn({ address: losses }: Carry, rows: number, lines: number) {
  const pairs = losses + LOSSES_BYTES;
  const margins = pairs + 16 * rows * lines;
  const shares = margins + 8 * rows * lines;
  const blocks = Array.from({ length: lines }, (_, line) => blocksAt(shares + line * sharesBytes(rows), rows));
  return { losses, pairs, margins, blocks, counts: shares + lines * sharesBytes(rows) };
}

/** The bins column by column, for rows that go left or right by one of them; candidates share them as they share the bins. */
export function columnsOf(part: Part, { bins, columns, rows }: BinnedRows, cuts: Cuts): number {
  const carry = part.carry(`columns ${cuts.key}`, columns * rows);
  if (carry.stamp === "") part.heap.kernels.turnBins(bins, columns, rows, carry.address);
  carry.stamp = "turned";
  return carry.address;
}

/** No tree grows any more when only the last one is judged. */
function ofLines({ blocks }: Step, { lines }: Gathering, use: (block: RowBlock, line: number) => void): void {
  for (const line of lines.keys()) for (const block of blocks[line]) use(block, line);
}

type Moving = Pick<Step, "k" | "binned" | "turned">;

function send({ k, binned, turned }: Moving, { address, first, rows }: RowBlock, routes: number): void {
  k.sendRows(turned + first, binned.rows, address, rows, routes);
}

function add({ k, binned, pairs }: Step, { address, first, rows }: RowBlock, line: number, gathering: Gathering): void {
  const { lines, offsets, scratch } = gathering;
  if (lines[line].built.length === 0) return;
  const own = pairs + 16 * binned.rows * line;
  k.queueRows(binned.bins, binned.columns, own, address, first, rows, lines[line].queues, offsets, scratch);
}

/** All rows of the block are in the root. */
function addStarted({ k, binned, turned, pairs }: Step, { first, rows }: RowBlock, line: number, { lines, offsets }: Gathering): void {
  if (lines[line].built.length === 0) return;
  const own = pairs + 16 * (binned.rows * line + first);
  k.addStarted(turned + first, binned.rows, binned.columns, own, rows, lines[line].queues, offsets);
}

/** Addresses of the routes to the leaves of a tree, and of the values by node. */
export interface Leaves {
  readonly routes: number;
  readonly values: number;
}

/** In scratch memory, by line. */
export const placeEndings = (k: Kernels, endings: readonly Ending[]): Leaves[] =>
  endings.map(({ routes, values }) => ({ routes: claimRoutes(k, routes), values: place(k, values) }));

/** Moves the rows of a block to their leaves, whose values it adds to their margins. */
export function settle(step: Moving, block: RowBlock, { routes, values }: Leaves, margins: number): void {
  send(step, block, routes);
  step.k.settleBlock(block.address, block.rows, values, margins);
}

/** Rows reach the leaves of the last iteration's trees and add their values; then derivatives are those of the new margins. */
function begin(step: Step, gathering: Gathering, endings: readonly Ending[]): void {
  const { k, binned, blocks, margins } = step;
  if (endings.length === 0) startMargins(step);
  const leaves = placeEndings(k, endings);
  derive(step, {
    before(b) {
      leaves.forEach((own, line) => {
        const block = blocks[line][b];
        settle(step, block, own, margins + 8 * (binned.rows * line + block.first));
      });
      for (const own of blocks) k.startBlock(own[b].address, own[b].rows);
    },
    after(b) {
      for (const line of gathering.lines.keys()) addStarted(step, blocks[line][b], line, gathering);
    },
  });
}

function startMargins({ k, binned, body, margins, counts }: Step): void {
  const { rows } = binned;
  const [weights, labels, counted] = [float64(k, binned.weight, rows), float64(k, binned.label, rows), uint8(k, counts, rows)];
  // What weighs nothing is no row of a leaf, as it is none of the bins and the start.
  for (let i = 0; i < rows; i++) counted[i] = weights[i] === 0 || body.factors?.[labels[i]] === 0 ? 0 : 1;
  body.base.forEach((base, line) => {
    float64(k, margins + 8 * rows * line, rows).fill(base);
  });
}

function addLoss(into: GrowAnswer, { k, losses }: Step): void {
  const [own, heldLoss, heldWeight, low, high] = float64(k, losses, 5);
  into.loss += own;
  into.heldLoss += heldLoss;
  into.heldWeight += heldWeight;
  into.low = Math.min(into.low, low);
  into.high = Math.max(into.high, high);
}

/** Rows of small nodes leave as they are. */
function addWhole(into: GrowAnswer, { k, binned, body, layout, blocks, pairs, counts }: Step): void {
  const { rows, columns } = binned;
  if (body.routes.every(({ whole }) => whole.length === 0)) return;
  const found = body.routes.flatMap(({ whole }, line) => {
    const all = {
      columns,
      bins: uint8(k, binned.bins, rows * columns),
      pairsOf: pairReader(k, pairs + 16 * rows * line, body.quanta, countBits(layout.rows)),
      counts: uint8(k, counts, rows),
    };
    return rowsIn(k, blocks[line], whole).map((own) => smallRowsOf(all, own));
  });
  into.whole = into.whole.length === 0 ? found : into.whole.map((own, i) => joinRows(own, found[i]));
}

/** The carry from nothing: every tree again, value by value in the order in which they were added. */
function remake(step: Step, gathering: Gathering): void {
  const { k, binned, body, loss, blocks, margins } = step;
  startMargins(step);
  addBinned(k, body.history?.trees ?? [], loss.lines, body.cuts, binned, margins);
  derive(step);
  const placed = (body.history?.routes ?? []).map((routes) => claimRoutes(k, routes));
  for (const block of blocks.flat()) k.startBlock(block.address, block.rows);
  ofLines(step, gathering, (block, line) => {
    send(step, block, placed[line]);
    add(step, block, line, gathering);
  });
}

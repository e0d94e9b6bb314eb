/**
 * What a part does in a round of growing: draws the rows of trees that begin, or sends them on; adds them to the sums of their nodes. Its
 * carry is, for each tree of a group, which rows it drew, how often, and their slots. A carry that is neither there nor one move before
 * is made again from the tree, or reported as lost.
 */
import { float64, type Kernels, uint8, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Carry, Cuts, Part } from "../learner.ts";
import { rowsIn } from "../trees/shares.ts";
import { addWhole, type GrowAnswer } from "./answer.ts";
import { carryBytes, type Drawn, drawnAt, drawTree, placeDrawn, weighed } from "./drawn.ts";
import { gatheringOf } from "./gathering.ts";
import type { History, TreeAsk } from "./growing.ts";
import { pickBins, type TreeRows, valuesOf } from "./rows.ts";
import type { Rows } from "./rules.ts";

export interface GrowBody {
  readonly kind: "grow";
  /** Of the carries. */
  readonly name: string;
  readonly cuts: Cuts;
  readonly rows: Rows;
  readonly subset: number;
  /** See `drawBounds`. */
  readonly bounds: Uint32Array;
  /** Of a tree at most. */
  readonly slots: number;
  readonly trees: readonly TreeAsk[];
}

interface Values {
  readonly value: Float64Array;
  readonly weight: Float64Array;
  /** In kernel memory: values by row, and what an entry begins with, as assembly/count.ts reads them. */
  readonly address: number;
  readonly bases: number;
}

export const carryName = (name: string, place: number): string => `${name} ${place}`;

/** A tree in this round: its rows, and whether they have still to move. */
interface Sent extends Drawn {
  readonly ask: TreeAsk;
  readonly carry: Carry;
  readonly moves: boolean;
  readonly routes: number;
  readonly leads: number;
}

/**
 * Slots of a tree up to which all trees go through a block of rows one after another, whose bins then come into the second-level cache
 * once. Queues are counted before the next tree takes them: of more slots few rows would be in each, and sums come from farther away.
 */
const FEW_SLOTS = 32;

export function growPart(into: GrowAnswer, part: Part, all: BinnedRows, body: GrowBody): void {
  const { rows } = all;
  const { form, tables } = gatheringOf(into, part, body);
  const bytes = carryBytes(rows, body.slots);
  const carries = body.trees.map(({ place }) => part.carry(carryName(body.name, place), bytes));
  const k = part.heap.kernels;
  const mark = k.mark();
  const binned = weighed(k, all, body.rows);
  const values = placeValues(k, binned, body.rows);
  uint32(k, form, 6)[5] = values.address;
  const whole: TreeRows[] = [];
  const together = body.trees.every(({ slots }) => slots <= FEW_SLOTS) ? body.trees.length : 1;
  for (let from = 0; from < body.trees.length; from += together) {
    const sent: Sent[] = [];
    for (let i = from; i < from + together; i++) {
      const [ask, carry] = [body.trees[i], carries[i]];
      const moves = bringTo(k, part, binned, ask, body, carry);
      if (moves !== null) sent.push({ ...drawnAt(carry.address, rows, body.slots), ask, carry, moves, ...tables[i] });
    }
    if (sent.length < together) {
      into.lost += 1;
      break;
    }
    sendOn(k, binned, sent, values, form);
    for (const own of sent) whole.push(...wholeOf(k, binned, own.ask.whole, own, values, body.rows));
  }
  k.release(mark);
  addWhole(into, whole);
}

/** Block by block, the trees in their order. */
function sendOn(k: Kernels, { bins, columns }: BinnedRows, trees: readonly Sent[], { bases }: Values, form: number): void {
  for (const { carry } of trees) carry.stamp = "";
  trees[0].blocks.forEach(({ first, rows }, b) => {
    const own = bins + first * columns;
    k.touchBins(own, rows * columns);
    for (const { ask, draws, blocks, moves, routes, leads } of trees) {
      const { address, room } = blocks[b];
      if (moves) k.moveDrawn(own, columns, address, room, routes);
      k.queueDrawn(own, columns, address, room, draws + first, bases + 4 * first, leads, form);
      if (trees.length > 1 || b === blocks.length - 1) k.countQueues(leads, ask.slots, form);
    }
  });
  for (const { ask, carry } of trees) carry.stamp = stampOf(ask, 1);
}

const stampOf = ({ tree, moves }: TreeAsk, more: number): string => `${tree} ${moves + more}`;

/** Whether rows have still to move; null where the carry is lost. */
function bringTo(k: Kernels, part: Part, binned: BinnedRows, ask: TreeAsk, { bounds, slots }: GrowBody, carry: Carry): boolean | null {
  if (carry.stamp === stampOf(ask, 1)) return false;
  if (ask.moves > 0 && carry.stamp === stampOf(ask, 0)) return true;
  if (ask.moves > 0 && ask.history === null) return null;
  carry.stamp = "";
  const own = drawnAt(carry.address, binned.rows, slots);
  drawTree(k, part.firstRow, binned, ask.seed, bounds, own.draws);
  if (ask.history !== null) follow(k, binned, ask.history, own);
  else for (const { address, first, rows, room } of own.blocks) k.startDrawn(address, rows, room, own.draws + first);
  return false;
}

/** Rows go from the root to their slot. */
function follow(k: Kernels, { rows, columns, bins }: BinnedRows, { column, left, right, sides, slot }: History, own: Drawn): void {
  const all = uint8(k, bins, rows * columns);
  placeDrawn(k, own, (row) => {
    let node = 0;
    while (column[node] >= 0) {
      const bin = all[row * columns + column[node]];
      node = (sides[32 * node + (bin >> 3)] >> (bin & 7)) & 1 ? left[node] : right[node];
    }
    return slot[node];
  });
}

function placeValues(k: Kernels, { rows, label, weight }: BinnedRows, own: Rows): Values {
  const values = valuesOf(float64(k, label, rows), float64(k, weight, rows), own);
  const [bases, address] = [k.claim(4 * rows), k.claim(own.kind === "counts" ? 0 : 16 * rows)];
  fillBases(uint32(k, bases, rows), own.kind === "counts" ? values.value : null);
  if (own.kind === "weights") fillWeights(float64(k, address, 2 * rows), uint32(k, address, 4 * rows), values);
  if (own.kind === "pairs") fillPairs(float64(k, address, 2 * rows), values);
  return { ...values, address, bases };
}

// Loops stand in functions of their own: code that is compiled while a loop runs is thrown away where its function goes on after it.

/** Where a class has its sums in a cell, or the number of the row. */
function fillBases(bases: Uint32Array, classes: Float64Array | null): void {
  if (classes === null) for (let i = 0; i < bases.length; i++) bases[i] = i;
  else for (let i = 0; i < bases.length; i++) bases[i] = 2 * classes[i];
}

function fillWeights(weights: Float64Array, offsets: Uint32Array, { value, weight }: Pick<Values, "value" | "weight">): void {
  for (let i = 0; i < value.length; i++) {
    weights[2 * i] = weight[i];
    offsets[4 * i + 2] = 8 * value[i];
  }
}

function fillPairs(pairs: Float64Array, { value, weight }: Pick<Values, "value" | "weight">): void {
  for (let i = 0; i < value.length; i++) {
    pairs[2 * i] = value[i];
    pairs[2 * i + 1] = weight[i];
  }
}

/** Rows of the nodes whose rows are asked for, by node. */
function wholeOf(
  k: Kernels,
  { rows, columns, bins }: BinnedRows,
  slots: Uint16Array,
  own: Drawn,
  values: Values,
  { kind }: Rows,
): TreeRows[] {
  if (slots.length === 0) return [];
  const [all, often] = [uint8(k, bins, rows * columns), uint8(k, own.draws, rows)];
  return rowsIn(k, own.blocks, slots).map((kept) => {
    const draws = Uint8Array.from(kept, (row) => often[row]);
    const weight = Float64Array.from(kept, (row, i) => values.weight[row] * draws[i]);
    const value = Float64Array.from(kept, (row, i) => values.value[row] * (kind === "pairs" ? draws[i] : 1));
    return { columns, bins: pickBins(all, columns, kept), value, weight, draws };
  });
}

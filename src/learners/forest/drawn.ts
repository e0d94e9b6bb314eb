/**
 * The rows of a part that a tree draws, and the slots that they are in: the carry of one tree, in kernel memory. How often each row was drawn
 * is a byte by row; those that were and are not in a leaf lie in blocks, slot by slot, as assembly/blocks.ts says.
 */
import { float64, type Kernels, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows } from "../learner.ts";
import { blocksAt, type RowBlock, sharesBytes } from "../trees/shares.ts";
import type { Rows } from "./rules.ts";

export interface Drawn {
  /** Address, by row. */
  readonly draws: number;
  readonly blocks: readonly RowBlock[];
}

/** Slots of a tree at most: nodes above the greatest depth, none of which is above another. */
export const mostSlots = (maxDepth: number): number => 2 ** Math.min(16, Math.max(0, maxDepth - 1));

const drawsBytes = (rows: number): number => 16 * Math.ceil(rows / 16);

/** Bytes of the carry of one tree; `slots`: those of a tree at most. */
export const carryBytes = (rows: number, slots: number): number => drawsBytes(rows) + sharesBytes(rows, slots);

export const drawnAt = (address: number, rows: number, slots: number): Drawn => ({
  draws: address,
  blocks: blocksAt(address + drawsBytes(rows), rows, slots),
});

/** The rows with weight 0 for those of classes that weigh nothing, in scratch memory. */
export function weighed(k: Kernels, binned: BinnedRows, { weightless }: Rows): BinnedRows {
  if (weightless === null) return binned;
  const { rows, label, weight } = binned;
  const own = k.claim(8 * rows);
  const [labels, weights] = [float64(k, label, rows), float64(k, own, rows)];
  weights.set(float64(k, weight, rows));
  for (let i = 0; i < rows; i++) if (weightless[labels[i]] === 1) weights[i] = 0;
  return { ...binned, weight: own };
}

/** Draws the rows of the tree of this seed into the bytes from `draws` on, none of weight 0; `bounds` as of `drawBounds`. */
export function drawTree(k: Kernels, firstRow: number, binned: BinnedRows, seed: number, bounds: Uint32Array, draws: number): void {
  const { rows, index, weight } = binned;
  const mark = k.mark();
  const table = k.claim(4 * bounds.length);
  uint32(k, table, bounds.length).set(bounds);
  k.drawRows(seed, firstRow, index, weight, rows, table, bounds.length, draws);
  k.release(mark);
}

/** Puts drawn rows into the slots that `slotOf` says; those of slot 0 are left out. */
export function placeDrawn(k: Kernels, { draws, blocks }: Drawn, slotOf: (row: number) => number): void {
  for (const { address, first, rows, room } of blocks) {
    const often = uint8(k, draws + first, rows);
    const slots = new Map<number, number[]>();
    for (let i = 0; i < rows; i++) {
      const slot = often[i] > 0 ? slotOf(first + i) : 0;
      if (slot === 0) continue;
      const own = slots.get(slot);
      if (own === undefined) slots.set(slot, [i]);
      else own.push(i);
    }
    const shares = uint32(k, address, 1 + room);
    const all = uint16(k, address + 4 + 4 * room, rows);
    let [share, at] = [0, 0];
    for (const [slot, own] of slots) {
      shares[++share] = slot * 2 ** 16 + own.length;
      all.set(own, at);
      at += own.length;
    }
    shares[0] = share;
  }
}

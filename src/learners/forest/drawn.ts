/**
 * The rows of a part that a tree draws, and the slots that they are in: the carry of one tree, in kernel memory. How often each row was drawn
 * is a byte by row; those that were and are not in a leaf lie in blocks, slot by slot, as assembly/count.ts says.
 */
import { type Kernels, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows } from "../learner.ts";
import { BLOCK } from "../trees/shares.ts";

export interface Drawn {
  /** Address, by row. */
  readonly draws: number;
  readonly blocks: readonly DrawnBlock[];
}

interface DrawnBlock {
  readonly address: number;
  /** Rows [first, first + rows) of the part. */
  readonly first: number;
  readonly rows: number;
  /** Slots that it has room for. */
  readonly room: number;
}

const blockBytes = (rows: number, room: number): number => 16 * Math.ceil((4 + 4 * room + 2 * rows) / 16);

/** `slots`: those of a tree at most. */
const roomOf = (rows: number, slots: number): number => Math.min(rows, slots);

/** Slots of a tree at most: nodes above the greatest depth, none of which is above another. */
export const mostSlots = (maxDepth: number): number => 2 ** Math.min(16, Math.max(0, maxDepth - 1));

/** Bytes of the carry of one tree. */
export function carryBytes(rows: number, slots: number): number {
  const [whole, rest] = [Math.floor(rows / BLOCK), rows % BLOCK];
  return 16 * Math.ceil(rows / 16) + whole * blockBytes(BLOCK, roomOf(BLOCK, slots)) + blockBytes(rest, roomOf(rest, slots));
}

export function drawnAt(address: number, rows: number, slots: number): Drawn {
  const blocks = address + 16 * Math.ceil(rows / 16);
  const bytes = blockBytes(BLOCK, roomOf(BLOCK, slots));
  return {
    draws: address,
    blocks: Array.from({ length: Math.ceil(rows / BLOCK) }, (_, b) => {
      const own = Math.min(BLOCK, rows - b * BLOCK);
      return { address: blocks + b * bytes, first: b * BLOCK, rows: own, room: roomOf(own, slots) };
    }),
  };
}

/** Draws the rows of the tree of this seed into the bytes from `draws` on; `bounds` as of `drawBounds`. */
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

/** The rows in each of the wanted slots, by their number in the part. */
export function rowsInSlots(k: Kernels, { blocks }: Drawn, wanted: Uint16Array): number[][] {
  const places = new Map(Array.from(wanted, (slot, place) => [slot, place]));
  const found = Array.from(wanted, (): number[] => []);
  for (const { address, first, room } of blocks) {
    const [count] = uint32(k, address, 1);
    let at = address + 4 + 4 * room;
    for (const share of uint32(k, address + 4, count)) {
      const [place, n] = [places.get(share >>> 16), share & 0xffff];
      if (place !== undefined) for (const row of uint16(k, at, n)) found[place].push(first + row);
      at += 2 * n;
    }
  }
  return found;
}

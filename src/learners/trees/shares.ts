/** Rows of a part by the node of a growing tree that they are in, block by block; assembly/blocks.ts says how they lie there. */
import { type Kernels, uint16, uint32 } from "../../kernels/kernels.ts";

/** Rows of a block at most; BLOCK of assembly/blocks.ts. */
export const BLOCK = 16_384;

export interface RowBlock {
  readonly address: number;
  /** Rows [first, first + rows) of the part. */
  readonly first: number;
  readonly rows: number;
  /** Shares that it has room for. */
  readonly room: number;
}

/** Of so many rows in as many nodes at most. */
export function blockBytes(rows: number, nodes = rows): number {
  return 16 * Math.ceil((4 + 4 * Math.min(rows, nodes) + 2 * rows) / 16);
}

/** Bytes of the blocks of so many rows. */
export const sharesBytes = (rows: number, nodes = rows): number =>
  Math.floor(rows / BLOCK) * blockBytes(BLOCK, nodes) + blockBytes(rows % BLOCK, nodes);

export function blocksAt(address: number, rows: number, nodes = rows): RowBlock[] {
  return Array.from({ length: Math.ceil(rows / BLOCK) }, (_, b) => {
    const first = b * BLOCK;
    const own = Math.min(BLOCK, rows - first);
    return { address: address + b * blockBytes(BLOCK, nodes), first, rows: own, room: Math.min(own, nodes) };
  });
}

/** The rows in each of the wanted nodes, by their number in the part, block by block. */
export function rowsIn(k: Kernels, blocks: readonly RowBlock[], wanted: ArrayLike<number>): Uint32Array[] {
  const places = new Map(Array.from(wanted, (node, place) => [node, place]));
  const found = Array.from(wanted, (): { readonly first: number; readonly own: Uint16Array }[] => []);
  for (const { address, first, room } of blocks) {
    const [count] = uint32(k, address, 1);
    let at = address + 4 + 4 * room;
    for (const share of uint32(k, address + 4, count)) {
      const [place, n] = [places.get(share >>> 16), share & 0xffff];
      if (place !== undefined) found[place].push({ first, own: uint16(k, at, n) });
      at += 2 * n;
    }
  }
  return found.map((shares) => {
    const all = new Uint32Array(shares.reduce((sum, { own }) => sum + own.length, 0));
    let end = 0;
    for (const { first, own } of shares) {
      shift(own, first, all, end);
      end += own.length;
    }
    return all;
  });
}

function shift(own: Uint16Array, first: number, into: Uint32Array, at: number): void {
  for (let i = 0; i < own.length; i++) into[at + i] = first + own[i];
}

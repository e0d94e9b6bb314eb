/** Rows of a part by the node of a growing tree that they are in, block by block; assembly/shares.ts says how they lie there. */
import { type Kernels, uint16, uint32 } from "../../kernels/kernels.ts";

/** Rows of a block at most; BLOCK of assembly/shares.ts. */
export const BLOCK = 16_384;

export interface RowBlock {
  readonly address: number;
  /** Rows [first, first + rows) of the part. */
  readonly first: number;
  readonly rows: number;
}

export const blockBytes = (rows: number): number => 16 * Math.ceil((4 + 6 * rows) / 16);

/** Bytes of the blocks of so many rows. */
export const sharesBytes = (rows: number): number => Math.floor(rows / BLOCK) * blockBytes(BLOCK) + blockBytes(rows % BLOCK);

export function blocksAt(address: number, rows: number): RowBlock[] {
  return Array.from({ length: Math.ceil(rows / BLOCK) }, (_, b) => {
    const first = b * BLOCK;
    return { address: address + b * blockBytes(BLOCK), first, rows: Math.min(BLOCK, rows - first) };
  });
}

/** Tells block by block which rows are in a wanted node, by their number in the part. */
export function eachShare(
  k: Kernels,
  blocks: readonly RowBlock[],
  isWanted: (node: number) => boolean,
  use: (node: number, rows: Uint32Array) => void,
): void {
  for (const { address, first, rows } of blocks) {
    const [count] = uint32(k, address, 1);
    let at = address + 4 + 4 * rows;
    for (const share of uint32(k, address + 4, count)) {
      const [node, n] = [share >>> 16, share & 0xffff];
      if (isWanted(node))
        use(
          node,
          Uint32Array.from(uint16(k, at, n), (row) => first + row),
        );
      at += 2 * n;
    }
  }
}

/**
 * Rows of a growing tree by the node that they are in. A block of rows is uint32 the number of its shares, `room` uint32 of which so many
 * are node << 16 | rows, and as many uint16 rows as it has: those of one node lie together, in the order of the shares.
 */

/** Rows of a block at most. */
export const BLOCK: usize = 16384;

/** What the shares of a block become, while those that were are still read. */
export const nextShares: usize = memory.data(65536, 16);

// @ts-ignore: decorator
@inline
export function rowsOf(block: usize, room: i32): usize {
  return block + 4 + 4 * <usize>room;
}

// @ts-ignore: decorator
@inline
export function sharesEnd(block: usize): usize {
  return block + 4 + 4 * <usize>load<u32>(block);
}

/** The shares in `nextShares`, up to `end`, become the block's. */
// @ts-ignore: decorator
@inline
export function keepShares(block: usize, end: usize): void {
  memory.copy(block + 4, nextShares, end - nextShares);
  store<u32>(block, <u32>((end - nextShares) >> 2));
}

/**
 * What boosting does with rows by the node that they are in (blocks.ts), those of one node in their order; a block has room for a share of
 * each row. A round then looks only at rows of nodes that split or whose histogram it asks for. What it waits for is memory: rows
 * go left or right by a column of bins that lie one after another, 64 rows to a cache line, and bins of whole rows are read only of those
 * that are added to a histogram.
 */
import { BLOCK, keepShares, nextShares, rowsOf, sharesEnd } from "./blocks";
import { addBlock, addRows, QUEUE } from "./histogram";

const rightRows: usize = memory.data(2 * <i32>BLOCK, 16);

/** All rows of the block are in node 0. */
export function startBlock(block: usize, rows: i32): void {
  store<u32>(block, 1);
  store<u32>(block, <u32>rows, 4);
  const own = rowsOf(block, rows);
  for (let i: usize = 0; i < <usize>rows; i++) store<u16>(own + 2 * i, <u16>i);
}

/** Columns of `rows` bins each, one after another, from rows of bins. */
export function turnBins(bins: usize, columns: i32, rows: i32, out: usize): void {
  // So many rows that a line of each column is written whole.
  for (let first = 0; first < rows; first += 64) {
    const end = min(rows, first + 64);
    for (let j = 0; j < columns; j++) {
      const column = out + <usize>j * rows;
      for (let i = <usize>first; i < <usize>end; i++) store<u8>(column + i, load<u8>(bins + i * columns + j));
    }
  }
}

/**
 * Sends rows to the children of their nodes, until they are in nodes that stay. `routes` holds by node 0 or the address of its route:
 * uint32 column, uint16 left child, uint16 right child, and a byte by bin that is 1 where rows go left. The bins of the block's first row
 * lie `step` bytes apart, from those of column 0 at `bins` on.
 */
export function sendRows(bins: usize, step: u32, block: usize, rows: i32, routes: usize): void {
  for (;;) {
    let row = rowsOf(block, rows);
    let out = nextShares;
    let moved = false;
    const end = sharesEnd(block);
    for (let at = block + 4; at < end; at += 4) {
      const share = load<u32>(at);
      const n = share & 0xffff;
      const route = <usize>load<u32>(routes + 4 * <usize>(share >> 16));
      if (route) {
        moved = true;
        const left = part(row, n, bins + <usize>load<u32>(route) * step, route + 8);
        store<u32>(out, (<u32>load<u16>(route, 4) << 16) | left);
        out += 4 * <usize>(left > 0);
        store<u32>(out, (<u32>load<u16>(route, 6) << 16) | (n - left));
        out += 4 * <usize>(left < n);
      } else {
        store<u32>(out, share);
        out += 4;
      }
      row += 2 * n;
    }
    if (!moved) return;
    keepShares(block, out);
  }
}

/** Rows that go left before those that go right, each in their order; answers how many go left. No branch that would have to be guessed. */
// @ts-ignore: decorator
@inline
function part(own: usize, n: u32, column: usize, goesLeft: usize): u32 {
  let left = own;
  let right = rightRows;
  for (let at = own, end = own + 2 * n; at < end; at += 2) {
    const row = load<u16>(at);
    const left2 = <usize>load<u8>(goesLeft + <usize>load<u8>(column + <usize>row)) << 1;
    store<u16>(left, row);
    store<u16>(right, row);
    left += left2;
    right += 2 - left2;
  }
  memory.copy(left, rightRows, right - rightRows);
  return <u32>((left - own) >> 1);
}

/**
 * Lets the rows in nodes with a queue wait there, and adds their pairs to its histogram when it is full: a histogram is brought into the
 * cache once for many rows. `queues` holds by node 0 or the address of its queue: uint32 histogram, number of rows that wait, number of
 * rows added so far, and QUEUE uint32 rows. The block's rows are those from `first` on. See `addRows` for the rest.
 */
export function queueRows(
  bins: usize,
  columns: i32,
  pairs: usize,
  block: usize,
  first: u32,
  rows: i32,
  queues: usize,
  offsets: usize,
  scratch: usize,
): void {
  let own = rowsOf(block, rows);
  const end = sharesEnd(block);
  for (let at = block + 4; at < end; at += 4) {
    const share = load<u32>(at);
    const last = own + 2 * <usize>(share & 0xffff);
    const queue = <usize>load<u32>(queues + 4 * <usize>(share >> 16));
    if (!queue) own = last;
    while (own < last) {
      const waiting = load<u32>(queue, 4);
      const some = min(<u32>((last - own) >> 1), <u32>QUEUE - waiting);
      let to = queue + 12 + 4 * <usize>waiting;
      for (const until = own + 2 * <usize>some; own < until; own += 2) {
        store<u32>(to, first + load<u16>(own));
        to += 4;
      }
      store<u32>(queue, waiting + some, 4);
      if (waiting + some == QUEUE) empty(bins, columns, pairs, queue, offsets, scratch);
    }
  }
}

/**
 * Adds the pairs of a block that `startBlock` has just sent to node 0, without a wait in its queue. Bins lie as for `sendRows`, and pairs
 * from that of the block's first row on.
 */
export function addStarted(bins: usize, step: u32, columns: i32, pairs: usize, rows: i32, queues: usize, offsets: usize): void {
  const queue = <usize>load<u32>(queues);
  addBlock(bins, step, columns, pairs, rows, load<u32>(queue), offsets);
  store<u32>(queue, load<u32>(queue, 8) + <u32>rows, 8);
}

function empty(bins: usize, columns: i32, pairs: usize, queue: usize, offsets: usize, scratch: usize): void {
  const waiting = load<u32>(queue, 4);
  addRows(bins, columns, pairs, queue + 12, waiting, load<u32>(queue), offsets, scratch);
  store<u32>(queue, 0, 4);
  store<u32>(queue, load<u32>(queue, 8) + waiting, 8);
}

/** Adds the rows that wait in the queues of so many nodes. */
export function emptyQueues(
  bins: usize,
  columns: i32,
  pairs: usize,
  queues: usize,
  nodes: i32,
  offsets: usize,
  scratch: usize,
): void {
  for (let node: usize = 0; node < <usize>nodes; node++) {
    const queue = <usize>load<u32>(queues + 4 * node);
    if (queue && load<u32>(queue, 4)) empty(bins, columns, pairs, queue, offsets, scratch);
  }
}

/** margins[row] += values[node] of every row of the block. */
export function settleBlock(block: usize, rows: i32, values: usize, margins: usize): void {
  let own = rowsOf(block, rows);
  const end = sharesEnd(block);
  for (let at = block + 4; at < end; at += 4) {
    const share = load<u32>(at);
    const value = load<f64>(values + 8 * <usize>(share >> 16));
    for (const last = own + 2 * <usize>(share & 0xffff); own < last; own += 2) {
      const margin = margins + 8 * <usize>load<u16>(own);
      store<f64>(margin, load<f64>(margin) + value);
    }
  }
}

/**
 * What growing a forest does with every row: how often each tree draws it, where it goes, and the sums of its node. As in grow.ts rows are
 * streamed in their order; but a node looks at columns of its own, so rows are added to the bins of those only, and a tree's rows are
 * numbered by slots: the nodes that still grow, from 1 on. In slot 0 are rows that the tree did not draw or that have come to a leaf.
 *
 * What is added are whole numbers, or multiples of a quantum so coarse that float64 adds them without error: sums in any order are the same.
 */
import { hashOf } from "./hash";

/**
 * draws[i] = how many of the ascending uint32 bounds are not above the hash of (seed, first + index[i]), 0 for a row of weight 0, at most
 * 255; nodes[i] = 1 where that is not 0.
 */
export function drawRows(seed: u32, first: f64, index: usize, weight: usize, rows: i32, bounds: usize, n: i32, draws: usize, nodes: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const hash = hashOf(seed, <u64>first + <u64>load<u32>(index + 4 * i));
    let count = 0;
    while (count < n && load<u32>(bounds + 4 * <usize>count) <= hash) count++;
    count = select(min(count, 255), 0, load<f64>(weight + 8 * i) > 0);
    store<u8>(draws + i, <u8>count);
    store<u16>(nodes + 2 * i, <u16>(count > 0));
  }
}

/** Rows that go through both steps together. */
const CHUNK: i32 = 512;
const chosenRows: usize = memory.data(4 * 512, 16);
const chosenRecords: usize = memory.data(4 * 512, 16);

/** Bytes of a route: uint32 column, uint16 slots of the right and the left side, and a bit by bin that is set where rows go left. */
const ROUTE: usize = 40;

/**
 * Sends rows from slot to slot, where `routes` is not 0, and adds them to the sums of their new node. `records` holds by slot the address
 * of a record, or 0 for none: for each of `looked` columns, uint32 column and address of the sums of its first bin. Those of a bin take
 * `cell` bytes. What is added is, by `kind`:
 * 0: the draws to a uint32, by class; `values` holds uint32 offsets of the classes in a cell.
 * 1: the draws times a float64 to a float64, by class; `values` holds float64 weights and after each a uint32 offset, 16 bytes a row.
 * 2: the draws times a pair of float64 to a pair; `values` holds the pairs.
 * `counted`: the draws themselves are added to a float64 that the cell ends with.
 */
export function countRows(
  bins: usize,
  columns: i32,
  rows: i32,
  nodes: usize,
  draws: usize,
  routes: usize,
  records: usize,
  looked: i32,
  cell: i32,
  values: usize,
  kind: i32,
  counted: bool,
): void {
  for (let first = 0; first < rows; first += CHUNK) {
    const end = min(rows, first + CHUNK);
    const chosen = routes ? route(bins, columns, first, end, nodes, routes, records) : choose(first, end, nodes, records);
    for (let c: usize = 0; c < <usize>chosen; c++) {
      const i = <usize>load<u32>(chosenRows + 4 * c);
      const record = <usize>load<u32>(chosenRecords + 4 * c);
      const row = bins + i * columns;
      const count = <u32>load<u8>(draws + i);
      if (kind == 0) addCount(row, record, looked, cell, load<u32>(values + 4 * i), count);
      else if (kind == 1) addWeight(row, record, looked, cell, load<u32>(values + 16 * i, 8), load<f64>(values + 16 * i) * <f64>count);
      else addPair(row, record, looked, cell, f64x2.mul(v128.load(values + 16 * i), f64x2.splat(<f64>count)));
      if (counted) addWeight(row, record, looked, cell, cell - 8, <f64>count);
    }
  }
}

/** Without a branch that a processor would have to guess. */
// @ts-ignore: decorator
@inline
function route(bins: usize, columns: i32, first: i32, end: i32, nodes: usize, routes: usize, records: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const own = routes + ROUTE * <usize>load<u16>(nodes + 2 * i);
    const bin = <u32>load<u8>(bins + i * columns + load<u32>(own));
    const left = (<u32>load<u8>(own + (bin >> 3), 8) >> (bin & 7)) & 1;
    const node = <usize>load<u16>(own + 2 * <usize>left, 4);
    store<u16>(nodes + 2 * i, <u16>node);
    const record = load<u32>(records + 4 * node);
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenRecords + 4 * <usize>chosen, record);
    chosen += <i32>(record != 0);
  }
  return chosen;
}

// @ts-ignore: decorator
@inline
function choose(first: i32, end: i32, nodes: usize, records: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const record = load<u32>(records + 4 * <usize>load<u16>(nodes + 2 * i));
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenRecords + 4 * <usize>chosen, record);
    chosen += <i32>(record != 0);
  }
  return chosen;
}

// @ts-ignore: decorator
@inline
function addCount(row: usize, record: usize, looked: i32, cell: i32, offset: u32, count: u32): void {
  let at = record;
  const end = record + 8 * <usize>looked;
  for (; at + 8 < end; at += 16) {
    const a = <usize>load<u32>(at, 4) + <usize>((<i32>load<u8>(row + load<u32>(at))) * cell) + offset;
    const b = <usize>load<u32>(at, 12) + <usize>((<i32>load<u8>(row + load<u32>(at, 8))) * cell) + offset;
    store<u32>(a, load<u32>(a) + count);
    store<u32>(b, load<u32>(b) + count);
  }
  if (at < end) {
    const a = <usize>load<u32>(at, 4) + <usize>((<i32>load<u8>(row + load<u32>(at))) * cell) + offset;
    store<u32>(a, load<u32>(a) + count);
  }
}

// @ts-ignore: decorator
@inline
function addWeight(row: usize, record: usize, looked: i32, cell: i32, offset: u32, weight: f64): void {
  const end = record + 8 * <usize>looked;
  for (let at = record; at < end; at += 8) {
    const a = <usize>load<u32>(at, 4) + <usize>((<i32>load<u8>(row + load<u32>(at))) * cell) + offset;
    store<f64>(a, load<f64>(a) + weight);
  }
}

// @ts-ignore: decorator
@inline
function addPair(row: usize, record: usize, looked: i32, cell: i32, pair: v128): void {
  const end = record + 8 * <usize>looked;
  for (let at = record; at < end; at += 8) {
    const a = <usize>load<u32>(at, 4) + <usize>((<i32>load<u8>(row + load<u32>(at))) * cell);
    v128.store(a, f64x2.add(v128.load(a), pair));
  }
}

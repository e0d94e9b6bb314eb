/**
 * What growing a forest does with every row: how often each tree draws it, where it goes, and the sums of its node. As in grow.ts rows are
 * streamed in their order; but a node looks at columns of its own, so rows are added to the bins of those only, and a tree's rows are
 * numbered by slots: the nodes that still grow, from 1 on. In slot 0 are rows that the tree did not draw or that have come to a leaf.
 *
 * What is added are whole numbers, or multiples of a quantum so coarse that float64 adds them without error: sums in any order are the same.
 */
import { hashFour, hashOf } from "./hash";

/**
 * draws[i] = how many of the ascending uint32 bounds are not above the hash of (seed, first + index[i]), 0 for a row of weight 0, at most
 * 255; nodes[i] = 1 where that is not 0.
 */
export function drawRows(seed: u32, first: f64, index: usize, weight: usize, rows: i32, bounds: usize, n: i32, draws: usize, nodes: usize): void {
  let i: usize = 0;
  // Four at a time where row numbers are below 2^32.
  if (first + <f64>rows < 4294967296.0 && rows > 0 && first + <f64>load<u32>(index + 4 * <usize>(rows - 1)) < 4294967296.0) {
    const from = i32x4.splat(<i32>(<u64>first));
    for (; i + 4 <= <usize>rows; i += 4) {
      const hash = hashFour(seed, i32x4.add(from, v128.load(index + 4 * i)));
      let counts = i32x4.splat(0);
      for (let b = 0; b < n; b++) counts = i32x4.sub(counts, i32x4.ge_u(hash, i32x4.splat(load<i32>(bounds + 4 * <usize>b))));
      keep(i, i32x4.extract_lane(counts, 0), weight, draws, nodes);
      keep(i + 1, i32x4.extract_lane(counts, 1), weight, draws, nodes);
      keep(i + 2, i32x4.extract_lane(counts, 2), weight, draws, nodes);
      keep(i + 3, i32x4.extract_lane(counts, 3), weight, draws, nodes);
    }
  }
  for (; i < <usize>rows; i++) {
    const hash = hashOf(seed, <u64>first + <u64>load<u32>(index + 4 * i));
    let count = 0;
    while (count < n && load<u32>(bounds + 4 * <usize>count) <= hash) count++;
    keep(i, count, weight, draws, nodes);
  }
}

// @ts-ignore: decorator
@inline
function keep(i: usize, drawn: i32, weight: usize, draws: usize, nodes: usize): void {
  const count = select(min(drawn, 255), 0, load<f64>(weight + 8 * i) > 0);
  store<u8>(draws + i, <u8>count);
  store<u16>(nodes + 2 * i, <u16>(count > 0));
}

/** Bytes of a route: uint32 column, uint16 slots of the right and the left side, and a bit by bin that is set where rows go left. */
const ROUTE: usize = 40;

/** Sends rows from slot to slot. */
export function moveRows(bins: usize, columns: i32, rows: i32, nodes: usize, routes: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const own = routes + ROUTE * <usize>load<u16>(nodes + 2 * i);
    const bin = <u32>load<u8>(bins + i * columns + load<u32>(own));
    const left = (<u32>load<u8>(own + (bin >> 3), 8) >> (bin & 7)) & 1;
    store<u16>(nodes + 2 * i, load<u16>(own + 2 * <usize>left, 4));
  }
}

/**
 * Lists rows by their slot: those of slot s from list + 4 * starts[s - 1] to list + 4 * starts[s], in their order, as row + 2^24 draws, of
 * at most 2^24 rows; rows of slot 0 are not listed. `starts` has room for slots + 1 numbers, the list for one more than there are rows.
 */
export function groupRows(nodes: usize, draws: usize, rows: i32, slots: i32, starts: usize, list: usize): void {
  memory.fill(starts, 0, 4 * <usize>(slots + 1));
  for (let i: usize = 0; i < <usize>rows; i++) {
    const at = starts + 4 * <usize>load<u16>(nodes + 2 * i);
    store<u32>(at, load<u32>(at) + 1);
  }
  // Rows of slot 0 are all written to place 0, which nobody reads.
  store<u32>(starts, 0);
  let sum: u32 = 1;
  for (let s: usize = 1; s <= <usize>slots; s++) {
    const own = load<u32>(starts + 4 * s);
    store<u32>(starts + 4 * s, sum);
    sum += own;
  }
  for (let i: usize = 0; i < <usize>rows; i++) {
    const slot = <usize>load<u16>(nodes + 2 * i);
    const at = starts + 4 * slot;
    const place = load<u32>(at);
    store<u32>(list + 4 * <usize>place, <u32>i | (<u32>load<u8>(draws + i) << 24));
    store<u32>(at, place + <u32>(slot != 0));
  }
  store<u32>(starts, 1);
}

/**
 * Adds the rows of slots, as `groupRows` lists them, to the sums of their nodes: node after node, whose sums then stay in the first-level
 * cache. `built` holds the uint32 slots of `n` nodes; `records` after each other for each of their `looked` columns uint32 column and address
 * of the sums of its first bin. Those of a bin take `cell` bytes. What is added is, by `kind`:
 * 0: the draws to a uint32, by class; `values` holds uint16 offsets of the classes in a cell. 3: the same, to a uint16.
 * 1: the draws times a float64 to a float64, by class; `values` holds float64 weights and after each a uint32 offset, 16 bytes a row.
 * 2: the draws times a pair of float64 to a pair; `values` holds the pairs.
 * `counted`: the draws themselves are added to a float64 that the cell ends with.
 */
export function countRows(
  bins: usize,
  columns: i32,
  starts: usize,
  list: usize,
  built: usize,
  n: i32,
  records: usize,
  looked: i32,
  cell: i32,
  values: usize,
  kind: i32,
  counted: bool,
): void {
  let record = records;
  for (let b: usize = 0; b < <usize>n; b++) {
    const own = starts + 4 * <usize>load<u32>(built + 4 * b);
    const end = list + 4 * <usize>load<u32>(own);
    const last = record + 8 * <usize>looked;
    for (let first = list + 4 * <usize>load<u32>(own - 4); first < end; first += 4 * CHUNK) {
      const until = min(end, first + 4 * CHUNK);
      let at = record;
      if (kind == 0) at = countMany<u32>(bins, columns, first, until, at, last, cell, values);
      if (kind == 3) at = countMany<u16>(bins, columns, first, until, at, last, cell, values);
      for (; at < last; at += 8) addOne(bins, columns, first, until, at, cell, values, kind, counted);
    }
    record = last;
  }
}

/** Rows of a node that go through its columns together: their bins stay in the first-level cache. */
const CHUNK: usize = 256;
/** Of an entry of the list. */
const ROW: u32 = 0xffffff;

/** Three columns at a time, and two that are left; answers where the next record is. */
// @ts-ignore: decorator
@inline
function countMany<T>(bins: usize, columns: i32, first: usize, end: usize, record: usize, last: usize, cell: i32, values: usize): usize {
  let at = record;
  for (; at + 16 < last; at += 24) countThree<T>(bins, columns, first, end, at, cell, values);
  if (at + 8 >= last) return at;
  countTwo<T>(bins, columns, first, end, at, cell, values);
  return at + 16;
}

// @ts-ignore: decorator
@inline
function countTwo<T>(bins: usize, columns: i32, first: usize, end: usize, record: usize, cell: i32, values: usize): void {
  const a = bins + load<u32>(record);
  const b = bins + load<u32>(record, 8);
  const sumsA = load<u32>(record, 4);
  const sumsB = load<u32>(record, 12);
  for (let at = first; at < end; at += 4) {
    const entry = load<u32>(at);
    const i = <usize>(entry & ROW);
    const count = entry >> 24;
    const offset = <u32>load<u16>(values + 2 * i);
    const row = i * columns;
    const x = <usize>(sumsA + offset) + <usize>(<i32>load<u8>(a + row) * cell);
    const y = <usize>(sumsB + offset) + <usize>(<i32>load<u8>(b + row) * cell);
    store<T>(x, <T>(load<T>(x) + <T>count));
    store<T>(y, <T>(load<T>(y) + <T>count));
  }
}

// @ts-ignore: decorator
@inline
function countThree<T>(bins: usize, columns: i32, first: usize, end: usize, record: usize, cell: i32, values: usize): void {
  const a = bins + load<u32>(record);
  const b = bins + load<u32>(record, 8);
  const c = bins + load<u32>(record, 16);
  const sumsA = load<u32>(record, 4);
  const sumsB = load<u32>(record, 12);
  const sumsC = load<u32>(record, 20);
  for (let at = first; at < end; at += 4) {
    const entry = load<u32>(at);
    const i = <usize>(entry & ROW);
    const count = entry >> 24;
    const offset = <u32>load<u16>(values + 2 * i);
    const row = i * columns;
    const x = <usize>(sumsA + offset) + <usize>(<i32>load<u8>(a + row) * cell);
    const y = <usize>(sumsB + offset) + <usize>(<i32>load<u8>(b + row) * cell);
    const z = <usize>(sumsC + offset) + <usize>(<i32>load<u8>(c + row) * cell);
    store<T>(x, <T>(load<T>(x) + <T>count));
    store<T>(y, <T>(load<T>(y) + <T>count));
    store<T>(z, <T>(load<T>(z) + <T>count));
  }
}

// @ts-ignore: decorator
@inline
function addOne(
  bins: usize,
  columns: i32,
  first: usize,
  end: usize,
  record: usize,
  cell: i32,
  values: usize,
  kind: i32,
  counted: bool,
): void {
  const own = bins + load<u32>(record);
  const sums = <usize>load<u32>(record, 4);
  for (let at = first; at < end; at += 4) {
    const entry = load<u32>(at);
    const i = <usize>(entry & ROW);
    const count = entry >> 24;
    const a = sums + <usize>(<i32>load<u8>(own + i * columns) * cell);
    if (kind == 0) {
      const b = a + <usize>load<u16>(values + 2 * i);
      store<u32>(b, load<u32>(b) + count);
      continue;
    }
    if (kind == 3) {
      const b = a + <usize>load<u16>(values + 2 * i);
      store<u16>(b, <u16>(load<u16>(b) + <u16>count));
      continue;
    }
    if (kind == 1) {
      const b = a + <usize>load<u32>(values + 16 * i, 8);
      store<f64>(b, load<f64>(b) + load<f64>(values + 16 * i) * <f64>count);
    } else v128.store(a, f64x2.add(v128.load(a), f64x2.mul(v128.load(values + 16 * i), f64x2.splat(<f64>count))));
    if (counted) {
      const b = a + <usize>cell - 8;
      store<f64>(b, load<f64>(b) + <f64>count);
    }
  }
}

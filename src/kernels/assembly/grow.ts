/**
 * What growing trees does with every row: columns into bins, rows from node to node, and gradients into histograms. Rows are streamed in
 * their order, each with the number of its node: gathering them node by node through lists waits for memory and took 2.4 times as long.
 * On their way into histograms they wait with others of their node (histogram.ts).
 */
import { addRows, QUEUE } from "./histogram";
import { TO_INTEGER } from "./lanes";

/** out[i * columns] = number of the 255 ascending cuts (the last ones +Infinity) below x[i]; `missing` for NaN. */
export function binNumbers(x: usize, rows: i32, cuts: usize, missing: i32, out: usize, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    const v = load<f64>(x + 8 * <usize>i);
    let at = cuts;
    at += 8 * (<usize>(load<f64>(at, 8 * 127) < v) << 7);
    at += 8 * (<usize>(load<f64>(at, 8 * 63) < v) << 6);
    at += 8 * (<usize>(load<f64>(at, 8 * 31) < v) << 5);
    at += 8 * (<usize>(load<f64>(at, 8 * 15) < v) << 4);
    at += 8 * (<usize>(load<f64>(at, 8 * 7) < v) << 3);
    at += 8 * (<usize>(load<f64>(at, 8 * 3) < v) << 2);
    at += 8 * (<usize>(load<f64>(at, 8 * 1) < v) << 1);
    at += 8 * <usize>(load<f64>(at) < v);
    store<u8>(out + <usize>(i * columns), select(<i32>((at - cuts) >> 3), missing, v == v));
  }
}

/** out[i * columns] = codes[x[i]]; `missing` for NaN, fractions, and what is not in [0, n). */
export function binCategories(x: usize, rows: i32, codes: usize, n: i32, missing: i32, out: usize, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    const v = load<f64>(x + 8 * <usize>i);
    const known = v >= 0 && v < <f64>n && Math.floor(v) == v;
    store<u8>(out + <usize>(i * columns), known ? <i32>load<u8>(codes + <usize>v) : missing);
  }
}

/**
 * pairs[i] = (g[i], h[i]) as int64 quanta, which are powers of two; |g| and |h| are at most 2^51 of them. Second derivatives stand above
 * `countBits` bits that hold what the row counts for, from float64.
 */
export function roundPairs(
  g: usize,
  h: usize,
  counts: usize,
  rows: i32,
  gQuantum: f64,
  hQuantum: f64,
  countBits: i32,
  pairs: usize,
): void {
  // 1.5 * 2^52 quanta: adding it rounds, and leaves the number of quanta in the low bits.
  const gBig = TO_INTEGER * gQuantum;
  const hBig = TO_INTEGER * hQuantum;
  const bits = <i64>countBits;
  for (let i: usize = 0; i < <usize>rows; i++) {
    store<i64>(pairs + 16 * i, reinterpret<i64>(load<f64>(g + 8 * i) + gBig) - reinterpret<i64>(gBig));
    let second = reinterpret<i64>(load<f64>(h + 8 * i) + hBig) - reinterpret<i64>(hBig);
    if (countBits) second = (second << bits) + <i64>load<f64>(counts + 8 * i);
    store<i64>(pairs + 16 * i, second, 8);
  }
}

/** margins[i] += values[nodes[i]], nodes[i] = 0. */
export function settleRows(nodes: usize, rows: i32, values: usize, margins: usize): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const value = load<f64>(values + 8 * <usize>load<u16>(nodes + 2 * i));
    store<f64>(margins + 8 * i, load<f64>(margins + 8 * i) + value);
    store<u16>(nodes + 2 * i, 0);
  }
}

/** Lowers range[0] and raises range[1] to hold n numbers. */
export function widenRange(x: usize, n: i32, range: usize): void {
  let low = f64x2.splat(load<f64>(range));
  let high = f64x2.splat(load<f64>(range, 8));
  let i: usize = 0;
  for (; i + 2 <= <usize>n; i += 2) {
    const two = v128.load(x + 8 * i);
    low = f64x2.min(low, two);
    high = f64x2.max(high, two);
  }
  if (i < <usize>n) {
    const last = v128.load64_splat(x + 8 * i);
    low = f64x2.min(low, last);
    high = f64x2.max(high, last);
  }
  store<f64>(range, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(range, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)), 8);
}

/** Rows that go through both steps together: their bins stay in the first-level cache. */
const CHUNK: i32 = QUEUE;
const chosenRows: usize = memory.data(4 * 513, 16);
const chosenQueues: usize = memory.data(4 * 513, 16);

/** Lists those of the rows whose node is marked by a byte; there must be room for one more. Answers how many. */
export function listRows(nodes: usize, first: i32, end: i32, marks: usize, out: usize): i32 {
  let listed = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    store<u32>(out + 4 * <usize>listed, <u32>i);
    listed += <i32>load<u8>(marks + <usize>load<u16>(nodes + 2 * i));
  }
  return listed;
}

/**
 * A route is uint32 column, uint32 mask, and a uint16 node by bin & mask. `routes` holds the address of one by node, or is 0: rows stay.
 * `marks` holds a byte by node, 1 where rows move, of which they make so many `steps`; or is 0: look at none, all make one step.
 * `queues` holds by node the address of its queue, or 0: uint32 histogram, number of rows that wait (0 at first and at last), and where
 * their bins and pairs are kept, with room for QUEUE rows and 16 bytes more. `offsets` are the bytes from a histogram to each column's
 * first pair. Adds the pairs of rows in nodes with a queue to its histogram.
 */
export function growRows(
  bins: usize,
  columns: i32,
  rows: i32,
  nodes: usize,
  routes: usize,
  marks: usize,
  steps: i32,
  queues: usize,
  nodeCount: i32,
  offsets: usize,
  pairs: usize,
): void {
  for (let first = 0; first < rows; first += CHUNK) {
    const end = min(rows, first + CHUNK);
    let chosen: i32;
    if (!routes) chosen = choose(first, end, nodes, queues);
    else if (!marks) chosen = route(bins, columns, first, end, nodes, routes, queues);
    else chosen = routeMarked(bins, columns, listRows(nodes, first, end, marks, chosenRows), nodes, routes, steps, queues);
    if (chosen == end - first && areOfOne(chosen)) {
      // Nothing to sort.
      const histogram = <usize>load<u32>(<usize>load<u32>(chosenQueues));
      const at = <usize>first;
      addRows(bins + at * columns, columns, chosen, pairs + 16 * at, histogram, offsets);
      continue;
    }
    for (let c: usize = 0; c < <usize>chosen; c++) {
      const i = <usize>load<u32>(chosenRows + 4 * c);
      const queue = <usize>load<u32>(chosenQueues + 4 * c);
      const waiting = load<u32>(queue, 4);
      copyBins(bins + i * columns, columns, load<u32>(queue, 8) + waiting * columns);
      v128.store(load<u32>(queue, 12) + 16 * waiting, v128.load(pairs + 16 * i));
      store<u32>(queue, waiting + 1, 4);
      if (waiting + 1 == QUEUE) empty(queue, columns, offsets);
    }
  }
  for (let node: usize = 0; node < <usize>nodeCount; node++) {
    const queue = <usize>load<u32>(queues + 4 * node);
    if (queue && load<u32>(queue, 4)) empty(queue, columns, offsets);
  }
}

function empty(queue: usize, columns: i32, offsets: usize): void {
  addRows(load<u32>(queue, 8), columns, load<u32>(queue, 4), load<u32>(queue, 12), load<u32>(queue), offsets);
  store<u32>(queue, 0, 4);
}

/** Whether all chosen rows are of one queue. */
// @ts-ignore: decorator
@inline
function areOfOne(chosen: i32): bool {
  const first = load<u32>(chosenQueues);
  let others: u32 = 0;
  for (let c: usize = 0; c < <usize>chosen; c++) others |= load<u32>(chosenQueues + 4 * c) ^ first;
  return others == 0;
}

/** 16 at a time, also where fewer are left: the next row is written over what is too much. */
// @ts-ignore: decorator
@inline
function copyBins(from: usize, columns: i32, to: usize): void {
  for (let j: usize = 0; j < <usize>columns; j += 16) v128.store(to + j, v128.load(from + j));
}

/** Sends rows to their new nodes and lists those whose node has a queue, without a branch that a processor would have to guess. */
// @ts-ignore: decorator
@inline
function route(bins: usize, columns: i32, first: i32, end: i32, nodes: usize, routes: usize, queues: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const own = <usize>load<u32>(routes + 4 * <usize>load<u16>(nodes + 2 * i));
    const bin = <u32>load<u8>(bins + i * columns + load<u32>(own));
    const node = <usize>load<u16>(own + 8 + 2 * <usize>(bin & load<u32>(own, 4)));
    store<u16>(nodes + 2 * i, <u16>node);
    const queue = load<u32>(queues + 4 * node);
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenQueues + 4 * <usize>chosen, queue);
    chosen += <i32>(queue != 0);
  }
  return chosen;
}

/** The same for listed rows. */
function routeMarked(bins: usize, columns: i32, listed: i32, nodes: usize, routes: usize, steps: i32, queues: usize): i32 {
  for (let step = 0; step < steps; step++) {
    for (let c: usize = 0; c < <usize>listed; c++) {
      const i = <usize>load<u32>(chosenRows + 4 * c);
      const own = <usize>load<u32>(routes + 4 * <usize>load<u16>(nodes + 2 * i));
      const bin = <u32>load<u8>(bins + i * columns + load<u32>(own));
      store<u16>(nodes + 2 * i, load<u16>(own + 8 + 2 * <usize>(bin & load<u32>(own, 4))));
    }
  }
  let chosen = 0;
  for (let c: usize = 0; c < <usize>listed; c++) {
    const i = load<u32>(chosenRows + 4 * c);
    const queue = load<u32>(queues + 4 * <usize>load<u16>(nodes + 2 * <usize>i));
    store<u32>(chosenRows + 4 * <usize>chosen, i);
    store<u32>(chosenQueues + 4 * <usize>chosen, queue);
    chosen += <i32>(queue != 0);
  }
  return chosen;
}

// @ts-ignore: decorator
@inline
function choose(first: i32, end: i32, nodes: usize, queues: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const queue = load<u32>(queues + 4 * <usize>load<u16>(nodes + 2 * i));
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenQueues + 4 * <usize>chosen, queue);
    chosen += <i32>(queue != 0);
  }
  return chosen;
}

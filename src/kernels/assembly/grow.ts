/**
 * What growing trees does with every row: columns into bins, rows from node to node, and gradients into histograms. Rows are streamed in
 * their order, each with the number of its node: gathering them node by node through lists waits for memory and took 2.4 times as long.
 *
 * A histogram holds for every bin of every column a pair of float64: sums of first and second derivatives. Both are multiples of a
 * quantum so coarse that float64 adds them without error, and the sums do not depend on the order of rows.
 */

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

/** pairs[i] = (g[i], h[i]), each rounded to a multiple of its quantum, a power of two; |g| and |h| are at most 2^51 quanta. */
export function roundPairs(g: usize, h: usize, rows: i32, gQuantum: f64, hQuantum: f64, pairs: usize): void {
  // 1.5 * 2^52 quanta: adding it rounds, taking it away leaves what was rounded.
  const big = f64x2.replace_lane(f64x2.splat(6755399441055744.0 * gQuantum), 1, 6755399441055744.0 * hQuantum);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const pair = f64x2.replace_lane(v128.load64_splat(g + 8 * i), 1, load<f64>(h + 8 * i));
    v128.store(pairs + 16 * i, f64x2.sub(f64x2.add(pair, big), big));
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

/** Rows that go through both steps together: their bins stay in the first-level cache. */
const CHUNK: i32 = 512;
const chosenRows: usize = memory.data(4 * 512, 16);
const chosenHistograms: usize = memory.data(4 * 512, 16);

/**
 * A route is uint32 column, uint32 mask, and a uint16 node by bin & mask. `routes` holds the address of one by node, or is 0: rows stay.
 * `histograms` holds by node the address of its histogram, or 0 for none. `offsets` are the bytes from there to each column's first pair.
 * Adds the pairs of rows in nodes with a histogram to it; where `counts` is not 0, adds its float64 of each row too, to a number by bin
 * that lies `countsAt` bytes after the histogram, in half the bytes of the pairs. `even`: every column has room for 256 bins.
 */
export function growRows(
  bins: usize,
  columns: i32,
  rows: i32,
  nodes: usize,
  routes: usize,
  histograms: usize,
  offsets: usize,
  pairs: usize,
  counts: usize,
  countsAt: usize,
  even: bool,
): void {
  for (let first = 0; first < rows; first += CHUNK) {
    const end = min(rows, first + CHUNK);
    const chosen = routes ? route(bins, columns, first, end, nodes, routes, histograms) : choose(first, end, nodes, histograms);
    if (counts) {
      for (let c: usize = 0; c < <usize>chosen; c++) {
        const i = <usize>load<u32>(chosenRows + 4 * c);
        const histogram = <usize>load<u32>(chosenHistograms + 4 * c);
        addRow(bins + i * columns, columns, histogram, offsets, v128.load(pairs + 16 * i));
        addCount(bins + i * columns, columns, histogram + countsAt, offsets, load<f64>(counts + 8 * i));
      }
    } else if (even) {
      for (let c: usize = 0; c < <usize>chosen; c++) {
        const i = <usize>load<u32>(chosenRows + 4 * c);
        addEvenRow(bins + i * columns, columns, <usize>load<u32>(chosenHistograms + 4 * c), v128.load(pairs + 16 * i));
      }
    } else {
      for (let c: usize = 0; c < <usize>chosen; c++) {
        const i = <usize>load<u32>(chosenRows + 4 * c);
        addRow(bins + i * columns, columns, <usize>load<u32>(chosenHistograms + 4 * c), offsets, v128.load(pairs + 16 * i));
      }
    }
  }
}

/** Sends rows to their new nodes and lists those whose node has a histogram, without a branch that a processor would have to guess. */
// @ts-ignore: decorator
@inline
function route(bins: usize, columns: i32, first: i32, end: i32, nodes: usize, routes: usize, histograms: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const own = <usize>load<u32>(routes + 4 * <usize>load<u16>(nodes + 2 * i));
    const bin = <u32>load<u8>(bins + i * columns + load<u32>(own));
    const node = <usize>load<u16>(own + 8 + 2 * <usize>(bin & load<u32>(own, 4)));
    store<u16>(nodes + 2 * i, <u16>node);
    const histogram = load<u32>(histograms + 4 * node);
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenHistograms + 4 * <usize>chosen, histogram);
    chosen += <i32>(histogram != 0);
  }
  return chosen;
}

// @ts-ignore: decorator
@inline
function choose(first: i32, end: i32, nodes: usize, histograms: usize): i32 {
  let chosen = 0;
  for (let i = <usize>first; i < <usize>end; i++) {
    const histogram = load<u32>(histograms + 4 * <usize>load<u16>(nodes + 2 * i));
    store<u32>(chosenRows + 4 * <usize>chosen, <u32>i);
    store<u32>(chosenHistograms + 4 * <usize>chosen, histogram);
    chosen += <i32>(histogram != 0);
  }
  return chosen;
}

// @ts-ignore: decorator
@inline
function addRow(row: usize, columns: i32, histogram: usize, offsets: usize, pair: v128): void {
  let j: usize = 0;
  for (; j + 4 <= <usize>columns; j += 4) {
    const four = load<u32>(row + j);
    const at = offsets + 4 * j;
    const a = histogram + load<u32>(at) + ((four << 4) & 0xff0);
    v128.store(a, f64x2.add(v128.load(a), pair));
    const b = histogram + load<u32>(at, 4) + ((four >> 4) & 0xff0);
    v128.store(b, f64x2.add(v128.load(b), pair));
    const c = histogram + load<u32>(at, 8) + ((four >> 12) & 0xff0);
    v128.store(c, f64x2.add(v128.load(c), pair));
    const d = histogram + load<u32>(at, 12) + ((four >> 20) & 0xff0);
    v128.store(d, f64x2.add(v128.load(d), pair));
  }
  for (; j < <usize>columns; j++) {
    const a = histogram + load<u32>(offsets + 4 * j) + (<usize>load<u8>(row + j) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
  }
}

/** The same where every column has room for 256 bins: their places are constants, which takes a tenth less time. */
// @ts-ignore: decorator
@inline
function addEvenRow(row: usize, columns: i32, histogram: usize, pair: v128): void {
  let j: usize = 0;
  for (; j + 4 <= <usize>columns; j += 4) {
    const four = load<u32>(row + j);
    const at = histogram + (j << 12);
    const a = at + ((four << 4) & 0xff0);
    const b = at + ((four >> 4) & 0xff0);
    const c = at + ((four >> 12) & 0xff0);
    const d = at + ((four >> 20) & 0xff0);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b, 4096), pair), 4096);
    v128.store(c, f64x2.add(v128.load(c, 8192), pair), 8192);
    v128.store(d, f64x2.add(v128.load(d, 12288), pair), 12288);
  }
  for (; j < <usize>columns; j++) {
    const a = histogram + (j << 12) + (<usize>load<u8>(row + j) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
  }
}

// @ts-ignore: decorator
@inline
function addCount(row: usize, columns: i32, counts: usize, offsets: usize, count: f64): void {
  for (let j: usize = 0; j < <usize>columns; j++) {
    const a = counts + (load<u32>(offsets + 4 * j) >> 1) + (<usize>load<u8>(row + j) << 3);
    store<f64>(a, load<f64>(a) + count);
  }
}


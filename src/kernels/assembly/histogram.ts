/**
 * Rows of one node into its histogram, which holds for every bin of every column a pair: sums of first and second derivatives. While rows
 * are added they are int64 quanta, the second with the rows counted in its low bits, which costs nothing where sums of their own would
 * cost as much as the pairs; after that they are float64, which holds and adds such multiples of a quantum without error.
 *
 * Four columns at a time, because their pairs (16 KB) stay in the first-level cache beside the bins of the rows, which a histogram of all
 * columns does not: it took twice as long, and three times when rows of many nodes came mixed.
 */

/** Rows of a node that are added together at most, so that bringing its histogram into the cache is worth it; a multiple of four. */
export const QUEUE: i32 = 1024;

/** From the bins of four columns to those of the next, so that not all begin in one set of the first-level cache. */
const FOURS: usize = 4 * <usize>QUEUE + 64;

/**
 * Adds rows of a part to the histogram of a node. Their pairs are brought together in a scratch of 16 * QUEUE + 4 * (4 * QUEUE + 64) *
 * ceil(columns / 16) bytes, their bins four columns by four. `offsets` are the bytes from the histogram to each column's
 * first pair. There is room for three more rows.
 */
export function addRows(
  bins: usize,
  columns: i32,
  pairs: usize,
  rows: usize,
  n: i32,
  histogram: usize,
  offsets: usize,
  scratch: usize,
): void {
  const fours = scratch + 16 * <usize>QUEUE;
  const last = load<u32>(rows + 4 * <usize>(n - 1));
  for (let i = n; i < ((n + 3) & ~3); i++) store<u32>(rows + 4 * <usize>i, last);
  for (let i: usize = 0; i < <usize>n; i += 4) {
    const a = <usize>load<u32>(rows + 4 * i);
    const b = <usize>load<u32>(rows + 4 * i, 4);
    const c = <usize>load<u32>(rows + 4 * i, 8);
    const d = <usize>load<u32>(rows + 4 * i, 12);
    const pair = scratch + 16 * i;
    v128.store(pair, v128.load(pairs + 16 * a));
    v128.store(pair, v128.load(pairs + 16 * b), 16);
    v128.store(pair, v128.load(pairs + 16 * c), 32);
    v128.store(pair, v128.load(pairs + 16 * d), 48);
    let to = fours + 4 * i;
    for (let j: usize = 0; j < <usize>columns; j += 16) {
      turn(bins + a * columns + j, bins + b * columns + j, bins + c * columns + j, bins + d * columns + j, to);
      to += 4 * FOURS;
    }
  }
  const whole = <usize>(columns & ~3);
  let four = fours;
  for (let j: usize = 0; j < whole; j += 4) {
    addFour(four, n, scratch, histogram, offsets + 4 * j);
    four += FOURS;
  }
  for (let j = whole; j < <usize>columns; j++) addOne(four + j - whole, n, scratch, histogram + load<u32>(offsets + 4 * j));
}

/** 16 bins of each of four rows to where those of their four columns lie together. */
// @ts-ignore: decorator
@inline
function turn(a: usize, b: usize, c: usize, d: usize, to: usize): void {
  const rowA = v128.load(a);
  const rowB = v128.load(b);
  const rowC = v128.load(c);
  const rowD = v128.load(d);
  const abLow = v128.shuffle<i32>(rowA, rowB, 0, 4, 1, 5);
  const abHigh = v128.shuffle<i32>(rowA, rowB, 2, 6, 3, 7);
  const cdLow = v128.shuffle<i32>(rowC, rowD, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<i32>(rowC, rowD, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(abLow, cdLow, 0, 2));
  v128.store(to + FOURS, v128.shuffle<i64>(abLow, cdLow, 1, 3));
  v128.store(to + 2 * FOURS, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * FOURS, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
}

function addFour(row: usize, rows: i32, pairs: usize, histogram: usize, offsets: usize): void {
  const a = histogram + load<u32>(offsets);
  const b = histogram + load<u32>(offsets, 4);
  const c = histogram + load<u32>(offsets, 8);
  const d = histogram + load<u32>(offsets, 12);
  const end = pairs + 16 * <usize>rows;
  for (const most = end - 48; pairs < most; pairs += 64) {
    toFour(load<u32>(row), v128.load(pairs), a, b, c, d);
    toFour(load<u32>(row, 4), v128.load(pairs, 16), a, b, c, d);
    toFour(load<u32>(row, 8), v128.load(pairs, 32), a, b, c, d);
    toFour(load<u32>(row, 12), v128.load(pairs, 48), a, b, c, d);
    row += 16;
  }
  for (; pairs < end; pairs += 16) {
    toFour(load<u32>(row), v128.load(pairs), a, b, c, d);
    row += 4;
  }
}

/** To the bins in the bytes of `four`. */
// @ts-ignore: decorator
@inline
function toFour(four: u32, pair: v128, a: usize, b: usize, c: usize, d: usize): void {
  add(a + ((four << 4) & 0xff0), pair);
  add(b + ((four >> 4) & 0xff0), pair);
  add(c + ((four >> 12) & 0xff0), pair);
  add(d + ((four >> 20) & 0xff0), pair);
}

// @ts-ignore: decorator
@inline
function add(at: usize, pair: v128): void {
  v128.store(at, i64x2.add(v128.load(at), pair));
}

function addOne(row: usize, rows: i32, pairs: usize, column: usize): void {
  for (const end = pairs + 16 * <usize>rows; pairs < end; pairs += 16) {
    add(column + (<usize>load<u8>(row) << 4), v128.load(pairs));
    row += 4;
  }
}

/** Pairs of four columns whose sums are at an address that is known: code that adds to them need not compute where a column begins. */
const fourSums: usize = memory.data(4 * 4096, 64);
const SECOND: usize = 4096;
const THIRD: usize = 2 * 4096;
const FOURTH: usize = 3 * 4096;

/**
 * Adds rows that lie one after another, all of one node, from their bins column by column, `step` bytes from one column to the next: nothing
 * has to be brought together. `offsets` has one more, where the last column ends. See `addRows` for the rest.
 */
export function addBlock(bins: usize, step: u32, columns: i32, pairs: usize, rows: i32, histogram: usize, offsets: usize): void {
  const whole = columns & ~3;
  for (let j = 0; j < columns; j += j < whole ? 4 : 1) {
    const some = j < whole ? 4 : 1;
    if (some == 4) addFourColumns(bins, step, pairs, rows);
    else addColumn(bins, pairs, rows);
    for (let k = 0; k < some; k++) {
      const own = offsets + 4 * <usize>(j + k);
      takeSums(fourSums + SECOND * <usize>k, histogram + load<u32>(own), histogram + load<u32>(own, 4));
    }
    bins += some * step;
  }
}

/** Adds the sums of a column to those from `to` on, and leaves zeros. */
function takeSums(sums: usize, to: usize, end: usize): void {
  for (; to < end; to += 16, sums += 16) {
    add(to, v128.load(sums));
    v128.store(sums, i64x2.splat(0));
  }
}

function addFourColumns(first: usize, step: usize, pairs: usize, rows: i32): void {
  let second = first + step;
  let third = second + step;
  let fourth = third + step;
  const end = pairs + 16 * <usize>rows;
  for (const most = end - 48; pairs < most; pairs += 64) {
    const a = load<u32>(first);
    const b = load<u32>(second);
    const c = load<u32>(third);
    const d = load<u32>(fourth);
    toColumns((a << 4) & 0xff0, (b << 4) & 0xff0, (c << 4) & 0xff0, (d << 4) & 0xff0, v128.load(pairs));
    toColumns((a >> 4) & 0xff0, (b >> 4) & 0xff0, (c >> 4) & 0xff0, (d >> 4) & 0xff0, v128.load(pairs, 16));
    toColumns((a >> 12) & 0xff0, (b >> 12) & 0xff0, (c >> 12) & 0xff0, (d >> 12) & 0xff0, v128.load(pairs, 32));
    toColumns((a >> 20) & 0xff0, (b >> 20) & 0xff0, (c >> 20) & 0xff0, (d >> 20) & 0xff0, v128.load(pairs, 48));
    first += 4;
    second += 4;
    third += 4;
    fourth += 4;
  }
  for (; pairs < end; pairs += 16) {
    toColumns(cellOf(first++), cellOf(second++), cellOf(third++), cellOf(fourth++), v128.load(pairs));
  }
}

/** Bytes from a column's first pair to that of the bin at an address. */
// @ts-ignore: decorator
@inline
function cellOf(bin: usize): u32 {
  return <u32>load<u8>(bin) << 4;
}

// @ts-ignore: decorator
@inline
function toColumns(a: u32, b: u32, c: u32, d: u32, pair: v128): void {
  v128.store(a, i64x2.add(pair, v128.load(a, fourSums)), fourSums);
  v128.store(b, i64x2.add(pair, v128.load(b, fourSums + SECOND)), fourSums + SECOND);
  v128.store(c, i64x2.add(pair, v128.load(c, fourSums + THIRD)), fourSums + THIRD);
  v128.store(d, i64x2.add(pair, v128.load(d, fourSums + FOURTH)), fourSums + FOURTH);
}

function addColumn(bins: usize, pairs: usize, rows: i32): void {
  for (const end = pairs + 16 * <usize>rows; pairs < end; pairs += 16) add(fourSums + cellOf(bins++), v128.load(pairs));
}

/** Moves the rows counted in the low bits of so many pairs to the float64 `counts`. */
export function takeCounts(pairs: usize, total: i32, countBits: i32, counts: usize): void {
  const mask: i64 = (<i64>1 << <i64>countBits) - 1;
  for (let i: usize = 0; i < <usize>total; i++) {
    const second = load<i64>(pairs + 16 * i, 8);
    store<f64>(counts + 8 * i, load<f64>(counts + 8 * i) + <f64>(second & mask));
    store<i64>(pairs + 16 * i, second & ~mask, 8);
  }
}

/** Int64 pairs as float64: each of the quanta as many as there are. */
export function scalePairs(pairs: usize, total: i32, first: f64, second: f64): void {
  for (const end = pairs + 16 * <usize>total; pairs < end; pairs += 16) {
    store<f64>(pairs, <f64>load<i64>(pairs) * first);
    store<f64>(pairs, <f64>load<i64>(pairs, 8) * second, 8);
  }
}

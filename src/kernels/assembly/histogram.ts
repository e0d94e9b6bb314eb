/**
 * Rows of one node into its histogram, which holds for every bin of every column a pair: sums of first and second derivatives. While rows
 * are added they are int64 quanta, the second with the rows counted in its low bits, which costs nothing where sums of their own would
 * cost as much as the pairs; after that they are float64, which holds and adds such multiples of a quantum without error.
 *
 * Four columns at a time, because their pairs (16 KB) stay in the first-level cache beside the bins of the rows, which a histogram of all
 * columns does not: it took twice as long, and three times when rows of many nodes came mixed.
 */

/** Rows of a node that are added together at most, so that bringing its histogram into the cache is worth it. */
export const QUEUE: i32 = 1024;

/**
 * Adds rows of a part to the histogram of a node: their bins and pairs are brought together in a scratch of QUEUE * (16 + columns) + 16
 * bytes. `offsets` are the bytes from the histogram to each column's first pair.
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
  let pair = scratch;
  let to = scratch + 16 * <usize>QUEUE;
  for (const end = rows + 4 * <usize>n; rows < end; rows += 4) {
    const row = <usize>load<u32>(rows);
    v128.store(pair, v128.load(pairs + 16 * row));
    pair += 16;
    const from = bins + row * columns;
    // 16 at a time, also where fewer are left: the next row is written over what is too much.
    for (let j: usize = 0; j < <usize>columns; j += 16) v128.store(to + j, v128.load(from + j));
    to += columns;
  }
  addInOrder(scratch + 16 * <usize>QUEUE, columns, n, scratch, histogram, offsets);
}

/** Rows one after another. */
export function addInOrder(bins: usize, columns: i32, rows: i32, pairs: usize, histogram: usize, offsets: usize): void {
  const whole = <usize>(columns & ~3);
  for (let j: usize = 0; j < whole; j += 4) addFour(bins + j, columns, rows, pairs, histogram, offsets + 4 * j);
  for (let j = whole; j < <usize>columns; j++) addOne(bins + j, columns, rows, pairs, histogram + load<u32>(offsets + 4 * j));
}

function addFour(row: usize, step: usize, rows: i32, pairs: usize, histogram: usize, offsets: usize): void {
  const a = histogram + load<u32>(offsets);
  const b = histogram + load<u32>(offsets, 4);
  const c = histogram + load<u32>(offsets, 8);
  const d = histogram + load<u32>(offsets, 12);
  const end = pairs + 16 * <usize>rows;
  for (const most = end - 48; pairs < most; pairs += 64) {
    toFour(load<u32>(row), v128.load(pairs), a, b, c, d);
    row += step;
    toFour(load<u32>(row), v128.load(pairs, 16), a, b, c, d);
    row += step;
    toFour(load<u32>(row), v128.load(pairs, 32), a, b, c, d);
    row += step;
    toFour(load<u32>(row), v128.load(pairs, 48), a, b, c, d);
    row += step;
  }
  for (; pairs < end; pairs += 16) {
    toFour(load<u32>(row), v128.load(pairs), a, b, c, d);
    row += step;
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

function addOne(row: usize, step: usize, rows: i32, pairs: usize, column: usize): void {
  for (const end = pairs + 16 * <usize>rows; pairs < end; pairs += 16) {
    add(column + (<usize>load<u8>(row) << 4), v128.load(pairs));
    row += step;
  }
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

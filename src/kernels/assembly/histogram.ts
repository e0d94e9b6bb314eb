/**
 * Rows of one node into its histogram, which holds for every bin of every column a pair of float64: sums of first and second derivatives.
 * Both are multiples of a quantum so coarse that float64 adds them without error, and the sums do not depend on the order of rows.
 *
 * Four columns at a time, because their pairs (16 KB) stay in the first-level cache beside the bins of the rows, which a histogram of all
 * columns does not: it took twice as long, and three times when rows of many nodes came mixed.
 */

/** Rows of a node that wait for each other, so that bringing its histogram into the cache is worth it. */
export const QUEUE: i32 = 512;

/** See `growRows`, whose rows of one node these are, one after another. */
export function addRows(
  bins: usize,
  columns: i32,
  rows: i32,
  pairs: usize,
  counts: usize,
  histogram: usize,
  offsets: usize,
  countsAt: usize,
): void {
  const whole = <usize>(columns & ~3);
  for (let j: usize = 0; j < whole; j += 4) addFour(bins + j, columns, rows, pairs, histogram, offsets + 4 * j);
  for (let j = whole; j < <usize>columns; j++) addOne(bins + j, columns, rows, pairs, histogram + load<u32>(offsets + 4 * j));
  if (!counts) return;
  for (let j: usize = 0; j < <usize>columns; j++) {
    count(bins + j, columns, rows, counts, histogram + countsAt + (load<u32>(offsets + 4 * j) >> 1));
  }
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
  v128.store(at, f64x2.add(v128.load(at), pair));
}

function addOne(row: usize, step: usize, rows: i32, pairs: usize, column: usize): void {
  for (const end = pairs + 16 * <usize>rows; pairs < end; pairs += 16) {
    add(column + (<usize>load<u8>(row) << 4), v128.load(pairs));
    row += step;
  }
}

function count(row: usize, step: usize, rows: i32, counts: usize, column: usize): void {
  for (const end = counts + 8 * <usize>rows; counts < end; counts += 8) {
    const at = column + (<usize>load<u8>(row) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(counts));
    row += step;
  }
}

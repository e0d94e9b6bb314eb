/** The matrix of products of columns: the hottest loop of second-order learners. See linear.ts for the block. */
import { add, lanes, multiplyAdd } from "./linear";

/** Rows whose products with v are kept at a time: the scratch of a tile and the columns it meets stay in the first-level cache. */
const GRAM_ROWS: i32 = 256;
const GRAM_BYTES: usize = 8 * GRAM_ROWS;
const scratch: usize = memory.data(8 * 2 * 256, 16);

/**
 * h[j * columns + k] += sum_i v[i] x[i,j] x[i,k] for k >= j. Tiles of 2 x 4 entries share their loads: eight sums, and what they
 * multiply, just fit the sixteen SIMD registers; larger tiles spill and are slower.
 */
export function gram(x: usize, stride: u32, rows: i32, columns: i32, v: usize, h: usize): void {
  for (let i = 0; i < rows; i += GRAM_ROWS) {
    const at: usize = 8 * <usize>i;
    for (let j = 0; j < columns; j += 2) gramRows(x + at, 8 * <usize>stride, min(GRAM_ROWS, rows - i), columns, v + at, h, j);
  }
}

/** Rows j and j + 1 of h. Past the last column the last one is read again, and the answer dropped. */
function gramRows(x: usize, step: usize, rows: i32, columns: i32, v: usize, h: usize, j: i32): void {
  const last = columns - 1;
  scaleColumn(x + step * <usize>j, v, rows, scratch);
  scaleColumn(x + step * <usize>min(j + 1, last), v, rows, scratch + GRAM_BYTES);
  const end: usize = scratch + 8 * <usize>rows;
  const first: usize = h + 8 * <usize>columns * <usize>j;
  const second: usize = first + 8 * <usize>columns;
  let k = j;
  for (; k + 2 < columns; k += 4) {
    let p0: usize = x + step * <usize>k;
    let p1: usize = x + step * <usize>min(k + 1, last);
    let p2: usize = x + step * <usize>min(k + 2, last);
    let p3: usize = x + step * <usize>min(k + 3, last);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t0 = s0;
    let t1 = s0;
    let t2 = s0;
    let t3 = s0;
    for (let u = scratch; u < end; u += 16) {
      const a = v128.load(u);
      const b = v128.load(u, GRAM_BYTES);
      const x0 = v128.load(p0);
      s0 = multiplyAdd(s0, a, x0);
      t0 = multiplyAdd(t0, b, x0);
      const x1 = v128.load(p1);
      s1 = multiplyAdd(s1, a, x1);
      t1 = multiplyAdd(t1, b, x1);
      const x2 = v128.load(p2);
      s2 = multiplyAdd(s2, a, x2);
      t2 = multiplyAdd(t2, b, x2);
      const x3 = v128.load(p3);
      s3 = multiplyAdd(s3, a, x3);
      t3 = multiplyAdd(t3, b, x3);
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
    }
    add(first, k, columns, lanes(s0));
    add(first, k + 1, columns, lanes(s1));
    add(first, k + 2, columns, lanes(s2));
    add(first, k + 3, columns, lanes(s3));
    if (k > j) add(second, k, columns, lanes(t0));
    add(second, k + 1, columns, lanes(t1));
    add(second, k + 2, columns, lanes(t2));
    add(second, k + 3, columns, lanes(t3));
  }
  if (k < columns) lastColumns(x + step * <usize>k, x + step * <usize>min(k + 1, last), end, first, second, k, j, columns);
}

/** One or two columns are left: half a tile. */
// @ts-ignore: decorator
@inline
function lastColumns(x0: usize, x1: usize, end: usize, first: usize, second: usize, k: i32, j: i32, columns: i32): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let t0 = s0;
  let t1 = s0;
  for (let u = scratch; u < end; u += 16) {
    const a = v128.load(u);
    const b = v128.load(u, GRAM_BYTES);
    const p = v128.load(x0);
    const q = v128.load(x1);
    s0 = multiplyAdd(s0, a, p);
    t0 = multiplyAdd(t0, b, p);
    s1 = multiplyAdd(s1, a, q);
    t1 = multiplyAdd(t1, b, q);
    x0 += 16;
    x1 += 16;
  }
  add(first, k, columns, lanes(s0));
  add(first, k + 1, columns, lanes(s1));
  if (k > j) add(second, k, columns, lanes(t0));
  add(second, k + 1, columns, lanes(t1));
}

/** out[i] = v[i] x[i], and 0 beside the last of an odd number of rows. */
// @ts-ignore: decorator
@inline
function scaleColumn(x: usize, v: usize, rows: i32, out: usize): void {
  const pairs: usize = 8 * (<usize>rows & ~1);
  for (let i: usize = 0; i < pairs; i += 16) v128.store(out + i, f64x2.mul(v128.load(x + i), v128.load(v + i)));
  if (rows & 1) v128.store(out + pairs, f64x2.mul(v128.load64_zero(x + pairs), v128.load64_zero(v + pairs)));
}

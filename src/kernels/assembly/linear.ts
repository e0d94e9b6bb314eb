/**
 * Products with a column-major block: column j starts at x + 8 * j * stride, stride is even, rows between `rows` and `stride` hold
 * zeros. Two rows share a SIMD register, so a sum over rows is (even rows) + (odd rows); the order of every sum is fixed by the shape.
 */

// @ts-ignore: decorator
@inline
export function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** z[i] = b + sum_j x[i,j] w[j], added in the order of j. Eight rows stay in registers while the columns pass. */
export function margins(x: usize, stride: u32, rows: i32, columns: i32, w: usize, b: f64, z: usize): void {
  const step: usize = 8 * <usize>stride;
  const end: usize = w + 8 * <usize>columns;
  const start = f64x2.splat(b);
  let i = 0;
  for (; i + 8 <= rows; i += 8) {
    let s0 = start;
    let s1 = start;
    let s2 = start;
    let s3 = start;
    let p = x + 8 * <usize>i;
    for (let q = w; q < end; q += 8) {
      const weight = v128.load64_splat(q);
      s0 = multiplyAdd(s0, v128.load(p), weight);
      s1 = multiplyAdd(s1, v128.load(p, 16), weight);
      s2 = multiplyAdd(s2, v128.load(p, 32), weight);
      s3 = multiplyAdd(s3, v128.load(p, 48), weight);
      p += step;
    }
    const out = z + 8 * <usize>i;
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
  for (; i < rows; i++) {
    let s = b;
    let p = x + 8 * <usize>i;
    for (let q = w; q < end; q += 8) {
      s += load<f64>(p) * load<f64>(q);
      p += step;
    }
    store<f64>(z + 8 * <usize>i, s);
  }
}

/** g[j] += sum_i r[i] x[i,j]; four columns share the loads of r. */
export function gradient(x: usize, stride: u32, rows: i32, columns: i32, r: usize, g: usize): void {
  const step: usize = 8 * <usize>stride;
  const last = columns - 1;
  for (let j = 0; j < columns; j += 4) {
    // Past the last column the last one is read again, and the answer dropped.
    const x0: usize = x + step * <usize>j;
    const x1: usize = x + step * <usize>min(j + 1, last);
    const x2: usize = x + step * <usize>min(j + 2, last);
    const x3: usize = x + step * <usize>min(j + 3, last);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const pairs: usize = 8 * (<usize>rows & ~1);
    for (let i: usize = 0; i < pairs; i += 16) {
      const v = v128.load(r + i);
      s0 = multiplyAdd(s0, v, v128.load(x0 + i));
      s1 = multiplyAdd(s1, v, v128.load(x1 + i));
      s2 = multiplyAdd(s2, v, v128.load(x2 + i));
      s3 = multiplyAdd(s3, v, v128.load(x3 + i));
    }
    if (rows & 1) {
      const v = v128.load64_zero(r + pairs);
      s0 = multiplyAdd(s0, v, v128.load64_zero(x0 + pairs));
      s1 = multiplyAdd(s1, v, v128.load64_zero(x1 + pairs));
      s2 = multiplyAdd(s2, v, v128.load64_zero(x2 + pairs));
      s3 = multiplyAdd(s3, v, v128.load64_zero(x3 + pairs));
    }
    add(g, j, columns, lanes(s0));
    add(g, j + 1, columns, lanes(s1));
    add(g, j + 2, columns, lanes(s2));
    add(g, j + 3, columns, lanes(s3));
  }
}

/** sums[j] += value, where there is a column j. */
// @ts-ignore: decorator
@inline
export function add(sums: usize, j: i32, columns: i32, value: f64): void {
  if (j < columns) store<f64>(sums + 8 * <usize>j, load<f64>(sums + 8 * <usize>j) + value);
}

export function dot(a: usize, b: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const p = a + 8 * <usize>i;
    const q = b + 8 * <usize>i;
    s0 = multiplyAdd(s0, v128.load(p), v128.load(q));
    s1 = multiplyAdd(s1, v128.load(p, 16), v128.load(q, 16));
    s2 = multiplyAdd(s2, v128.load(p, 32), v128.load(q, 32));
    s3 = multiplyAdd(s3, v128.load(p, 48), v128.load(q, 48));
  }
  let sum = lanes(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  for (; i < n; i++) sum += load<f64>(a + 8 * <usize>i) * load<f64>(b + 8 * <usize>i);
  return sum;
}

export function sum(a: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 = f64x2.add(s0, v128.load(a + 8 * <usize>i));
    s1 = f64x2.add(s1, v128.load(a + 8 * <usize>i, 16));
  }
  let total = lanes(f64x2.add(s0, s1));
  for (; i < n; i++) total += load<f64>(a + 8 * <usize>i);
  return total;
}

import { expect, test } from "vitest";
import { float64, place, withKernels } from "../../src/kernels/kernels.ts";
import { placeBlock, placeUint32, random, read, wholeNumbers } from "./arena.ts";

const SHAPES = [0, 1, 2, 3, 7, 8, 9, 17, 255, 256, 257, 515].flatMap((rows) =>
  [1, 2, 3, 4, 5, 7, 9].map((columns) => [rows, columns] as const),
);

type Make = (n: number, seed: number) => Float64Array;
const columnsOf = (make: Make, rows: number, columns: number): Float64Array[] =>
  Array.from({ length: columns }, (_, j) => make(rows, j + 1));

/** sum_i terms in order, and the sum of their sizes, which bounds the rounding of any other order: n eps sum |term|. */
function plainSum(n: number, term: (i: number) => number): { sum: number; bound: number } {
  let sum = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    sum += term(i);
    size += Math.abs(term(i));
  }
  return { sum, bound: (n + 2) * Number.EPSILON * size };
}

const centred: Make = (n, seed) => random(n, seed, -1, 1);

test.each(SHAPES)("margins of %d rows, %d columns have the bits of the plain loop", (rows, columns) => {
  const x = columnsOf(centred, rows, columns);
  const w = centred(columns, 99);
  const want = Array.from({ length: rows }, (_, i) => x.reduce((sum, column, j) => sum + column[i] * w[j], 0.25));
  const got = withKernels((k) => {
    const block = placeBlock(k, x);
    const z = place(k, new Float64Array(rows + 1).fill(7));
    k.margins(block.x, block.stride, rows, columns, place(k, w), 0.25, z);
    return read(z, rows + 1);
  });
  expect(got).toEqual(Float64Array.of(...want, 7));
});

test("margins without columns are the intercept", () => {
  withKernels((k) => {
    const z = k.allocate(8 * 9);
    k.margins(0, 10, 9, 0, 0, 1.5, z);
    expect(read(z, 9)).toEqual(new Float64Array(9).fill(1.5));
  });
});

function gradient(x: Float64Array[], r: Float64Array, start: Float64Array): Float64Array {
  return withKernels((k) => {
    const block = placeBlock(k, x);
    // The number after the last residual must not count.
    const residuals = place(k, Float64Array.of(...r, Number.NaN));
    const g = place(k, start);
    k.gradient(block.x, block.stride, r.length, x.length, residuals, g);
    return read(g, start.length);
  });
}

test.each(SHAPES)("gradient of %d rows, %d columns adds the products", (rows, columns) => {
  const exact = columnsOf(wholeNumbers, rows, columns);
  const r = wholeNumbers(rows, 50);
  const sums = exact.map((column) => plainSum(rows, (i) => r[i] * column[i]).sum + 100);
  expect(gradient(exact, r, new Float64Array(columns + 1).fill(100))).toEqual(Float64Array.of(...sums, 100));

  const x = columnsOf(centred, rows, columns);
  const s = centred(rows, 50);
  gradient(x, s, new Float64Array(columns)).forEach((got, j) => {
    const { sum, bound } = plainSum(rows, (i) => s[i] * x[j][i]);
    expect(Math.abs(got - sum)).toBeLessThanOrEqual(bound);
  });
});

function gram(x: Float64Array[], v: Float64Array, start: Float64Array): Float64Array {
  return withKernels((k) => {
    const block = placeBlock(k, x);
    const weights = place(k, Float64Array.of(...v, Number.NaN));
    const h = place(k, start);
    const pages = k.memory.buffer.byteLength;
    k.gram(block.x, block.stride, v.length, x.length, weights, h);
    expect(k.memory.buffer.byteLength).toBe(pages);
    return read(h, start.length);
  });
}

test.each(SHAPES)("gram of %d rows, %d columns adds to the upper triangle only", (rows, columns) => {
  const exact = columnsOf(wholeNumbers, rows, columns);
  const v = wholeNumbers(rows, 60);
  const want = new Float64Array(columns * columns + 1).fill(1000);
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k++) want[j * columns + k] += plainSum(rows, (i) => v[i] * exact[j][i] * exact[k][i]).sum;
  }
  expect(gram(exact, v, new Float64Array(columns * columns + 1).fill(1000))).toEqual(want);

  const x = columnsOf(centred, rows, columns);
  const weights = random(rows, 61);
  const got = gram(x, weights, new Float64Array(columns * columns));
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k++) {
      const { sum, bound } = plainSum(rows, (i) => weights[i] * x[j][i] * x[k][i]);
      expect(Math.abs(got[j * columns + k] - sum)).toBeLessThanOrEqual(bound);
    }
  }
});

test("gram of equal columns is equal whatever their place, so that a copy of a column is seen as one", () => {
  const column = centred(301, 5);
  const h = gram(
    Array.from({ length: 7 }, () => column),
    random(301, 6),
    new Float64Array(49),
  );
  for (let j = 0; j < 7; j++) for (let k = j; k < 7; k++) expect(h[j * 7 + k]).toBe(h[0]);
});

test("a NaN reaches the sums of its own column only", () => {
  const x = columnsOf(centred, 11, 3);
  x[1][10] = Number.NaN;
  const v = random(11, 7);
  expect(Array.from(gradient(x, v, new Float64Array(3)), Number.isNaN)).toEqual([false, true, false]);
  expect(Array.from(gram(x, v, new Float64Array(9)), Number.isNaN)).toEqual([false, true, false, false, true, true, false, false, false]);
});

test.each([0, 1, 2, 5, 8, 13, 1000])("dot and sum of %d numbers", (n) => {
  withKernels((k) => {
    const [a, b] = [wholeNumbers(n, 1), wholeNumbers(n, 2)];
    expect(k.dot(place(k, a), place(k, b), n)).toBe(plainSum(n, (i) => a[i] * b[i]).sum);
    expect(k.sum(place(k, a), n)).toBe(plainSum(n, (i) => a[i]).sum);
    const [c, d] = [centred(n, 3), centred(n, 4)];
    const products = plainSum(n, (i) => c[i] * d[i]);
    expect(Math.abs(k.dot(place(k, c), place(k, d), n) - products.sum)).toBeLessThanOrEqual(products.bound);
    const values = plainSum(n, (i) => c[i]);
    expect(Math.abs(k.sum(place(k, c), n) - values.sum)).toBeLessThanOrEqual(values.bound);
  });
});

test("sparse rows have the bits of the plain loops, empty rows and a first offset above zero included", () => {
  const offsets = [2, 5, 5, 6, 9];
  const indices = [9, 9, 0, 2, 3, 1, 0, 1, 3];
  const values = centred(9, 8);
  const w = centred(4, 9);
  const r = centred(4, 10);
  const z = new Float64Array(4).fill(0.5);
  const g = new Float64Array(4).fill(2);
  for (let i = 0; i < 4; i++) {
    for (let entry = offsets[i]; entry < offsets[i + 1]; entry++) {
      z[i] += values[entry] * w[indices[entry]];
      g[indices[entry]] += r[i] * values[entry];
    }
  }
  withKernels((k) => {
    const [rows, columns, numbers] = [placeUint32(k, offsets), placeUint32(k, indices), place(k, values)];
    const margins = k.allocate(8 * 4);
    k.sparseMargins(rows, columns, numbers, 4, place(k, w), 0.5, margins);
    expect(read(margins, 4)).toEqual(z);
    const sums = place(k, new Float64Array(4).fill(2));
    k.sparseGradient(rows, columns, numbers, 4, place(k, r), sums);
    expect(read(sums, 4)).toEqual(g);
    k.sparseMargins(rows, columns, numbers, 0, 0, 0.5, margins);
    expect(float64(k, margins, 4)).toEqual(z);
  });
});

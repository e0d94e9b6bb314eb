import { expect, test } from "vitest";
import { exp, float64, log, log1p, place, withKernels } from "../../src/kernels/kernels.ts";
import { random, read } from "./arena.ts";

interface Answer {
  readonly loss: number;
  /** By class, then row. */
  readonly p: Float64Array[];
  readonly r: Float64Array[];
}

function softmax(z: Float64Array[], y: Float64Array, weight: Float64Array): Answer {
  const rows = y.length;
  const stride = rows + (rows & 1);
  return withKernels((k) => {
    const margins = k.allocate(8 * stride * z.length);
    const residuals = k.allocate(8 * stride * z.length);
    z.forEach((column, c) => {
      float64(k, margins, stride * z.length).set(column, c * stride);
    });
    const loss = k.softmax(
      margins,
      stride,
      rows,
      z.length,
      place(k, Float64Array.of(...y, NaN)),
      place(k, Float64Array.of(...weight, NaN)),
      residuals,
    );
    const columns = (address: number): Float64Array[] => z.map((_, c) => read(address + 8 * c * stride, rows));
    return { loss, p: columns(margins), r: columns(residuals) };
  });
}

function plain(z: Float64Array[], y: Float64Array, weight: Float64Array): Answer {
  const p = z.map((column) => new Float64Array(column.length));
  const r = z.map((column) => new Float64Array(column.length));
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const top = Math.max(...z.map((column) => column[i]));
    const e = z.map((column) => exp(column[i] - top));
    const sum = e.reduce((a, b) => a + b, 0);
    const others = e.reduce((a, b, c) => (c === y[i] ? a : a + b), 0);
    z.forEach((_, c) => {
      p[c][i] = e[c] / sum;
      r[c][i] = weight[i] * (c === y[i] ? -(others / sum) : e[c] / sum);
    });
    const own = z[y[i]][i] - top;
    loss += weight[i] * (own === 0 ? log1p(others) : log(sum) - own);
  }
  return { loss, p, r };
}

const shapes = [0, 1, 2, 3, 127, 128, 129, 300].flatMap((rows) => [1, 2, 3, 5].map((classes) => [rows, classes] as const));

test.each(shapes)("softmax of %d rows, %d classes has the bits of the plain loop", (rows, classes) => {
  const z = Array.from({ length: classes }, (_, c) => random(rows, c + 1, -20, 20).map((value, i) => (i % 50 === 7 ? 40 * value : value)));
  const y = Float64Array.from({ length: rows }, (_, i) => i % classes);
  const weight = random(rows, 9, 0, 2);
  const want = plain(z, y, weight);
  const got = softmax(z, y, weight);
  expect(got.p).toEqual(want.p);
  expect(got.r).toEqual(want.r);
  // Positive terms, summed in blocks.
  expect(Math.abs(got.loss - want.loss)).toBeLessThanOrEqual((rows + 2) * Number.EPSILON * want.loss);
});

test("equal margins give equal probabilities and log K; a sure model keeps its digits", () => {
  const third = softmax([Float64Array.of(5), Float64Array.of(5), Float64Array.of(5)], Float64Array.of(1), Float64Array.of(2));
  expect(third.p.map((column) => column[0])).toEqual([1 / 3, 1 / 3, 1 / 3]);
  expect(third.loss).toBeCloseTo(2 * Math.log(3), 15);
  const sure = softmax([Float64Array.of(1000), Float64Array.of(960)], Float64Array.of(0), Float64Array.of(1));
  expect(sure.loss / exp(-40)).toBeCloseTo(1, 15);
  expect(sure.r[0][0] / -exp(-40)).toBeCloseTo(1, 15);
});

test("a NaN margin reaches its own row and the loss", () => {
  const { loss, p } = softmax([Float64Array.of(1, NaN, 1), Float64Array.of(0, 0, 0)], Float64Array.of(0, 0, 1), Float64Array.of(1, 1, 1));
  expect(loss).toBeNaN();
  expect(p.map((column) => Array.from(column, Number.isNaN))).toEqual([
    [false, true, false],
    [false, true, false],
  ]);
});

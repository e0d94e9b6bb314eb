import { expect, test } from "vitest";
import { exp, log1p, place, withKernels } from "../../src/kernels/kernels.ts";
import { random, read } from "./arena.ts";

const EXTREMES = [0, -0, 1e-300, -1e-300, 30, -30, 700, -700, 709, -709, 745.5, -745.5, 800, -800, 1e300, -1e300];
const margins = (n: number): Float64Array => Float64Array.of(...EXTREMES, ...random(n, 1, -40, 40)).slice(0, n);

function sigmoids(z: Float64Array): Float64Array {
  return withKernels((k) => {
    const p = place(k, new Float64Array(z.length + 1).fill(7));
    k.sigmoid(place(k, z), z.length, p);
    return read(p, z.length + 1);
  });
}

/** 1 / (1 + exp(-z)) with the exp of one number; the kernel's of two must have its bits. */
const sigmoid = (z: number): number => {
  const e = exp(-Math.abs(z));
  return z > 0 ? 1 / (1 + e) : e * (1 / (1 + e));
};

test.each([0, 1, 2, 15, 16, 401])("sigmoid of %d margins has the bits of the plain loop", (n) => {
  const z = margins(n);
  expect(sigmoids(z)).toEqual(Float64Array.of(...Array.from(z, sigmoid), 7));
});

test("sigmoid keeps small probabilities, and NaN", () => {
  expect(Array.from(sigmoids(Float64Array.of(0, 1e4, -1e4, -740, Infinity, -Infinity, NaN)))).toEqual([0.5, 1, 0, exp(-740), 1, 0, NaN, 7]);
});

function logistic(z: Float64Array, y: Float64Array, weight: Float64Array) {
  const n = z.length;
  return withKernels((k) => {
    const r = place(k, new Float64Array(n + 1).fill(7));
    const v = place(k, new Float64Array(n + 1).fill(7));
    // What lies behind the last row must not count.
    const behind = (values: Float64Array): number => place(k, Float64Array.of(...values, NaN));
    const loss = k.logistic(behind(z), behind(y), behind(weight), n, r, v);
    return { loss, r: read(r, n + 1), v: read(v, n + 1) };
  });
}

const WEIGHTS: Readonly<Record<string, (n: number) => Float64Array>> = {
  "of their own": (n) => random(n, 2, 0, 2),
  "of one": (n) => new Float64Array(n).fill(1),
  alike: (n) => new Float64Array(n).fill(0.3),
  "alike but for the last": (n) => new Float64Array(n).fill(0.3).fill(2, n - 1),
};
const CASES = [0, 1, 2, 15, 16, 127, 128, 129, 256, 401, 512].flatMap((n) => Object.keys(WEIGHTS).map((kind) => [n, kind] as const));

test.each(CASES)("logistic of %d rows with weights %s equals the plain loop", (n, kind) => {
  const z = margins(n);
  const y = Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const weight = WEIGHTS[kind](n);
  const r = new Float64Array(n + 1).fill(7);
  const v = r.slice();
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const sign = 1 - 2 * y[i];
    const e = exp(-Math.abs(z[i]));
    const large = 1 / (1 + e);
    r[i] = weight[i] * sign * (sign * z[i] > 0 ? large : e * large);
    v[i] = weight[i] * (large * (e * large));
    loss += weight[i] * (log1p(e) + Math.max(sign * z[i], 0));
  }
  const got = logistic(z, y, weight);
  expect(got.r).toEqual(r);
  expect(got.v).toEqual(v);
  // All terms are positive: 2.5 ulp of each logarithm, and the rounding of at most n sums or of the products of n / 2 rows.
  expect(Math.abs(got.loss - loss)).toBeLessThanOrEqual((n + 4) * Number.EPSILON * loss);
});

test("losses and residuals keep their digits however sure the model is", () => {
  const { loss, r, v } = logistic(Float64Array.of(40), Float64Array.of(1), Float64Array.of(1));
  // log1p(exp(-40)) = exp(-40) (1 - exp(-40)/2 ...)
  expect(loss).toBeCloseTo(4.248354255291589e-18, 32);
  expect(loss / exp(-40)).toBeCloseTo(1, 15);
  expect(r[0] / -exp(-40)).toBeCloseTo(1, 15);
  expect(v[0] / exp(-40)).toBeCloseTo(1, 15);
  expect(logistic(Float64Array.of(40), Float64Array.of(0), Float64Array.of(1)).loss).toBe(40);
  const many = (value: number): Float64Array => new Float64Array(128).fill(value);
  expect(logistic(many(40), many(1), many(1)).loss / (128 * exp(-40))).toBeCloseTo(1, 14);
  expect(logistic(many(0), many(1), many(1)).loss / (128 * Math.LN2)).toBeCloseTo(1, 14);
});

test("logistic at zero: log 2, one half, one quarter", () => {
  expect(logistic(Float64Array.of(0, 0), Float64Array.of(0, 1), Float64Array.of(1, 3))).toEqual({
    loss: 4 * Math.LN2,
    r: Float64Array.of(0.5, -1.5, 7),
    v: Float64Array.of(0.25, 0.75, 7),
  });
});

test("a NaN margin reaches the loss and its own row only", () => {
  const { loss, r, v } = logistic(Float64Array.of(1, NaN, 1), Float64Array.of(0, 0, 1), Float64Array.of(1, 1, 1));
  expect(loss).toBeNaN();
  expect(Array.from(r, Number.isNaN)).toEqual([false, true, false, false]);
  expect(Array.from(v, Number.isNaN)).toEqual([false, true, false, false]);
});

import { expect, test } from "vitest";
import { exp, expm1, log, log1p, pow } from "../../src/kernels/kernels.ts";
import { random } from "./arena.ts";
import { type Exact, exactExp, exactExpm1, exactLog, exactLog1p, exactPow, ulps } from "./exact.ts";

const worst = (xs: Iterable<number>, got: (x: number) => number, exact: (x: number) => Exact): number =>
  Math.max(...Array.from(xs, (x) => ulps(got(x), exact(x))));

/** Powers of two with random exponents in [from, to), of both signs or one. */
const scales = (n: number, seed: number, from: number, to: number, negative = true): Float64Array =>
  random(n, seed, from, to).map((exponent, i) => 2 ** exponent * (negative && i % 2 === 1 ? -1 : 1));

test("the oracle knows e, log 2 and a rounding", () => {
  expect(ulps(Math.E, exactExp(1))).toBeLessThan(0.5);
  expect(ulps(Math.LN2, exactLog(2))).toBeLessThan(0.5);
  expect(ulps(Math.LN2 + 2 ** -53, exactLog(2))).toBeGreaterThan(0.5);
  expect(ulps(1024, exactPow(2, 10))).toBeLessThan(1e-9);
});

// The bounds are those that assembly/exp.ts, log.ts and pow.ts state.
test("exp is right to 0.52 ulp, to 1 ulp where the result is subnormal", () => {
  expect(worst(random(400, 1, -708, 709.7), exp, exactExp)).toBeLessThan(0.52);
  expect(worst(random(400, 2, -1, 1), exp, exactExp)).toBeLessThan(0.52);
  expect(worst(scales(200, 3, -60, 5), exp, exactExp)).toBeLessThan(0.52);
  expect(worst(random(200, 4, -745, -708), exp, exactExp)).toBeLessThan(1);
});

test("log is right to 0.52 ulp, near 1 and for subnormals too", () => {
  expect(worst(scales(400, 5, -1074, 1024, false), log, exactLog)).toBeLessThan(0.52);
  expect(worst(random(400, 6, 0.5, 2), log, exactLog)).toBeLessThan(0.52);
  expect(
    worst(
      scales(200, 7, -50, -1).map((x) => 1 + x),
      log,
      exactLog,
    ),
  ).toBeLessThan(0.52);
});

test("log1p is right to 0.52 ulp", () => {
  expect(worst(random(400, 8, -1, 1), log1p, exactLog1p)).toBeLessThan(0.52);
  expect(worst(scales(400, 9, -80, 0), log1p, exactLog1p)).toBeLessThan(0.52);
  expect(worst(scales(200, 10, 0, 1024, false), log1p, exactLog1p)).toBeLessThan(0.52);
});

test("expm1 is right to 0.56 ulp", () => {
  expect(worst(random(400, 11, -1, 1), expm1, exactExpm1)).toBeLessThan(0.56);
  expect(worst(random(400, 12, -45, 700), expm1, exactExpm1)).toBeLessThan(0.56);
  expect(worst(scales(400, 13, -80, 0), expm1, exactExpm1)).toBeLessThan(0.56);
});

test("pow is right to 0.56 ulp, to 1 ulp where the result is subnormal", () => {
  const bases = scales(400, 14, -30, 30, false);
  const exponents = random(400, 15, -700, 700);
  const errors = Array.from(bases, (x, i) => {
    const y = exponents[i] / Math.log(x);
    const got = pow(x, y);
    return ulps(got, exactPow(x, y));
  });
  expect(Math.max(...errors)).toBeLessThan(0.56);
  // Close to 1, raised to a huge power: the logarithm needs more digits than a float64 has.
  for (const y of [1e3, -1e9, 123456789.125]) expect(ulps(pow(1 + 2 ** -30, y), exactPow(1 + 2 ** -30, y))).toBeLessThan(0.56);
  expect(ulps(pow(2.5, -800), exactPow(2.5, -800))).toBeLessThan(1);
});

test.each([
  [
    "exp",
    exp,
    [
      [0, 1],
      [-0, 1],
      [710, Infinity],
      [-746, 0],
      [Infinity, Infinity],
      [-Infinity, 0],
      [NaN, NaN],
      [5e-324, 1],
    ],
  ],
  [
    "log",
    log,
    [
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [-1, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
    ],
  ],
  [
    "log1p",
    log1p,
    [
      [0, 0],
      [-0, -0],
      [-1, -Infinity],
      [-1.5, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN],
      [5e-324, 5e-324],
    ],
  ],
  [
    "expm1",
    expm1,
    [
      [0, 0],
      [-0, -0],
      [-Infinity, -1],
      [-40.5, -1],
      [Infinity, Infinity],
      [710, Infinity],
      [NaN, NaN],
      [5e-324, 5e-324],
    ],
  ],
] as [string, (x: number) => number, [number, number][]][])("%s at its edges", (_, f, pairs) => {
  for (const [x, y] of pairs) expect([x, f(x)]).toEqual([x, y]);
});

test("pow follows ECMAScript at its edges", () => {
  const edges = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, Infinity, -Infinity, NaN, 1e300, -1e300, 5e-324, 2 ** 53 + 2, -(2 ** 53)];
  for (const x of edges) {
    for (const y of edges) {
      const want = x ** y;
      // All results of these are exact, out of range, or special, except for some odd roots and reciprocals.
      if (Number.isInteger(want) || !Number.isFinite(want)) expect([x, y, pow(x, y)]).toEqual([x, y, want]);
    }
  }
});

test("whole powers that fit are exact", () => {
  for (let x = 2; x < 12; x++) for (let y = 0; x ** y < 2 ** 53; y++) expect(pow(x, y)).toBe(x ** y);
});

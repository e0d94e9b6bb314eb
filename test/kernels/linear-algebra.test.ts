import { expect, test } from "vitest";
import { condition, factorise, inverse, solve, solveSymmetric } from "../../src/kernels/linear-algebra.ts";
import { random } from "./arena.ts";

/** X'X of the columns, full or upper triangle. */
function products(columns: readonly Float64Array[], full = true): Float64Array {
  const n = columns.length;
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = full ? 0 : i; j < n; j++) h[i * n + j] = columns[i].reduce((sum, value, row) => sum + value * columns[j][row], 0);
  }
  return h;
}

const times = (h: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) => x.reduce((sum, value, j) => sum + h[i * x.length + j] * value, 0));

const columnsOf = (n: number, rows: number, seed: number): Float64Array[] =>
  Array.from({ length: n }, (_, j) => random(rows, seed + j, -1, 1));

const distance = (a: Float64Array, b: Float64Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

test("a system to be solved by hand", () => {
  const { x, rank, ok } = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(10, 8));
  expect(distance(x, Float64Array.of(1.75, 1.5))).toBeLessThan(1e-15);
  expect({ rank, ok }).toEqual({ rank: 2, ok: true });
});

test.each([1, 2, 5, 20, 60])("%d unknowns, of the upper triangle alone", (n) => {
  const columns = columnsOf(n, 2 * n + 3, 1);
  const want = random(n, 99, -3, 3);
  const b = times(products(columns), want);
  const { x, rank, ok } = solveSymmetric(products(columns, false), b);
  expect({ rank, ok }).toEqual({ rank: n, ok: true });
  // Condition numbers here stay under 1e4.
  expect(distance(x, want)).toBeLessThan(1e-10);
});

test("units of rows change neither rank nor answer", () => {
  const columns = columnsOf(6, 30, 5);
  const scales = [1e-9, 1, 1e6, 1e-3, 1e9, 1e3];
  const want = solveSymmetric(products(columns), random(6, 1));
  const scaled = solveSymmetric(
    products(columns.map((column, j) => column.map((value) => value * scales[j]))),
    random(6, 1).map((value, j) => value * scales[j]),
  );
  expect(scaled.rank).toBe(6);
  expect(
    distance(
      scaled.x.map((value, j) => value * scales[j]),
      want.x,
    ),
  ).toBeLessThan(1e-12);
  expect(scaled.condition / want.condition).toBeCloseTo(1, 6);
});

test("collinear columns give the solution of least norm", () => {
  // Twice the same column: the coefficient is shared.
  const twins = solveSymmetric(Float64Array.of(2, 2, 2, 2), Float64Array.of(6, 6));
  expect(twins.rank).toBe(1);
  expect(twins.condition).toBe(Infinity);
  expect(distance(twins.x, Float64Array.of(1.5, 1.5))).toBeLessThan(1e-14);

  // One column the sum of two others, one constant: any solution differs from the least by a multiple of the null vector (1, 1, -1, 0, 0).
  const [a, b, c] = columnsOf(3, 40, 7);
  const h = products([a, b, a.map((value, i) => value + b[i]), new Float64Array(40), c]);
  const rhs = times(h, Float64Array.of(1, 2, 3, 9, -1));
  const { x, rank, ok } = solveSymmetric(h, rhs);
  expect({ rank, ok }).toEqual({ rank: 3, ok: true });
  expect(distance(times(h, x), rhs)).toBeLessThan(1e-11);
  // Orthogonal to the null vector, and nothing for the constant column.
  expect(Math.abs(x[0] + x[1] - x[2])).toBeLessThan(1e-12);
  expect(x[3]).toBe(0);
});

test("an inconsistent singular system is solved in the sense of least squares", () => {
  // Projected on (1, 1), the right-hand side (3, 1) is (2, 2).
  expect(distance(solveSymmetric(Float64Array.of(1, 1, 1, 1), Float64Array.of(3, 1)).x, Float64Array.of(1, 1))).toBeLessThan(1e-14);
});

test("the inverse times the matrix is the identity", () => {
  const h = products(columnsOf(15, 40, 11));
  const inverted = inverse(factorise(h, 15));
  for (let j = 0; j < 15; j++) {
    const unit = new Float64Array(15);
    unit[j] = 1;
    expect(distance(times(h, inverted.slice(j * 15, j * 15 + 15)), unit)).toBeLessThan(1e-12);
  }
});

test("the condition estimate is exact on small matrices and sees near collinearity", () => {
  expect(condition(Float64Array.of(1, 0, 0, 1), factorise(Float64Array.of(1, 0, 0, 1), 2))).toBeCloseTo(1, 12);
  // (1 + r) / (1 - r) in the 1-norm for correlation r, whatever the units.
  const h = Float64Array.of(4, 2 * 0.999, 2 * 0.999, 1);
  expect(condition(h, factorise(h, 2))).toBeCloseTo(1999, 6);
});

test("a condition estimate lies between a third of the condition number and all of it", () => {
  for (let seed = 0; seed < 20; seed++) {
    const n = 8;
    const h = products(columnsOf(n, 10, 100 * seed));
    const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(h[i * n + i]));
    const inverted = inverse(factorise(h, n));
    const norm = (entry: (i: number, j: number) => number): number =>
      Math.max(...Array.from(scale, (_, j) => scale.reduce((sum, __, i) => sum + Math.abs(entry(i, j)), 0)));
    const exact = norm((i, j) => h[i * n + j] / scale[i] / scale[j]) * norm((i, j) => inverted[i * n + j] * scale[i] * scale[j]);
    const estimate = condition(h, factorise(h, n));
    expect(estimate / exact).toBeGreaterThan(1 / 3);
    expect(estimate / exact).toBeLessThan(1 + 1e-9);
  }
});

test.each([
  ["a NaN", Float64Array.of(1, NaN, NaN, 1)],
  ["an infinite number", Float64Array.of(Infinity, 0, 0, 1)],
  ["a negative diagonal", Float64Array.of(1, 0, 0, -1)],
  ["a negative direction", Float64Array.of(1, 2, 2, 1)],
])("%s is no system", (_, h) => {
  const { x, ok } = solveSymmetric(h, Float64Array.of(1, 1));
  expect(ok).toBe(false);
  expect(x).toEqual(Float64Array.of(NaN, NaN));
});

test("no unknowns, and a matrix of zeros", () => {
  expect(solveSymmetric(new Float64Array(0), new Float64Array(0))).toEqual({ x: new Float64Array(0), rank: 0, condition: 1, ok: true });
  expect(solveSymmetric(new Float64Array(4), Float64Array.of(1, 2))).toEqual({
    x: new Float64Array(2),
    rank: 0,
    condition: Infinity,
    ok: true,
  });
});

test("solving leaves its inputs alone", () => {
  const h = products(columnsOf(4, 9, 3));
  const b = random(4, 4);
  const copies = [h.slice(), b.slice()];
  solve(factorise(h, 4), b);
  solveSymmetric(h, b);
  expect([h, b]).toEqual(copies);
});

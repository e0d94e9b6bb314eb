import { describe, expect, it } from "vitest";
import { factorise, inverse, solve } from "../../src/learners/cholesky.ts";

const matrix = (...rows: number[][]): Float64Array => Float64Array.from(rows.flat());

describe("a pivoted Cholesky factor", () => {
  it("solves a system that the hand solves", () => {
    // 4x + 2y = 10, 2x + 3y = 9: x = 1.5, y = 2.
    const x = solve(factorise(matrix([4, 2], [2, 3]), 2), Float64Array.of(10, 9));
    expect(x[0]).toBeCloseTo(1.5, 14);
    expect(x[1]).toBeCloseTo(2, 14);
  });

  it("reads the upper triangle only", () => {
    const x = solve(factorise(matrix([4, 2], [Number.NaN, 3]), 2), Float64Array.of(10, 9));
    expect(x[1]).toBeCloseTo(2, 14);
  });

  it("inverts: A times the inverse is one", () => {
    const a = matrix([2, -1, 0.3], [-1, 5, 1], [0.3, 1, 1]);
    const found = inverse(factorise(a, 3));
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let k = 0; k < 3; k++) sum += a[i * 3 + k] * found[k * 3 + j];
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 14);
      }
    }
  });

  it("gives the solution of least norm where rows repeat", () => {
    // x + y = 2 twice: of all solutions (1, 1) is the shortest; the third coordinate stands alone.
    const factor = factorise(matrix([1, 1, 0], [1, 1, 0], [0, 0, 4]), 3);
    expect(factor.rank).toBe(2);
    const x = solve(factor, Float64Array.of(2, 2, 8));
    expect(x[0]).toBeCloseTo(1, 14);
    expect(x[1]).toBeCloseTo(1, 14);
    expect(x[2]).toBeCloseTo(2, 14);
  });

  it("of nothing but zeros has rank 0 and the solution 0", () => {
    const factor = factorise(new Float64Array(4), 2);
    expect(factor.rank).toBe(0);
    expect([...solve(factor, Float64Array.of(1, 2))]).toEqual([0, 0]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimiseL1 } from "../../src/learners/quadratic.ts";

describe("the least of a quadratic with an L1 part", () => {
  it("is the soft threshold where coordinates do not meet", () => {
    const { z } = minimiseL1(Float64Array.of(2, 0, 0, 1), Float64Array.of(3, 0.2), Float64Array.of(1, 0.5), new Float64Array(2));
    // (3 - 1) / 2, and 0.2 is below 0.5.
    expect(z[0]).toBeCloseTo(1, 14);
    expect(z[1]).toBe(0);
  });

  it("meets the optimality conditions whatever the matrix", () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 20, maxLength: 20 }),
        fc.array(value, { minLength: 4, maxLength: 4 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (raw, b, l1) => {
          const n = 4;
          const a = new Float64Array(n * n);
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) for (let r = 0; r < 5; r++) a[i * n + j] += raw[r * n + i] * raw[r * n + j];
          for (let i = 0; i < n; i++) a[i * n + i] += 0.1;
          const { z } = minimiseL1(a, Float64Array.from(b), new Float64Array(n).fill(l1), new Float64Array(n));
          for (let i = 0; i < n; i++) {
            let slope = -b[i];
            for (let j = 0; j < n; j++) slope += a[i * n + j] * z[j];
            // Zero is a subgradient: slope = -l1 sign(z) on, |slope| <= l1 off. Room: 1e-15 times the condition (up to 1e4).
            if (z[i] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(l1 + 1e-9);
            else expect(slope + l1 * Math.sign(z[i])).toBeCloseTo(0, 9);
          }
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it("goes along two columns that are nearly collinear, where sweeps creep", () => {
    // The least is at (-1, 2). Sweeps come to (1, 0) first, and from there cover some 1e-10 of the way each.
    const near = 1 - 5e-11;
    const a = Float64Array.of(1, near, near, 1);
    const l1 = 1e-12;
    const b = Float64Array.of(-1 + 2 * near - l1, -near + 2 + l1);
    const { z, converged } = minimiseL1(a, b, Float64Array.of(l1, l1), new Float64Array(2));
    expect(converged).toBe(true);
    // 1e-16 times the condition of 4e10.
    expect(z[0]).toBeCloseTo(-1, 4);
    expect(z[1]).toBeCloseTo(2, 4);
  });

  it("leaves a coordinate without curvature at zero", () => {
    const { z, converged } = minimiseL1(Float64Array.of(0, 0, 0, 1), Float64Array.of(0, 2), Float64Array.of(1, 1), new Float64Array(2));
    expect([...z]).toEqual([0, 1]);
    expect(converged).toBe(true);
  });
});

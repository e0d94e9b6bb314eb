import { describe, expect, it } from "vitest";
import { incompleteBeta, twoSidedP } from "../../../src/learners/linear/t-distribution.ts";

describe("the two-sided tail of Student's t", () => {
  // One degree of freedom is the Cauchy distribution: 1 - (2 / pi) atan(t); two: 1 - t / sqrt(2 + t^2).
  it.each([0, 0.3, 1, 2.5, 40])("has closed forms for one and two degrees of freedom at %f", (t) => {
    expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 13);
    expect(twoSidedP(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 13);
  });

  it("meets the table", () => {
    // Two-sided 5 % points.
    expect(twoSidedP(2.228138852, 10)).toBeCloseTo(0.05, 9);
    expect(twoSidedP(-1.983971519, 100)).toBeCloseTo(0.05, 9);
  });

  it("passes NaN on", () => expect(twoSidedP(Number.NaN, 3)).toBeNaN());
});

it("the incomplete beta function is a polynomial for whole parameters", () => {
  // I_x(2, 3) = 6x^2 - 8x^3 + 3x^4.
  for (const x of [0, 0.1, 0.5, 0.9, 1]) expect(incompleteBeta(x, 2, 3)).toBeCloseTo(6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 14);
});

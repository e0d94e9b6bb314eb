import { describe, expect, test } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { exp as kernelExp } from "../../src/kernels/kernels.ts";
import { exp } from "../../src/model/exp.ts";

describe("exp", () => {
  test("gives the bits of the kernel's everywhere", () => {
    const edges = [0, -0, 1, -1, 1e-300, -1e-17, 709.78, 709.79, 710, 1e300, -708.3, -708.5, -740.2, -745.1, -745.2, -746, -1e300];
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const spread = Array.from({ length: 50_000 }, (_, i) => ((hashRow(5, i) / 2 ** 32) * 2 - 1) * [1e-3, 1, 40, 760][i % 4]);
    expect([...edges, ...special, ...spread].filter((x) => !Object.is(exp(x), kernelExp(x)))).toEqual([]);
  });

  test("is the exponential: a value of tables, and the ends of float64", () => {
    // The last bit may differ.
    expect(exp(1) / Math.E).toBeCloseTo(1, 15);
    expect([exp(0), exp(-746), exp(710)]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
    expect(exp(-745.1)).toBe(Number.MIN_VALUE);
  });
});

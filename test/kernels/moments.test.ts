import { describe, expect, it } from "vitest";
import { float64, withKernels } from "../../src/kernels/kernels.ts";

const moments = (values: number[]): number[] =>
  withKernels((k) => {
    const [x, out] = [k.allocate(8 * (values.length + 1)), k.allocate(8 * 5)];
    float64(k, x, values.length).set(values);
    k.runMoments(x, values.length, out);
    return Array.from(float64(k, out, 5));
  });

describe("runMoments", () => {
  it.each([[[1, 2, 3, 4]], [[1, 2, 3, 4, 5]], [[7]], [[-3, 8]]])("of %j are those of the plain formula", (values) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const squares = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0);
    expect(moments(values)).toEqual([values.length, mean, squares, Math.min(...values), Math.max(...values)]);
  });

  it("leaves missing values out, wherever they stand", () => {
    expect(moments([Number.NaN, 1, Number.NaN, 3, Number.NaN])).toEqual([2, 2, 2, 1, 3]);
    expect(moments([Number.NaN, 5])).toEqual([1, 5, 0, 5, 5]);
    expect(moments([Number.NaN])[0]).toBe(0);
    expect(moments([])[0]).toBe(0);
  });

  it("gives a constant itself and no deviation, and keeps the digits of values far from zero", () => {
    expect(moments(new Array<number>(1_001).fill(0.1))).toEqual([1_001, 0.1, 0, 0.1, 0.1]);
    const [, mean, squares] = moments([1e12 + 1, 1e12 + 2, 1e12 + 3]);
    expect([mean, squares]).toEqual([1e12 + 2, 2]);
  });
});

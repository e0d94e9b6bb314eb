import { expect, it } from "vitest";
import { addDot, addPairs, addProducts } from "../../../src/learners/linear/exact-residual.ts";

it("a dot product survives cancellation that float64 does not", () => {
  // 1e16 + 1 - 1e16: float64 answers 0.
  const [hi, lo] = [new Float64Array(1), new Float64Array(1)];
  addDot(hi, lo, 0, Float64Array.of(1e16, 1, -1e16), Float64Array.of(1, 1, 1));
  expect(hi[0] + lo[0]).toBe(1);
});

it("a product keeps the bits that float64 rounds away", () => {
  const [hi, lo] = [new Float64Array(1), new Float64Array(1)];
  const x = 2 ** 30 + 1;
  addProducts(hi, lo, Float64Array.of(x), x);
  // (2^30 + 1)^2 = 2^60 + 2^31 + 1, the last 1 beyond 53 bits.
  expect(BigInt(hi[0]) + BigInt(lo[0])).toBe(2n ** 60n + 2n ** 31n + 1n);
});

it("pairs add without loss", () => {
  const [hi, lo] = [Float64Array.of(1e16), Float64Array.of(0.25)];
  addPairs(hi, lo, Float64Array.of(-1e16), Float64Array.of(0.5));
  expect(hi[0] + lo[0]).toBe(0.75);
});

import { describe, expect, it } from "vitest";
import { permuted } from "../../../src/rounds/parts/permutation.ts";

describe("permuted", () => {
  it("visits every place once, for every size", () => {
    for (let n = 1; n <= 130; n++) {
      const places = Array.from({ length: n }, (_, i) => permuted(i, n, 42));
      expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it("depends on the seed", () => {
    const order = (seed: number) => Array.from({ length: 50 }, (_, i) => permuted(i, 50, seed)).join();
    expect(order(1)).toBe(order(1));
    expect(order(1)).not.toBe(order(2));
  });

  it("sends neighbours anywhere", () => {
    // Displacements of a random permutation of n are n/3 on average, with a standard error of 0.24 n / sqrt(n): n/3 ± 3 % is 4 of them.
    const n = 1_001;
    let distance = 0;
    for (let i = 0; i < n; i++) distance += Math.abs(permuted(i, n, 7) - i);
    expect(distance / n / n).toBeGreaterThan(1 / 3 - 0.03);
    expect(distance / n / n).toBeLessThan(1 / 3 + 0.03);
  });

  it("stays within large sizes", () => {
    const n = 2 ** 40 + 1;
    for (const i of [0, 1, 2 ** 39, n - 1]) {
      const place = permuted(i, n, 3);
      expect(Number.isSafeInteger(place) && place >= 0 && place < n).toBe(true);
    }
  });
});

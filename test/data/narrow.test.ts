import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumberValues } from "../../src/data/columns.ts";
import type { CsvKernels } from "../../src/data/csv/kernel.ts";
import { holders, narrowParts, store } from "../../src/data/narrow.ts";
import { createKernels, float64 } from "../../src/kernels/kernels.ts";

const cases: [string, number[], abstract new (...given: never[]) => NumberValues][] = [
  ["no values", [], Int8Array],
  ["int8", [-128, 0, 127], Int8Array],
  ["above int8", [128], Int16Array],
  ["below int8", [-129], Int16Array],
  ["int16", [-32_768, 32_767], Int16Array],
  ["above int16", [32_768], Int32Array],
  ["int32", [-2_147_483_648, 2_147_483_647], Int32Array],
  ["above int32, exact in float32", [2_147_483_648], Float32Array],
  ["above int32, not exact in float32", [2_147_483_649], Float64Array],
  ["missing", [1, Number.NaN], Float32Array],
  ["negative zero", [-0, 1], Float32Array],
  ["halves", [0.5, 3], Float32Array],
  ["tenths", [0.1], Float64Array],
  ["missing among tenths", [Number.NaN, 0.1], Float64Array],
  ["a large integer beside a half", [16_777_217, 0.5], Float64Array],
  ["infinite", [Number.POSITIVE_INFINITY], Float32Array],
  ["beyond float32", [1e39], Float64Array],
];

test.each(cases)("%s", (_, values, Storage) => {
  const [narrow] = narrowParts([Float64Array.from(values)]);
  expect(narrow).toBeInstanceOf(Storage);
  expect([...narrow]).toEqual(values);
});

describe("parts", () => {
  test("share the narrowest storage that holds all of them", () => {
    const parts = [Float64Array.of(70_000), Float64Array.of(0.5), Int8Array.of(-1), new Float64Array(0)];
    expect(narrowParts(parts)).toEqual([Float32Array.of(70_000), Float32Array.of(0.5), Float32Array.of(-1), new Float32Array(0)]);
    expect(narrowParts([Float64Array.of(16_777_217), Float64Array.of(0.5)])).toEqual([Float64Array.of(16_777_217), Float64Array.of(0.5)]);
    expect(narrowParts([Int32Array.of(5), Float32Array.of(6)])).toEqual([Int8Array.of(5), Int8Array.of(6)]);
  });

  test("stored so already are not copied", () => {
    const values = Float64Array.of(0.1);
    expect(store(values, holders(values))).toBe(values);
  });
});

test("the kernel finds the same holders and converts to the same values", async () => {
  const k = createKernels() as CsvKernels;
  const number = fc.oneof(
    fc.constantFrom(-128, 127, 128, -32_769, 32_767, 2 ** 31, -(2 ** 31), -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 24 + 1),
    fc.integer({ min: -100, max: 100 }),
    fc.integer(),
    fc.float(),
    fc.double(),
  );
  await fc.assert(
    fc.property(fc.uniqueArray(number, { maxLength: 3 }), fc.integer({ min: 0, max: 20 }), (pool, length) => {
      const values = Float64Array.from({ length: pool.length === 0 ? 0 : length }, (_, i) => pool[(i * 7) % pool.length]);
      const n = values.length;
      const address = k.allocate(8 * (n + 4));
      float64(k, address, n).set(values);
      const set = k.holders(address, n);
      expect(set).toBe(holders(values));
      expect(float64(k, address, n)).toEqual(values);
      const convert = (
        run: () => void,
        Storage: Int8ArrayConstructor | Int16ArrayConstructor | Int32ArrayConstructor | Float32ArrayConstructor,
      ): void => {
        float64(k, address, n).set(values);
        run();
        expect(new Storage(k.memory.buffer, address, n) as NumberValues).toEqual(new Storage(values));
      };
      if (set & 1) convert(() => k.storeInts(address, n, 1), Int8Array);
      if (set & 2) convert(() => k.storeInts(address, n, 2), Int16Array);
      if (set & 4) convert(() => k.storeInts(address, n, 4), Int32Array);
      convert(() => k.storeFloats(address, n), Float32Array);
    }),
    { seed: 2, numRuns: 500 },
  );
});

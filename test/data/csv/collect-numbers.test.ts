import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NumberColumn, storedNumbers } from "../../../src/data/columns.ts";
import { appendNumbers, collectNumbers, numberColumns } from "../../../src/data/csv/collect-numbers.ts";
import type { CsvKernels } from "../../../src/data/csv/kernel.ts";
import { createKernels, float64 } from "../../../src/kernels/kernels.ts";

const k = createKernels() as CsvKernels;

/** Parts, each of blocks of values. */
function collect(parts: readonly (readonly (readonly number[])[])[], type: "number" | "date" = "number"): NumberColumn[] {
  const mark = k.mark();
  const column = collectNumbers(type);
  const longest = 4 * Math.ceil(Math.max(...parts.flat().map((block) => block.length)) / 4);
  const [out, whole] = [k.allocate(8 * longest), k.allocate(4 * longest)];
  const rows = parts.map((blocks) => blocks.flat().length);
  parts.forEach((blocks, part) => {
    let filled = 0;
    for (const block of blocks) {
      float64(k, out, longest).fill(0.123_456_789).set(block);
      appendNumbers(k, column, [out, whole], [part, filled, rows[part] + 3], block.length);
      filled += block.length;
    }
  });
  k.release(mark);
  return numberColumns(column, rows);
}

const formOf = (column: NumberColumn): string => {
  const stored = storedNumbers(column);
  return "whole" in stored ? `${stored.whole.constructor.name} ${stored.places}` : stored.constructor.name;
};
const missing = Number.NaN;

it.each<[string, number[][], string]>([
  ["whole numbers", [[1, 2], [-128]], "Int8Array"],
  ["one decimal", [[0.1, 2]], "Int8Array 1"],
  ["prices", [[29.85, 118.75], [3]], "Int16Array 2"],
  ["the largest of int16", [[327.67, -327.67]], "Int16Array 2"],
  ["the number that stands for a missing one", [[-327.68]], "Int32Array 2"],
  ["the largest of int32", [[21_474_836.47]], "Int32Array 2"],
  ["beyond int32", [[21_474_836.48]], "Float64Array"],
  ["the least of int32", [[-21_474_836.48]], "Float64Array"],
  ["coordinates", [[-122.419_418, 37.774_929]], "Int32Array 6"],
  ["seven places", [[0.000_000_1]], "Float64Array"],
  ["missing among whole numbers", [[1, missing, 127]], "Int8Array 0"],
  ["missing only", [[missing]], "Int8Array 0"],
  ["missing later", [[-128, 5], [missing]], "Int16Array 0"],
  ["more places later", [[1.5], [1.25], [1.125]], "Int32Array 3"],
  ["decimals after whole numbers", [[100], [0.25]], "Int16Array 2"],
  ["decimals after large whole numbers", [[30_000], [0.25]], "Int32Array 2"],
  ["decimals after whole numbers of int32", [[70_000], [0.1]], "Float64Array"],
  ["more places than int32 has room for", [[21_474_836.47], [0.125]], "Float64Array"],
  ["negative zero", [[0.1, -0]], "Float64Array"],
  ["negative zero among whole numbers", [[-0, 1]], "Float32Array"],
  ["infinite", [[0.5, Number.POSITIVE_INFINITY]], "Float32Array"],
  ["the float64 next to a decimal", [[0.1 + Number.EPSILON / 8]], "Float64Array"],
  ["no decimals later", [[29.85, missing], [1 / 3]], "Float64Array"],
  ["decimals after a third", [[1 / 3], [29.85]], "Float64Array"],
])("%s", (_, blocks, form) => {
  for (const parts of [[blocks], blocks.map((block) => [block])]) {
    const columns = collect(parts);
    expect(columns.map(formOf)).toEqual(parts.map(() => form));
    expect(columns.flatMap(({ values }) => [...values])).toEqual(blocks.flat());
  }
});

it("dates keep to float64 where they have a fraction", () => {
  expect(collect([[[19_000, 19_000.5]]], "date").map(formOf)).toEqual(["Float32Array"]);
  expect(collect([[[19_000.1]]], "date").map(formOf)).toEqual(["Float64Array"]);
});

describe("any numbers", () => {
  const decimal = fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.integer({ min: 0, max: 8 }));
  const number = fc.oneof(
    { weight: 4, arbitrary: decimal.map(([whole, places]) => Number(`${whole}e-${places}`)) },
    fc.tuple(fc.integer({ min: -9_999, max: 9_999 }), fc.constantFrom(1, 2)).map(([whole, places]) => Number(`${whole}e-${places}`)),
    fc.constantFrom(missing, 0, 1, -128, 32_767),
    fc.double(),
  );
  // Few different numbers in a block, so that many blocks are decimals from end to end.
  const block = fc
    .tuple(fc.uniqueArray(number, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 9 }))
    .map(([pool, length]) => Array.from({ length }, (_, i) => pool[(i * 5) % pool.length]));
  const parts = fc.array(fc.array(block, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

  it("come back to the bit, all parts in one form", () => {
    const property = fc.property(parts, (blocks) => {
      const columns = collect(blocks);
      const values = blocks.flat(2);
      const found = columns.flatMap((column) => [...column.values]);
      expect(found.length).toBe(values.length);
      expect(values.filter((value, i) => !Object.is(value, found[i]))).toEqual([]);
      expect(new Set(columns.map(formOf)).size).toBe(1);
    });
    fc.assert(property, { seed: 4, numRuns: 400 });
  });
});

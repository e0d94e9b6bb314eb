import { expect, test } from "vitest";
import { decimalColumn, hasCode } from "../../src/data/columns.ts";

test.each([Uint8Array, Uint16Array, Uint32Array])("%o: a code is found among a part's own rows, and no other is", (Codes) => {
  const codes = Codes.of(9, 0, 3, 255, 7).subarray(1, 4);
  expect([0, 3, 255, 7, 9, 256, 259].map((code) => hasCode(codes, code))).toEqual([true, true, true, false, false, false, false]);
});

test("a copy of a decimal column with other values is not taken for the decimals", () => {
  const column = decimalColumn({ whole: Int8Array.of(15, -128, -1), places: 1 });
  expect([...column.values]).toEqual([1.5, Number.NaN, -0.1]);
  expect(column.values).toBe(column.values);
  expect(column.decimals?.places).toBe(1);
  const copy = { ...column, values: Float64Array.of(7) };
  expect(copy).toEqual({ type: "number", values: Float64Array.of(7) });
  expect(copy.decimals).toBeUndefined();
});

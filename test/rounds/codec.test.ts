import fc from "fast-check";
import { expect, it } from "vitest";
import { decode, encode } from "../../src/rounds/codec.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const typed = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
  fc.uint32Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
);
const leaf = fc.oneof(
  fc.double().map((number) => number + 0),
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  typed,
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("value"), { maxKeys: 5 }),
  ),
}));

it("gives every plain value back, bit for bit, from equal bytes", () => {
  fc.assert(
    fc.property(value, (given) => {
      const bytes = encode(given);
      const back = decode(bytes);
      expect(back).toEqual(given);
      expect(hex(encode(back))).toBe(hex(bytes));
    }),
    { seed: 1, numRuns: 300 },
  );
});

it("keeps infinities, NaN and the smallest numbers, and -0 in typed arrays", () => {
  const numbers = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324, 2 ** 53];
  expect(decode(encode(numbers))).toEqual(numbers);
  expect(Object.is(decode<Float64Array>(encode(Float64Array.of(-0)))[0], -0)).toBe(true);
  expect(Object.is(decode<number[]>(encode([-0]))[0], 0)).toBe(true);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7])("answers arrays of their own, wherever they lie (after %i letters)", (before) => {
  const bytes = encode(["x".repeat(before), Float64Array.of(1, 2), Uint16Array.of(3, 4), Uint8Array.of(5)]);
  const [, ...arrays] = decode<[string, Float64Array, Uint16Array, Uint8Array]>(bytes);
  bytes.fill(0);
  expect(arrays.map((own) => [...own])).toEqual([[1, 2], [3, 4], [5]]);
  expect(arrays.map((own) => own.buffer.byteLength)).toEqual([16, 4, 1]);
});

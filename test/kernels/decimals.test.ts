import fc from "fast-check";
import { expect, it } from "vitest";
import { absent, type Decimals, decimalsAt, MOST_PLACES, TENS, toFloat64 } from "../../src/kernels/decimals.ts";
import { kernels, numberEncoder, place, uint8, withKernels } from "../../src/kernels/kernels.ts";
import { placeUint32, read } from "./arena.ts";

const types = [Int8Array, Int16Array, Int32Array] as const;

const decimals = fc
  .tuple(
    fc.constantFrom(...types),
    fc.integer({ min: 0, max: MOST_PLACES }),
    fc.array(fc.oneof(fc.integer(), fc.constantFrom(0, -1, -128, -32_768, -(2 ** 31), 2 ** 31 - 1)), { minLength: 1, maxLength: 20 }),
  )
  .map(([Type, places, numbers]): Decimals => ({ whole: Type.from(numbers), places }));

/** By the text of each, which JavaScript rounds correctly. */
const expected = ({ whole, places }: Decimals): number[] =>
  Array.from(whole, (number) => (number === absent(whole) ? Number.NaN : Number(`${number}e-${places}`)));

it("are the numbers that their texts are", () => {
  const property = fc.property(decimals, (given) => {
    expect([...toFloat64(given)]).toEqual(expected(given));
    const rows = Uint32Array.from(given.whole.keys()).filter((row) => row % 3 !== 1);
    expect([...decimalsAt(given, rows)]).toEqual(expected(given).filter((_, row) => row % 3 !== 1));
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

it("powers of ten, and the missing number of each type", () => {
  expect(TENS).toEqual(Array.from({ length: MOST_PLACES + 1 }, (_, places) => Number(`1e${places}`)));
  expect(types.map((Type) => absent(new Type(1)))).toEqual([-128, -32_768, -2_147_483_648]);
});

it("are encoded as their float64 are, in any rows", () => {
  const property = fc.property(decimals, fc.integer({ min: 1, max: 3 }), fc.constantFrom(Number.NaN, 0.75), (given, step, fill) => {
    const index = [...given.whole.keys()].filter((row) => row % step === 0);
    const encoded = (values: Float64Array | Decimals): [number, Float64Array] =>
      withKernels((k) => {
        const { buffer, byteLength } = "whole" in values ? values.whole : values;
        const source = k.allocate(byteLength);
        uint8(k, source, byteLength).set(new Uint8Array(buffer));
        const [rows, out] = [placeUint32(k, index), place(k, new Float64Array(index.length + 1).fill(0.5))];
        const first = numberEncoder(kernels(), values)(source, rows, index.length, out, fill, 0.3, 1.7);
        return [first, read(out, index.length + 1)];
      });
    expect(encoded(given)).toEqual(encoded(toFloat64(given)));
  });
  fc.assert(property, { seed: 2, numRuns: 300 });
});

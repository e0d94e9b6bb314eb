import * as fc from "fast-check";
import { expect, test } from "vitest";
import { float64, place, withKernels } from "../../src/kernels/kernels.ts";
import { random, read } from "./arena.ts";

function sorted(values: Float64Array): Float64Array {
  return withKernels((k) => {
    const address = place(k, values);
    k.sort(address, values.length, k.allocate(8 * values.length));
    return read(address, values.length);
  });
}

/** Keys and payload as pairs. */
function sortedPairs(keys: Float64Array, payload: Float64Array): [number, number][] {
  return withKernels((k) => {
    const n = keys.length;
    const [a, b] = [place(k, keys), place(k, payload)];
    k.sortPairs(a, b, n, k.allocate(16 * n));
    const carried = read(b, n);
    return Array.from(read(a, n), (key, i) => [key, carried[i]]);
  });
}

/** The order that `sort` promises. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  if (a === 0 && b === 0) return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  return a - b < 0 ? -1 : a > b ? 1 : 0;
}

const plainPairs = (keys: Float64Array, payload: Float64Array): [number, number][] =>
  Array.from(keys, (key, i): [number, number] => [key, payload[i]]).sort((a, b) => compare(a[0], b[0]));

const counting = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);

/** Negative NaN, as x86 makes of 0/0, and one with a payload. */
const oddNaNs = new Float64Array(BigUint64Array.of(0xfff8000000000000n, 0x7ff8000000000123n).buffer);

const kinds: [string, Float64Array][] = [
  ["uniform", random(5000, 1)],
  ["both signs, many magnitudes", random(5000, 2, -1, 1).map((x, i) => x * 10 ** ((i % 600) - 300))],
  ["equal", new Float64Array(500).fill(3)],
  ["few different", random(5000, 3).map((x) => Math.floor(10 * x) - 5)],
  // Far more than the budget of moves: these differ in the lowest digits alone.
  ["different in the last bits only", random(5000, 4).map((x) => 1 + Math.floor(x * 2 ** 20) * Number.EPSILON)],
  ["sorted", counting(1000)],
  ["reversed", counting(1000).reverse()],
  ["special", Float64Array.of(NaN, -0, 0, Infinity, 5e-324, -Infinity, -5e-324, ...oddNaNs, 0, -0, -1, ...random(100, 5))],
];

test.each(kinds)("sorts numbers: %s", (_, values) => {
  expect(sorted(values)).toEqual(Float64Array.from(Array.from(values).sort(compare)));
});

test.each(kinds)("sorts pairs, equal keys in their order: %s", (_, values) => {
  expect(sortedPairs(values, counting(values.length))).toEqual(plainPairs(values, counting(values.length)));
});

const numbers = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, 1, 2)), { maxLength: 200 }).map((xs) => Float64Array.from(xs));

test("sorts any numbers, of any count", () => {
  void fc.assert(
    fc.property(numbers, (values) => {
      expect(sorted(values)).toEqual(Float64Array.from(Array.from(values).sort(compare)));
      expect(sortedPairs(values, counting(values.length))).toEqual(plainPairs(values, counting(values.length)));
    }),
    { seed: 2, numRuns: 200 },
  );
});

test("every NaN comes out with canonical bits, so that merging need not look for them", () => {
  const values = Float64Array.of(...oddNaNs, 1);
  withKernels((k) => {
    const address = place(k, values);
    float64(k, address, 3).set(values);
    k.sort(address, 3, k.allocate(24));
    expect(Array.from(new BigUint64Array(read(address, 3).buffer))).toEqual([
      0x3ff0000000000000n,
      0x7ff8000000000000n,
      0x7ff8000000000000n,
    ]);
  });
});

function mergedPairs(a: Float64Array, b: Float64Array): [number, number][] {
  return withKernels((k) => {
    const n = a.length + b.length;
    // Payloads tell where a pair comes from: a counts up from 0, b down from -1.
    const pa = place(k, counting(a.length));
    const pb = place(
      k,
      counting(b.length).map((i) => -1 - i),
    );
    const [out, pout, alone] = [k.allocate(8 * n), k.allocate(8 * n), k.allocate(8 * n)];
    const [x, y] = [place(k, a), place(k, b)];
    k.mergePairs(x, pa, a.length, y, pb, b.length, out, pout);
    k.merge(x, a.length, y, b.length, alone);
    expect(read(alone, n)).toEqual(read(out, n));
    const carried = read(pout, n);
    return Array.from(read(out, n), (key, i) => [key, carried[i]]);
  });
}

const plainMerge = (a: Float64Array, b: Float64Array): [number, number][] =>
  plainPairs(Float64Array.of(...a, ...b), Float64Array.of(...counting(a.length), ...counting(b.length).map((i) => -1 - i)));

test("merges any sorted runs, the first run first among equals", () => {
  void fc.assert(
    fc.property(numbers, numbers, (first, second) => {
      const [a, b] = [sorted(first), sorted(second)];
      expect(mergedPairs(a, b)).toEqual(plainMerge(a, b));
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("merges long, unequal and disjoint runs", () => {
  const few = sorted(random(3, 1));
  const many = sorted(random(3000, 2));
  const high = many.map((x) => x + 10);
  for (const [a, b] of [
    [few, many],
    [many, few],
    [many, high],
    [high, many],
    [many, many],
    [new Float64Array(0), many],
    [many, new Float64Array(0)],
  ]) {
    expect(mergedPairs(a, b)).toEqual(plainMerge(a, b));
  }
});

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addSorted, countOf, emptyOrder, locate, mergeOrder, numbersOf, type OrderCounts } from "../../src/statistics/order.ts";

const ascending = (values: readonly number[]) => Float64Array.from(values).sort();

function orderOf(values: readonly number[], limit: number): OrderCounts {
  const order = emptyOrder(limit);
  addSorted(order, ascending(values));
  return order;
}

/** Rounds until a rank is settled, and its number. */
function select(values: readonly number[], rank: number, limit: number): { value: number; rounds: number } {
  let range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, rank };
  for (let rounds = 1; ; rounds++) {
    const { from, to } = range;
    range = locate(
      orderOf(
        values.filter((v) => v >= from && v <= to),
        limit,
      ),
      range.rank,
    );
    if (range.from === range.to) return { value: range.from, rounds };
    if (rounds === 64) throw new Error("no end");
  }
}

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer({ min: -50, max: 50 }),
  fc.constantFrom(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

describe("order statistics", () => {
  test("few distinct numbers are counted one by one", () => {
    const order = orderOf([3, -1, 3, 0, -0, 2.5], 10);
    expect(numbersOf(order)).toEqual([-1, 0, 2.5, 3]);
    expect(Array.from(order.counts)).toEqual([1, 2, 1, 2]);
    expect(locate(order, 4)).toEqual({ from: 2.5, to: 2.5, rank: 1 });
    expect(locate(order, 6)).toEqual({ from: 3, to: 3, rank: 2 });
  });

  test("no numbers", () => {
    expect(countOf(orderOf([], 10))).toBe(0);
    expect(numbersOf(emptyOrder(10))).toEqual([]);
  });

  test("more distinct numbers than the limit become ranges of at most that many", () => {
    const order = orderOf(
      Array.from({ length: 1_000 }, (_, i) => i),
      100,
    );
    expect(order.counts.length).toBeLessThanOrEqual(100);
    expect(countOf(order)).toBe(1_000);
    expect(numbersOf(order)).toBeNull();
    const { from, to, rank } = locate(order, 500);
    // Rank 500 of 0, 1, … is 499, and the rank within the range counts from the range's first number.
    expect(from <= 499 && 499 <= to && from + rank - 1 === 499).toBe(true);
  });

  test("select every rank as sorting does, whatever the limit", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 80 }), fc.nat(), fc.integer({ min: 2, max: 20 }), (values, at, limit) => {
        const rank = (at % values.length) + 1;
        expect(select(values, rank, limit).value).toBe(ascending(values)[rank - 1] + 0);
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  test("2^13 keys settle any rank of the most spread numbers in five rounds", () => {
    const spread = Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i) * Number.MIN_VALUE).concat([
      1e-300,
      -1e300,
      1,
      1 + Number.EPSILON,
    ]);
    for (const rank of [1, 15_002, 30_004]) expect(select(spread, rank, 8_192).rounds).toBeLessThanOrEqual(5);
  });

  test("two rounds settle the median of a hundred thousand spread numbers", () => {
    const values = Array.from({ length: 100_000 }, (_, i) => ((i * 7_919) % 100_003) / 97);
    expect(select(values, 50_000, 8_192)).toEqual({ value: ascending(values)[49_999], rounds: 2 });
  });

  test("add up the counts of many numbers on both sides, however these lie", () => {
    const some = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));
    const sides: [number[], number[]][] = [
      [some(30_000, (i) => (i * 7_919) % 20_011), some(30_000, (i) => (i * 104_729) % 40_009)],
      [some(10_000, (i) => i - 5_000.5), some(10_000, (i) => i + 5_000)],
      [some(4_096, (i) => i), some(4_096, (i) => i)],
      [some(20_000, (i) => i / 3), [-1, 17, 1e9]],
    ];
    for (const [a, b] of sides) {
      const expected = new Map<number, number>();
      for (const value of ascending([...a, ...b])) expected.set(value, (expected.get(value) ?? 0) + 1);
      const merged = orderOf(a, 100_000);
      mergeOrder(merged, orderOf(b, 100_000));
      expect(isDeepStrictEqual(numbersOf(merged), [...expected.keys()])).toBe(true);
      expect(isDeepStrictEqual(Array.from(merged.counts), [...expected.values()])).toBe(true);
    }
  });

  test("do not depend on how the numbers are cut and merged", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 30 }),
        (parts, limit) => {
          const whole = orderOf(parts.flat(), limit);
          for (const sequence of [parts, [...parts].reverse()]) {
            const merged = emptyOrder(limit);
            for (const part of sequence) mergeOrder(merged, orderOf(part, limit));
            mergeOrder(merged, emptyOrder(limit));
            expect(merged).toEqual(whole);
          }
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});

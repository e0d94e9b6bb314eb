import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addCounts, type Counts, distinct, emptyCounts, frequentIn, mergeCounts } from "../../src/statistics/counts.ts";

/** Counts of strings (null is missing) as a part would give them: through codes into its own dictionary. */
function countsOf(strings: readonly (string | null)[], limit: number): Counts {
  const dictionary = [...new Set(strings.filter((s) => s !== null))];
  const place = new Map<string | null, number>([...dictionary.map((s, code) => [s, code] as const), [null, dictionary.length]]);
  const counts = emptyCounts(limit);
  addCounts(
    counts,
    Uint32Array.from(strings, (s) => place.get(s) as number),
    dictionary,
    Uint32Array.from(strings.keys()),
  );
  return counts;
}

describe("counts", () => {
  test("are exact, in ascending order, missing ones apart", () => {
    const counts = countsOf(["b", "a", null, "b", "é", "B"], 10);
    expect(counts).toEqual({
      limit: 10,
      keys: ["B", "a", "b", "é"],
      counts: [1, 1, 2, 1],
      level: 0,
      frequent: { keys: [], counts: [] },
      n: 5,
      missing: 1,
    });
    expect(distinct(counts)).toBe(4);
  });

  test("only strings of the given rows appear", () => {
    const counts = emptyCounts(10);
    addCounts(counts, Uint32Array.of(0, 1, 2, 0), ["a", "b"], Uint32Array.of(0, 2, 3));
    expect(counts).toMatchObject({ keys: ["a"], counts: [2], n: 2, missing: 1 });
  });

  test("beyond the limit a sample keeps exact counts of its strings", () => {
    const strings = Array.from({ length: 60_000 }, (_, i) => `id ${i % 20_000}`);
    const counts = countsOf(strings, 1_000);
    expect(counts.keys.length).toBeLessThanOrEqual(1_000);
    expect(counts.keys.length).toBeGreaterThan(400);
    expect(counts.counts.every((count) => count === 3)).toBe(true);
    expect(counts.n).toBe(60_000);
    // Four times the standard error 1.2 / sqrt(1000) of adaptive sampling.
    expect(Math.abs(distinct(counts) / 20_000 - 1)).toBeLessThan(0.15);
  });

  test("do not depend on how the rows are cut and merged", () => {
    const string = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 80 }).map((i) => `s${i}`),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(string, { maxLength: 60 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (parts, limit) => {
          const apart = ({ frequent, ...counts }: Counts) => ({ ...counts, frequent: frequent.keys.length > limit });
          const whole = apart(countsOf(parts.flat(), limit));
          const ascending = emptyCounts(limit);
          for (const part of parts) mergeCounts(ascending, countsOf(part, limit));
          expect(apart(ascending)).toEqual(whole);
          const descending = emptyCounts(limit);
          for (const part of [...parts].reverse()) mergeCounts(descending, countsOf(part, limit));
          expect(apart(descending)).toEqual(whole);
          mergeCounts(descending, emptyCounts(limit));
          expect(apart(descending)).toEqual(whole);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });
  test("beyond the limit the frequent strings are kept, their counts too low by n / (limit + 1) at most", () => {
    const string = fc.integer({ min: 0, max: 99 }).map((i) => `s${Math.floor(i ** 2 / 100)}`);
    fc.assert(
      fc.property(
        fc.array(fc.array(string, { maxLength: 200 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (parts, limit) => {
          const merged = emptyCounts(limit);
          for (const part of parts) mergeCounts(merged, countsOf(part, limit));
          const exact = new Map<string, number>();
          for (const key of parts.flat()) exact.set(key, (exact.get(key) ?? 0) + 1);
          const { keys, counts } = frequentIn(merged);
          const most = merged.level === 0 ? 0 : merged.n / (limit + 1);
          for (const [key, count] of exact) {
            const found = counts[keys.indexOf(key)] ?? 0;
            expect(found).toBeLessThanOrEqual(count);
            expect(found).toBeGreaterThanOrEqual(count - most);
          }
          expect(keys.length).toBeLessThanOrEqual(limit);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

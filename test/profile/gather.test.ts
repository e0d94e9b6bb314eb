import { describe, expect, it } from "vitest";
import type { Table } from "../../src/data/columns.ts";
import { emptyFit, type FitAsk, mapFit } from "../../src/features/fit.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { askProfile, emptyProfile, finishProfile, mapProfile, mergeProfile } from "../../src/profile/gather.ts";
import type { Profile } from "../../src/profile/profile.ts";

const tableOf = (x: readonly number[], s: readonly (string | null)[]): Table => {
  const dictionary = [...new Set(s.filter((text) => text !== null))];
  const codes = Uint8Array.from(s, (text) => (text === null ? dictionary.length : dictionary.indexOf(text)));
  return {
    rows: x.length,
    columns: { x: { type: "number", values: Float64Array.from(x) }, s: { type: "string", codes, dictionary } },
  };
};
const columns = [
  { name: "x", type: "number" },
  { name: "s", type: "string" },
] as const;
const table = tableOf([1, 2, Number.NaN, 4, 100, 6], ["a", "b", "a", null, "z", "a"]);
/** The row of the 100 is held out. */
const groups = [Uint32Array.of(0, 2, 5), Uint32Array.of(1, 3)];
const expected: Profile = {
  rows: 5,
  columns: [
    {
      name: "x",
      type: "number",
      missing: 0.2,
      min: 1,
      max: 6,
      mean: 3.25,
      // Deviations -2.25 -1.25 0.75 2.75: squares 14.75 of 4 values.
      standardDeviation: Math.sqrt(14.75 / 4),
      counted: 4,
      edges: [1, 2, 4, 6],
      shares: [0.25, 0.25, 0.25, 0.25, 0],
    },
    { name: "s", type: "string", missing: 0.2, distinct: 2, counted: 4, values: ["a", "b"], shares: [0.75, 0.25, 0] },
  ],
};

describe("a profile", () => {
  it("is of the training rows, as the hand counts them", () => {
    const ask = askProfile(6, columns, null);
    const found = emptyProfile(ask);
    mapProfile(found, table, 0, groups, ask);
    expect(finishProfile(found, ask, null, 5)).toEqual(expected);
  });

  it("asks nothing that the features ask for all rows, and says the same", () => {
    const everywhere = (source: string) => ({ source, present: [] });
    const features: FitAsk = {
      folds: 2,
      moments: [everywhere("x")],
      strings: [{ ...everywhere("s"), limit: 10 }],
      numbers: [],
      ranges: [],
    };
    const ask = askProfile(6, columns, features);
    expect(ask).toMatchObject({ moments: [], strings: [] });
    // A statistic of the rows where another column has a value is not that of all.
    const filtered: FitAsk = { ...features, moments: [{ source: "x", present: ["s"] }] };
    expect(askProfile(6, columns, filtered)).toMatchObject({ moments: ["x"], strings: [] });
    const found = emptyProfile(ask);
    mapProfile(found, table, 0, groups, ask);
    const fitted = emptyFit(features);
    mapFit(fitted, { table, groups }, features);
    expect(finishProfile(found, ask, { ask: features, found: fitted }, 5)).toEqual(expected);
  });

  it("is the same from parts, with deciles near those of all rows", () => {
    const rows = 60_000;
    const x = Array.from({ length: rows }, (_, i) => hashRow(1, i) / 2 ** 32);
    const s = x.map((value) => `v${Math.floor(100 * value * value)}`);
    const ask = askProfile(rows, columns, null);
    const whole = (from: number, to: number) => {
      const found = emptyProfile(ask);
      mapProfile(found, tableOf(x.slice(from, to), s.slice(from, to)), from, [Uint32Array.from({ length: to - from }, (_, i) => i)], ask);
      return found;
    };
    const found = whole(0, 12_345);
    mergeProfile(found, whole(12_345, rows));
    const [numbers, texts] = finishProfile(found, ask, null, rows).columns;
    const [same, sameTexts] = finishProfile(whole(0, rows), ask, null, rows).columns;
    expect(texts).toEqual(sameTexts);
    expect({ ...numbers, mean: 0, standardDeviation: 0 }).toEqual({ ...same, mean: 0, standardDeviation: 0 });
    if (numbers.type === "string" || texts.type !== "string") throw new Error("columns must keep their types");
    expect(numbers.counted).toBe(20_000);
    // Of 20,000 values a decile is within 0.3 % of the rows, three times over.
    numbers.edges.forEach((edge, k) => {
      expect(edge).toBeGreaterThan((k + 1) / 10 - 0.01);
      expect(edge).toBeLessThan((k + 1) / 10 + 0.01);
    });
    expect(texts.values).toHaveLength(50);
    expect(texts.values[0]).toBe("v0");
    expect(texts.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});

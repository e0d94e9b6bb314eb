import { describe, expect, it } from "vitest";
import { rowsInGroups, sampledRows } from "../../src/profile/sample.ts";

describe("sampledRows", () => {
  it("takes all rows where there are no more than wanted", () => {
    expect([...sampledRows(7, 5, 12, 20)]).toEqual([0, 1, 2, 3, 4]);
  });

  it("takes the same rows however they lie in parts, one of every so many", () => {
    const whole = [...sampledRows(0, 10_000, 10_000, 900)];
    const cut = [0, 1, 777, 5_000, 9_999].flatMap((first, i, all) =>
      [...sampledRows(first, (all[i + 1] ?? 10_000) - first, 10_000, 900)].map((offset) => first + offset),
    );
    expect(cut).toEqual(whole);
    // Strata of 12 rows; the last one is short and may be missed.
    expect(whole.map((row) => Math.floor(row / 12)).slice(0, 833)).toEqual(Array.from({ length: 833 }, (_, i) => i));
    expect(new Set(whole.map((row) => row % 12)).size).toBe(12);
  });
});

it("rowsInGroups keeps the rows that some group holds", () => {
  const groups = [Uint32Array.of(1, 4, 9), Uint32Array.of(), Uint32Array.of(2, 3)];
  expect([...rowsInGroups(Uint32Array.of(0, 1, 2, 5, 9, 10), groups)]).toEqual([1, 2, 9]);
});

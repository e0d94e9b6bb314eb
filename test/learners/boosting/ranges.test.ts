import { expect, it } from "vitest";
import type { Split } from "../../../src/learners/boosting/growing/split.ts";
import { foundBy, joinFound, type RangeFound } from "../../../src/learners/boosting/ranges.ts";

const sums = { g: 1, h: 2, rows: 3 };
const split = (column: number, gain: number, bin = 0): Split => ({
  column,
  gain,
  bin,
  goesLeft: Uint8Array.of(1, 0, 0),
  missingLeft: false,
  left: sums,
  right: sums,
});
const found = (node: number, own: Split | null, line = 0, barred: readonly number[] = []): RangeFound => ({
  ...{ line, node, sums, split: own, barred },
  ranges: 1,
});
const best = (...splits: (Split | null)[]) =>
  joinFound(
    splits.slice(0, -1).reduce<RangeFound[]>((into, own) => joinFound(into, [found(0, own)]), []),
    [found(0, splits[splits.length - 1])],
  )[0].split;

it.each([
  ["the greatest gain", [split(0, 1), split(3, 2), null], 3],
  ["of equal gains the smaller column", [split(3, 1), split(0, 1), split(5, 1)], 0],
  ["of equal gains numbers before categories", [split(0, 1, -1), split(4, 1)], 4],
])("takes %s, in whatever order ranges answer", (_, splits, column) => {
  expect(best(...splits)?.column).toBe(column);
  expect(best(...[...splits].reverse())?.column).toBe(column);
});

it("counts a node only where all ranges know it, and a node without a split as known", () => {
  const joined = joinFound([found(0, null, 0, [4]), found(1, split(0, 1)), found(2, null, 1)], [found(2, null, 1), found(0, null, 0, [1])]);
  expect(foundBy(joined, 0, 2)).toEqual([{ node: 0, sums, split: null, barred: [1, 4] }]);
  expect(foundBy(joined, 1, 2).map(({ node }) => node)).toEqual([2]);
});

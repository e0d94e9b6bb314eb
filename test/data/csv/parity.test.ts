import { expect, test } from "vitest";
import { cutsToRepeat } from "../../../src/data/csv/parity.ts";

test("a cut starts inside quotes when an odd number of them lies before it", () => {
  expect(cutsToRepeat([0, 0, 0], [false, false, false])).toEqual([]);
  // Quotes before each cut: 0, 1, 1, 2, 2.
  expect(cutsToRepeat([1, 0, 1, 0, 0], [false, false, false, false, false])).toEqual([1, 2]);
  expect(cutsToRepeat([1, 0, 1, 0, 0], [false, true, true, true, false])).toEqual([3]);
  expect(cutsToRepeat([], [])).toEqual([]);
});

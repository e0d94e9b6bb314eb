import { expect, it } from "vitest";
import { classFactors } from "../../src/learners/class-weights.ts";

const classes = ["a", "b", "c"];

it.each([
  ["nothing is asked", undefined, [4, 2, 2], null],
  ["classes are named, others count once", { b: 3 }, [4, 2, 2], [1, 3, 1]],
  ["they are to weigh the same: 8 rows of 3 classes", "balanced", [4, 2, 2], [2 / 3, 4 / 3, 4 / 3]],
  ["one has no rows: 6 of 2 classes", "balanced", [4, 2, 0], [0.75, 1.5, 0]],
  ["one is left out", { a: 0 }, [4, 2, 2], [0, 1, 1]],
  ["there are no rows yet", { a: 0 }, [0, 0, 0], [0, 1, 1]],
] as const)("factors where %s", (_, classWeight, weights, factors) => {
  expect(classFactors(classWeight, classes, Float64Array.from(weights))).toEqual(factors);
});

it.each([
  ["d", { d: 1 }, "params.classWeight must name classes of the label (a, b, c), got d"],
  [
    "factors of 0 alone",
    { a: 0, b: 0 },
    "params.classWeight must be > 0 for a class of the training rows, got 0 for all that they have (a, b)",
  ],
])("refuse %s", (_, classWeight, why) => {
  expect(() => classFactors(classWeight, classes, Float64Array.of(4, 2, 0))).toThrow(why);
});

it("knows no factor of a class called as what every object has", () => {
  expect(classFactors({ b: 3 }, ["b", "constructor"], Float64Array.of(1, 1))).toEqual([3, 1]);
});

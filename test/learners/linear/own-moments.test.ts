import { expect, it } from "vitest";
import { ownMoments } from "../../../src/learners/linear/own-moments.ts";
import { aboutMeans } from "../../../src/statistics/comoments.ts";
import { plainView } from "../../helpers/memory-part.ts";

it("a candidate reads the view's columns and the label off the joint ones, in the view's order", () => {
  // Columns a, b, c and the label: means 1 2 3 4, upper triangle 11 12 13 14 | 22 23 24 | 33 34 | 44.
  const joint = aboutMeans([1, 2, 3, 4], { rows: 5, weight: 6, weightSquares: 7 }, [0, 0, 0, 0], [11, 12, 13, 14, 22, 23, 24, 33, 34, 44]);
  const from = plainView("a", "b", "c");
  const own = ownMoments(joint, from, plainView("c", "a"));
  expect(own).toMatchObject({ rows: 5, weight: 6, weightSquares: 7 });
  expect(Array.from(own.mean)).toEqual([3, 1, 4]);
  expect(Array.from(own.c)).toEqual([33, 13, 34, 11, 14, 44]);
});

import { describe, expect, it } from "vitest";
import type { View, ViewColumn } from "../../../src/features/view.ts";
import { jointView, ownMoments } from "../../../src/learners/linear/joint-view.ts";
import { aboutMeans } from "../../../src/statistics/comoments.ts";

const column = (source: string, fill = Number.NaN): ViewColumn => ({
  name: source,
  source,
  take: { kind: "number" },
  fill,
  shift: 0,
  scale: 1,
});
const view = (...columns: ViewColumn[]): View => ({ columns, skipWhere: [] });

describe("jointView", () => {
  it("has every column once, in an order that does not depend on the views'", () => {
    const one = view(column("b"), column("a", 1));
    const other = view(column("a", 2), column("b"));
    const sources = jointView([one, other])?.columns.map(({ source, fill }) => [source, fill]);
    expect(sources).toEqual([
      ["a", 1],
      ["a", 2],
      ["b", Number.NaN],
    ]);
    expect(jointView([other, one])?.columns.map(({ source, fill }) => [source, fill])).toEqual(sources);
  });

  it("is none for views that keep other rows, or whose blocks would be shorter together", () => {
    const skipping = { ...view(column("a")), skipWhere: [{ source: "a", known: null }] };
    expect(jointView([view(column("a")), skipping])).toBeNull();
    const wide = (from: number): View => view(...Array.from({ length: 60 }, (_, j) => column(`c${from + j}`)));
    expect(jointView([wide(0), wide(0)])?.columns).toHaveLength(60);
    expect(jointView([wide(0), wide(30)])).toBeNull();
  });
});

describe("ownMoments", () => {
  it("reads the view's columns and the label off the joint ones, in the view's order", () => {
    // Columns a, b, c and the label: means 1 2 3 4, upper triangle 11 12 13 14 | 22 23 24 | 33 34 | 44.
    const joint = aboutMeans(
      [1, 2, 3, 4],
      { rows: 5, weight: 6, weightSquares: 7 },
      [0, 0, 0, 0],
      [11, 12, 13, 14, 22, 23, 24, 33, 34, 44],
    );
    const from = view(column("a"), column("b"), column("c"));
    const own = ownMoments(joint, from, view(column("c"), column("a")));
    expect(own).toMatchObject({ rows: 5, weight: 6, weightSquares: 7 });
    expect(Array.from(own.mean)).toEqual([3, 1, 4]);
    expect(Array.from(own.c)).toEqual([33, 13, 34, 11, 14, 44]);
  });
});

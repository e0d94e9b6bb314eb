import { describe, expect, it } from "vitest";
import type { View, ViewColumn } from "../../src/features/view.ts";
import { jointView, placesIn } from "../../src/learners/joint-view.ts";

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

it("the places of a view's columns follow its order, whatever its own shift and scale", () => {
  const scaled = { ...column("b"), shift: 3, scale: 2 };
  expect(placesIn(view(column("a", 1), column("a", 2), column("b")), view(scaled, column("a", 2)))).toEqual([2, 1]);
});

import { describe, expect, it } from "vitest";
import { levelsOf, type ViewColumn } from "../../src/features/view.ts";

const levels = ["Bern", "Rome"];
const category: ViewColumn = {
  name: "city",
  source: "city",
  take: { kind: "index", levels, other: null },
  fill: Number.NaN,
  keepsMissing: true,
  shift: 0,
  scale: 1,
};

describe("levels of a column", () => {
  it("are those of an index that a learner of bins sees as it is", () => {
    expect(levelsOf(category)).toEqual(levels);
  });

  it.each<[string, Partial<ViewColumn>]>([
    ["number", { take: { kind: "number" } }],
    ["shifted index", { shift: 1 }],
    ["scaled index", { scale: 0.5 }],
    ["index in a matrix", { keepsMissing: undefined }],
  ])("are none of a %s", (_, other) => {
    expect(levelsOf({ ...category, ...other })).toBe(null);
  });
});

import { describe, expect, it } from "vitest";
import { dataPathsOf, readText } from "../../src/job/text.ts";

describe("dataPathsOf", () => {
  it.each([
    ["data: t.csv", ["t.csv"]],
    ["data: { path: t.csv, missing: [x] }", ["t.csv"]],
    ["data: { path: [a.csv, 'b/*.csv'] }", ["a.csv", "b/*.csv"]],
    ['{"data": {"path": "t.csv"}}', ["t.csv"]],
    ["data: &d [t.csv]\nlabel: *d", ["t.csv"]],
  ])("finds those of %s", (text, paths) => {
    expect(dataPathsOf(readText(text, "j.yaml"))).toEqual(paths);
  });

  it.each(["", "x", "- data", "data:", "data: 7", "data: { path: }", "data: { path: [1, { a: b }] }", "label: y"])(
    "finds none in %j",
    (text) => {
      expect(dataPathsOf(readText(text, "j.yaml"))).toEqual([]);
    },
  );
});

describe("readText", () => {
  it("refuses what is no YAML, by its place", () => {
    expect(() => readText("data: t.csv\nlabel: [y", "j.yaml")).toThrow(/^j\.yaml:2:10: /);
  });
});

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
  it.each(["utf16le", "latin1"] as const)("refuses what is saved as %s", (encoding) => {
    const text = Buffer.from("data: t.csv\nlabel: caf\u00e9\n", encoding).toString("utf8");
    expect(() => readText(text, "j.yaml")).toThrow(/^j\.yaml:[12]: a job must be UTF-8 text, got other bytes; save the file as UTF-8$/);
  });

  it("refuses what is no YAML, by its place", () => {
    expect(() => readText("data: t.csv\nlabel: [y", "j.yaml")).toThrow(/^j\.yaml:2:10: /);
  });
});

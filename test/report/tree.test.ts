import { describe, expect, test } from "vitest";
import { packEnsemble } from "../../src/learners/trees/ensemble/pack.ts";
import type { Tree } from "../../src/learners/trees/tree.ts";
import type { ModelJson } from "../../src/model/format.ts";
import { InputError } from "../../src/ports/errors.ts";
import { treeReport } from "../../src/report/tree.ts";

/** colour in red, blue or missing: 1; else age <= 30: 2, else or missing: 3. */
const tree: Tree = {
  column: Int32Array.of(0, -1, 1, -1, -1),
  threshold: Float64Array.of(Number.NaN, Number.NaN, 30, Number.NaN, Number.NaN),
  missingLeft: Uint8Array.of(1, 0, 0, 0, 0),
  left: Int32Array.of(1, -1, 3, -1, -1),
  right: Int32Array.of(2, -1, 4, -1, -1),
  firstWord: Int32Array.of(0, -1, -1, -1, -1),
  wordCount: Int32Array.of(1, 0, 0, 0, 0),
  words: Uint32Array.of(0b101),
  value: Float64Array.of(0, 1, 2.5, 2, 3),
  weight: Float64Array.of(100, 60, 40, 30, 10),
  hessian: Float64Array.of(100, 60, 40, 30, 10),
  gain: Float64Array.of(3, 0, 1, 0, 0),
};

const model = {
  learner: "gradientBoostingRegressor",
  label: { column: "y", classes: [] },
  view: {
    columns: [
      { name: "colour", take: { kind: "index", levels: ["red", "green", "blue"], other: null } },
      { name: "age", take: { kind: "number" } },
    ],
  },
  importances: { gain: { colour: 0.75, age: 0.25 }, split: { colour: 1, age: 1 } },
  model: { ensemble: packEnsemble({ trees: [tree], outputs: 1, lines: 1, base: [0], link: "identity", categories: [3, 0] }) },
} as unknown as ModelJson;

describe("treeReport", () => {
  test("prints a tree with the names of columns and levels and the original thresholds", () => {
    expect(treeReport(model, 0).split("\n")).toEqual([
      "tree 0: 3 leaves",
      "if colour in red, blue or missing",
      "  1.0000, 60 rows",
      "else (colour in green)",
      "  if age <= 30",
      "    2.0000, 30 rows",
      "  else (age > 30 or missing)",
      "    3.0000, 10 rows",
    ]);
  });

  test("tells weights where rows have others than 1, or are not counted", () => {
    const weighted = { ...tree, weight: Float64Array.of(100.5, 60, 40.5, 30.25, 10.25) };
    const ensemble = packEnsemble({ trees: [weighted], outputs: 1, lines: 1, base: [0], link: "identity", categories: [3, 0] });
    expect(treeReport({ ...model, model: { ensemble } }, 0)).toContain("  1.0000, weight 60.000\n");
  });

  test("refuses a tree that is not there, and a model without trees", () => {
    expect(() => treeReport(model, 1)).toThrow(new InputError("tree must be a number below 1, got 1"));
    expect(() => treeReport({ ...model, model: {}, learner: "linearRegression" }, 0)).toThrow(
      /one of trees to print a tree, got linearRegression/,
    );
  });
});

import { describe, expect, test, vi } from "vitest";
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

/** Every split has a leaf to the left and the rest to the right. */
function chain(leaves: number): Tree {
  const nodes = 2 * leaves - 1;
  const split = (i: number): boolean => i % 2 === 0 && i < nodes - 1;
  const of = (value: (i: number) => number) => Array.from({ length: nodes }, (_, i) => value(i));
  return {
    column: Int32Array.from(of((i) => (split(i) ? 1 : -1))),
    threshold: Float64Array.from(of((i) => (split(i) ? i : Number.NaN))),
    missingLeft: new Uint8Array(nodes),
    left: Int32Array.from(of((i) => (split(i) ? i + 1 : -1))),
    right: Int32Array.from(of((i) => (split(i) ? i + 2 : -1))),
    firstWord: new Int32Array(nodes).fill(-1),
    wordCount: new Int32Array(nodes),
    words: new Uint32Array(0),
    value: new Float64Array(nodes),
    weight: Float64Array.from(of((i) => (i % 2 === 1 ? 1 : (nodes - i + 1) / 2))),
    hessian: new Float64Array(nodes).fill(1),
    gain: new Float64Array(nodes),
  };
}

const model = {
  learner: "gradientBoostingRegressor",
  label: { column: "y", classes: [] },
  view: {
    columns: [
      { name: "colour", take: { kind: "index", levels: ["red", "green", "blue"], other: null }, keepsMissing: true, shift: 0, scale: 1 },
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

  test("tells the largest shares of many classes", () => {
    const classes = Array.from({ length: 9 }, (_, k) => `c${k}`);
    const shares = [0.05, 0, 0.3, 0.1, 0.1, 0.2, 0.05, 0.15, 0.05];
    const leaf: Tree = { ...chain(1), value: Float64Array.from(shares), weight: Float64Array.of(20), hessian: Float64Array.of(20) };
    const ensemble = packEnsemble({ trees: [leaf], outputs: 9, lines: 1, base: [], link: "mean", categories: [0, 0] });
    const [, line] = treeReport({ ...model, label: { column: "y", classes }, model: { ensemble } }, 0).split("\n");
    expect(line).toBe("c2 0.3000, c5 0.2000, c7 0.1500, c3 0.1000, c4 0.1000, c0 0.0500 and 2 more, 20 rows");
  });

  test("prints a tree as deep as it has leaves, and looks through its weights but once", () => {
    const leaves = 2_000;
    const deep = chain(leaves);
    const ensemble = packEnsemble({ trees: [deep], outputs: 1, lines: 1, base: [0], link: "identity", categories: [0, 0] });
    const every = vi.spyOn(Float64Array.prototype, "every");
    const lines = treeReport({ ...model, model: { ensemble } }, 0).split("\n");
    expect(every).toHaveBeenCalledTimes(1);
    every.mockRestore();
    expect(lines).toHaveLength(1 + leaves + 2 * (leaves - 1));
    expect(lines.at(-1)?.trimStart()).toBe("0.0000, 1 row");
  });

  test("refuses a tree that is not there, and a model without trees", () => {
    expect(() => treeReport(model, 1)).toThrow(new InputError("tree must be a number below 1, got 1"));
    expect(() => treeReport({ ...model, model: {}, learner: "linearRegression" }, 0)).toThrow(
      /one of trees to print a tree, got linearRegression/,
    );
  });
});

import { describe, expect, test } from "vitest";
import { type Levels, toLightgbm } from "../../src/exchange/lightgbm.ts";
import { readLightgbm } from "../../src/exchange/read-lightgbm.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { InputError } from "../../src/ports/errors.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/boosting/growing/grow.ts";

describe("a LightGBM text written and read back", () => {
  test.each<{ task: "regression" | "binary" | "multiclass"; shape: Shape }>([
    { task: "regression", shape: { trees: 5, depth: 6, categories: [0, 40, 0] } },
    { task: "binary", shape: { trees: 5, depth: 4, categories: [0, 7], link: "logistic" } },
    { task: "multiclass", shape: { trees: 6, depth: 4, categories: [0, 0], lines: 3, base: [1, 2, 3], link: "softmax" } },
    { task: "regression", shape: { trees: 4, depth: 5, categories: [0, 0], link: "mean" } },
    { task: "multiclass", shape: { trees: 4, depth: 5, categories: [0, 0], link: "mean", outputs: 3 } },
    { task: "regression", shape: { trees: 0, depth: 5, categories: [0] } },
    { task: "regression", shape: { trees: 2, depth: 0, categories: [0] } },
  ])("$task: the same sums", ({ task, shape }) => {
    const ensemble = grownEnsemble(shape);
    const text = toLightgbm(
      ensemble,
      shape.categories.map((_, j) => `column ${j}`),
      task,
    );
    const read = readLightgbm(text);
    expect(read.task).toBe(task);
    expect(read.names).toEqual(shape.categories.map((_, j) => `column_${j}`));
    const known = grownRows(100, shape.categories).map((row) =>
      row.map((value, j) => (shape.categories[j] > 0 && value >= shape.categories[j] ? Number.NaN : value)),
    );
    for (const row of known) {
      const [own, other] = [sumsOf(ensemble, row), sumsOf(read.ensemble, row)];
      // The start value is in the first leaves: one rounding.
      own.forEach((sum, k) => {
        expect(Math.abs(sum - other[k])).toBeLessThan(1e-12);
      });
    }
  });

  test("keeps the values of categories, by column", () => {
    const levelsRead = (categories: readonly number[], levels: Levels): Levels => {
      const ensemble = grownEnsemble({ trees: 2, depth: 3, categories });
      return readLightgbm(toLightgbm(ensemble, ["a", "b", "c"], "regression", levels)).levels;
    };
    const levels = [["x", "\n", ""], null, [2, 10]];
    expect(levelsRead([3, 0, 2], levels)).toEqual(levels);
    expect(levelsRead([0, 0, 0], [null, null, null])).toEqual([null, null, null]);
    // LightGBM knows values of all columns of categories, or of none.
    expect(levelsRead([3, 0, 2], [["x", "y", "z"], null, null])).toEqual([null, null, null]);
  });

  test("refuses what it cannot hold, by name", () => {
    expect(() => readLightgbm("something")).toThrow(InputError);
    const text = toLightgbm(grownEnsemble({ trees: 1, depth: 2, categories: [0], full: 1 }), ["a"], "regression");
    expect(() => readLightgbm(text.replace("objective=regression", "objective=lambdarank"))).toThrow(/got lambdarank/);
    expect(() => readLightgbm(text.replace(/decision_type=\d+/, "decision_type=4"))).toThrow(/zero_as_missing/);
    expect(() => readLightgbm(text.replace("is_linear=0", "is_linear=1"))).toThrow(/constant leaves/);
    expect(() => readLightgbm(text.replace(/split_feature=\d/, "split_feature=9"))).toThrow(/one of its 1 columns, got number 9/);
    expect(() => readLightgbm(text.replace(/left_child=\S+/, "left_child=0"))).toThrow(/children that come after their parents, got 0/);
    expect(() => readLightgbm(text.replace(/leaf_value=\S+ /, "leaf_value="))).toThrow(/must have \d numbers of leaf_value, got \d/);
  });

  test("refuses a file that is not whole", () => {
    const text = toLightgbm(grownEnsemble({ trees: 3, depth: 2, categories: [0], full: 1 }), ["a"], "regression");
    expect(() => readLightgbm("tree\n")).toThrow("must have columns (feature_names) and trees, got no tree");
    const second = text.indexOf("Tree=1");
    expect(() => readLightgbm(text.slice(0, second))).toThrow('must be whole, from "tree" to "end of trees", got 1 of 3 trees');
    for (let end = second; end < text.indexOf("end of trees"); end += 7) {
      expect(() => readLightgbm(text.slice(0, end))).toThrow(InputError);
    }
  });
});

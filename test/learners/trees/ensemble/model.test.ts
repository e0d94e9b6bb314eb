import { describe, expect, test } from "vitest";
import type { View } from "../../../../src/features/view.ts";
import { describeTrees, predictTrees, type TreeModel } from "../../../../src/learners/trees/ensemble/model.ts";
import { packEnsemble } from "../../../../src/learners/trees/ensemble/pack.ts";
import type { Link } from "../../../../src/learners/trees/tree.ts";
import { createPredictor } from "../../../../src/model/predict.ts";
import { memoryParts, numberColumn } from "../../../helpers/memory-part.ts";
import { grownEnsemble, grownRows, type Shape } from "../../boosting/growing/grow.ts";

const view: View = { columns: ["a", "b", "c"].map((name) => ({ ...numberColumn(name), keepsMissing: true })), skipWhere: [] };
const categories = [0, 30, 0];

const modelOf = (shape: Omit<Shape, "trees" | "depth" | "categories">, classes: readonly string[]): TreeModel => ({
  learner: "grown",
  classes,
  ensemble: packEnsemble(grownEnsemble({ trees: 12, depth: 5, categories, ...shape })),
  warnings: [],
});

const rows = grownRows(100, categories);
const column = (j: number): number[] => rows.map((row) => row[j]);

describe("predictTrees", () => {
  test.each<{ link: Link; task: string; classes: string[]; lines?: number; outputs?: number }>([
    { link: "identity", task: "regression", classes: [] },
    { link: "exp", task: "regression", classes: [] },
    { link: "mean", task: "regression", classes: [] },
    { link: "logistic", task: "binary", classes: ["no", "yes"] },
    { link: "mean", task: "binary", classes: ["no", "yes"] },
    { link: "softmax", task: "multiclass", classes: ["x", "y", "z"], lines: 3 },
    { link: "mean", task: "multiclass", classes: ["x", "y", "z"], outputs: 3 },
  ])("$task by $link is what the exported predictor says, to the bit", ({ link, task, classes, lines = 1, outputs = 1 }) => {
    const model = modelOf({ link, lines, outputs }, classes);
    const table = { columns: { a: column(0), b: column(1), c: column(2) }, label: rows.map(() => 0) };
    const predict = createPredictor(
      JSON.parse(
        JSON.stringify({
          format: 1,
          learner: "grown",
          task,
          label: { column: "y", classes },
          threshold: 0.5,
          view,
          model,
          data: { columns: ["a", "b", "c"].map((name) => ({ name, type: "number" })) },
          job: { data: { missing: [] } },
        }),
      ),
    );
    let at = 0;
    for (const block of memoryParts(table, 100, 32)[0].blocks(view, [0])) {
      const out = new Float64Array(block.rows * lines * outputs);
      predictTrees(model, block, out);
      for (let i = 0; i < block.rows; i++, at++) {
        const [a, b, c] = rows[at].map((value) => (Number.isNaN(value) ? null : value));
        const said = predict({ a, b, c });
        if (classes.length === 0) expect(said?.prediction).toBe(out[i]);
        else if (classes.length === 2) expect(said?.probability?.yes).toBe(out[i]);
        else expect(classes.map((name) => said?.probability?.[name])).toEqual(classes.map((_, k) => out[k * block.rows + i]));
      }
    }
    expect(at).toBe(100);
  });
});

describe("describeTrees", () => {
  test("importances by name, the largest first: gains as shares, splits as counts", () => {
    const model = modelOf({}, []);
    const ensemble = grownEnsemble({ trees: 12, depth: 5, categories });
    const { readable, weights } = describeTrees(model, view);
    const { trees, leaves, importances } = readable as {
      trees: number;
      leaves: number;
      importances: { gain: Record<string, number>; split: Record<string, number> };
    };
    const splits = ensemble.trees.flatMap(({ column, gain }) => [...column].flatMap((j, node) => (j < 0 ? [] : [{ j, gain: gain[node] }])));
    expect(trees).toBe(12);
    expect(leaves).toBe(splits.length + 12);
    const all = splits.reduce((sum, { gain }) => sum + gain, 0);
    for (const [j, name] of ["a", "b", "c"].entries()) {
      expect(importances.split[name]).toBe(splits.filter((split) => split.j === j).length);
      const own = splits.reduce((sum, split) => sum + (split.j === j ? split.gain : 0), 0);
      // Sums in another order.
      expect(importances.gain[name]).toBeCloseTo(own / all, 12);
    }
    expect(Object.values(importances.gain)).toEqual(Object.values(importances.gain).sort((a, b) => b - a));
    expect(weights.byteLength).toBeGreaterThan(100);
  });

  test("a column that nothing splits on is not named", () => {
    const model = { ...modelOf({}, []), ensemble: packEnsemble(grownEnsemble({ trees: 2, depth: 0, categories })) };
    expect(describeTrees(model, view).readable).toEqual({ trees: 2, leaves: 2, importances: { gain: {}, split: {} } });
  });
});

/** Shapley values by their definition: the mean over all orders of the columns of what adding a column changes. */
import { describe, expect, test } from "vitest";
import { explainer } from "../../../../src/learners/trees/ensemble/shap.ts";
import { goesLeft, slotsOf, sumsOf } from "../../../../src/learners/trees/ensemble/walk.ts";
import type { Ensemble, Tree } from "../../../../src/learners/trees/tree.ts";
import { grownEnsemble, grownRows, type Shape } from "../../boosting/growing/grow.ts";

/** What a tree says of a row of which only some columns are known: the others send it both ways. */
function known(tree: Tree, outputs: number, row: readonly number[], columns: ReadonlySet<number>, node = 0): number[] {
  const { column, left, right, weight, value } = tree;
  if (column[node] < 0) return [...value.subarray(node * outputs, (node + 1) * outputs)];
  const of = (child: number): number[] => known(tree, outputs, row, columns, child);
  if (columns.has(column[node])) return of(goesLeft(tree, node, row[column[node]]) ? left[node] : right[node]);
  const [a, b] = [of(left[node]), of(right[node])];
  return a.map((own, k) => (weight[left[node]] * own + weight[right[node]] * b[k]) / weight[node]);
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

function byDefinition({ trees, outputs, lines, link, categories }: Ensemble, row: readonly number[]): number[][] {
  const d = categories.length;
  const found = Array.from({ length: lines * outputs }, () => Array(d).fill(0) as number[]);
  const share = link === "mean" ? 1 / trees.length : 1;
  for (const [t, tree] of trees.entries()) {
    for (let mask = 0; mask < 2 ** d; mask++) {
      const subset = new Set([...categories.keys()].filter((j) => (mask >> j) & 1));
      const without = known(tree, outputs, row, subset);
      for (let j = 0; j < d; j++) {
        if (subset.has(j)) continue;
        const orders = (factorial(subset.size) * factorial(d - subset.size - 1)) / factorial(d);
        known(tree, outputs, row, new Set([...subset, j])).forEach((own, k) => {
          found[(t % lines) * outputs + k][j] += share * orders * (own - without[k]);
        });
      }
    }
  }
  return found;
}

const shapes: Shape[] = [
  { trees: 3, depth: 5, categories: [0, 7, 0, 0] },
  { trees: 4, depth: 4, categories: [0, 0, 40], lines: 2, base: [1, -1] },
  { trees: 3, depth: 6, categories: [0, 0, 0], outputs: 3, link: "mean" },
  { trees: 2, depth: 0, categories: [0] },
];

describe.each(shapes)("explainer of $trees trees of $depth levels", (shape) => {
  const ensemble = grownEnsemble(shape);
  const width = shape.categories.length + 1;
  const slots = slotsOf(ensemble);
  const explained = grownRows(12, shape.categories).map((row) => {
    const into = new Float64Array(slots * width);
    explainer(ensemble)(row, into);
    return { row, into };
  });

  test("agrees with the definition over all subsets of the columns", () => {
    for (const { row, into } of explained) {
      byDefinition(ensemble, row).forEach((expected, slot) => {
        expected.forEach((value, j) => {
          expect(into[slot * width + j]).toBeCloseTo(value, 12);
        });
      });
    }
  });

  test("adds up to the margin, or to the prediction of a forest", () => {
    const share = ensemble.link === "mean" ? 1 / ensemble.trees.length : 1;
    for (const { row, into } of explained) {
      sumsOf(ensemble, row).forEach((sum, slot) => {
        const all = into.subarray(slot * width, (slot + 1) * width).reduce((total, own) => total + own, 0);
        expect(Math.abs(all - share * sum)).toBeLessThan(1e-12);
      });
    }
  });
});

test("deep trees of many columns add up to 1e-9", () => {
  const categories = Array.from({ length: 30 }, (_, j) => (j % 5 === 0 ? 12 : 0));
  const ensemble = grownEnsemble({ trees: 8, depth: 14, categories, full: 0.95 });
  for (const row of grownRows(20, categories)) {
    const into = new Float64Array(31);
    explainer(ensemble)(row, into);
    expect(Math.abs(into.reduce((sum, own) => sum + own, 0) - sumsOf(ensemble, row)[0])).toBeLessThan(1e-9);
  }
});

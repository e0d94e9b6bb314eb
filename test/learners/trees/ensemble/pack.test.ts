import { describe, expect, test } from "vitest";
import { packEnsemble } from "../../../../src/learners/trees/ensemble/pack.ts";
import { unpackEnsemble } from "../../../../src/learners/trees/ensemble/unpack.ts";
import { goesLeft, leafOf, sumsOf } from "../../../../src/learners/trees/ensemble/walk.ts";
import { breadthFirst, depthOf } from "../../../../src/learners/trees/order.ts";
import type { Ensemble } from "../../../../src/learners/trees/tree.ts";
import { grownEnsemble, grownRows } from "../../boosting/growing/grow.ts";

const ordered = (ensemble: Ensemble): Ensemble => ({
  ...ensemble,
  trees: ensemble.trees.map((tree) => breadthFirst(tree, ensemble.outputs)),
});

describe("breadthFirst", () => {
  test("numbers children side by side, level by level, and leads rows to the same values", () => {
    const ensemble = grownEnsemble({ trees: 5, depth: 7, categories: [0, 12, 0] });
    const trees = ordered(ensemble);
    for (const { column, left, right } of trees.trees) {
      const inner = [...column.keys()].filter((i) => column[i] >= 0);
      expect(inner.map((i) => left[i])).toEqual(inner.map((_, k) => 2 * k + 1));
      expect(inner.every((i) => right[i] === left[i] + 1)).toBe(true);
    }
    for (const row of grownRows(50, [0, 12, 0])) expect(sumsOf(trees, row)).toEqual(sumsOf(ensemble, row));
    expect(trees.trees.map(depthOf)).toEqual(ensemble.trees.map(depthOf));
  });
});

describe("packEnsemble", () => {
  test.each([
    { trees: 4, depth: 6, categories: [0, 70, 0] },
    { trees: 6, depth: 3, categories: [0, 0], lines: 3, base: [0.1, 0.2, 0.3], link: "softmax" as const },
    { trees: 0, depth: 3, categories: [0] },
    { trees: 2, depth: 0, categories: [0] },
  ])("keeps $trees trees of one output to the bit, through JSON", (shape) => {
    const ensemble = grownEnsemble(shape);
    expect(unpackEnsemble(JSON.parse(JSON.stringify(packEnsemble(ensemble))))).toEqual(ordered(ensemble));
  });

  test("of several outputs keeps the leaves, and an inner node has the mean of its children", () => {
    const ensemble = ordered(grownEnsemble({ trees: 3, depth: 4, categories: [0, 4], outputs: 3, link: "mean" }));
    const [first] = ensemble.trees;
    first.value.fill(0, first.value.length - 2);
    const back = unpackEnsemble(packEnsemble(ensemble));
    for (const [t, tree] of ensemble.trees.entries()) {
      const { value, column, left, right, weight } = back.trees[t];
      column.forEach((j, node) => {
        for (let k = 0; k < 3; k++) {
          const [a, b] = [left[node], right[node]];
          const mean = (weight[a] * value[3 * a + k] + weight[b] * value[3 * b + k]) / weight[node];
          expect(value[3 * node + k]).toBe(j < 0 ? tree.value[3 * node + k] : mean);
        }
      });
    }
  });
});

describe("leafOf", () => {
  const { trees } = grownEnsemble({ trees: 1, depth: 1, categories: [0], full: 1 });
  const [{ threshold, missingLeft, left, right }] = trees;

  test("a number at the threshold goes left, a missing one where the node says", () => {
    expect(leafOf(trees[0], [threshold[0]])).toBe(left[0]);
    expect(leafOf(trees[0], [threshold[0] + 1e-9])).toBe(right[0]);
    expect(leafOf(trees[0], [Number.NaN])).toBe(missingLeft[0] ? left[0] : right[0]);
  });

  test("a category goes left when its bit is set; one past the words, below 0 or a fraction of none does not", () => {
    const tree = {
      ...trees[0],
      firstWord: Int32Array.of(1, -1, -1),
      wordCount: Int32Array.of(2, 0, 0),
      words: Uint32Array.of(0, 0b101, 0x8000_0000),
    };
    const lefts = [0, 1, 2, 3, 31, 32, 63, 64, 1e9, -1].filter((code) => goesLeft(tree, 0, code));
    expect(lefts).toEqual([0, 2, 63]);
  });
});

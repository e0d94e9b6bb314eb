import { describe, expect, test } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { drawBounds, drawer, subsetSize } from "../../../src/learners/forest/draw.ts";
import {
  decisionTreeClassifier,
  decisionTreeRegressor,
  randomForestClassifier,
  randomForestRegressor,
} from "../../../src/learners/forest/forest.ts";
import type { LearnerAny } from "../../../src/learners/registry.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";

const numbers = (...names: string[]) => ({
  columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })),
  skipWhere: [],
});

function grown(learner: LearnerAny, table: MemoryTable, names: string[], params: Record<string, unknown>, classes: string[] = []) {
  const parts = memoryParts({ ...table, fold: table.label.map(() => 0) });
  const candidate = candidateOf(learner, parts, { view: numbers(...names), classes, params, fold: null, trainFolds: [0], id: 0 });
  const { states } = run(learner, parts, [candidate], inOneTask);
  const model = learner.model(states[0]);
  return { model, ensemble: unpackEnsemble(model.ensemble) };
}

test("a tree that draws only rows of a class of factor 0 predicts the shares of all rows", () => {
  const table = { columns: { a: [1, 2, 3, 4, 5, 6] }, label: [0, 0, 0, 0, 0, 1] };
  const params = { numTrees: 40, classWeight: { no: 0 } };
  const { ensemble } = grown(randomForestClassifier, table, ["a"], params, ["no", "yes"]);
  // Of 40 trees some draw the last row and some do not; both know no class but the other.
  expect(new Set(ensemble.trees.map((tree) => tree.value[0]))).toEqual(new Set([1]));
});

describe("decision trees", () => {
  test("split a number where the variance falls most, by hand: 1 1 | 5 9, then 5 | 9", () => {
    const table = { columns: { a: [1, 2, 3, 4] }, label: [1, 1, 5, 9] };
    const { ensemble } = grown(decisionTreeRegressor, table, ["a"], {});
    const [tree] = ensemble.trees;
    expect([...tree.threshold].filter((t) => !Number.isNaN(t))).toEqual([2.5, 3.5]);
    // Of four rows the variance times 4 is 44: 36 of it between the halves, and 8 of the right one's own.
    expect([...tree.gain].filter((gain) => gain > 0)).toEqual([36, 8]);
    expect([[1], [3], [4]].map((row) => sumsOf(ensemble, row)[0])).toEqual([1, 5, 9]);
    expect([...tree.weight]).toEqual([4, 2, 2, 1, 1]);
  });

  test("split classes where gini falls most, and answer shares", () => {
    const table = { columns: { a: [1, 2, 3, 4, 5, 6] }, label: [0, 0, 0, 1, 1, 0] };
    const { ensemble } = grown(decisionTreeClassifier, table, ["a"], { maxDepth: 1 }, ["no", "yes"]);
    expect(ensemble.trees[0].threshold[0]).toBe(3.5);
    expect(sumsOf(ensemble, [9])[0]).toBe(2 / 3);
    // Impurity of six rows less that of three: 6 (1 - 1/9 - 4/9) - 3 (1 - 4/9 - 1/9); gains are kept as float32.
    expect(ensemble.trees[0].gain[0]).toBe(Math.fround(8 / 3 - 4 / 3));
  });

  test("send missing values where they gain most", () => {
    const table = { columns: { a: [1, 2, 3, 4, Number.NaN, Number.NaN] }, label: [0, 0, 8, 8, 8, 8] };
    const { ensemble } = grown(decisionTreeRegressor, table, ["a"], {});
    expect([[1], [4], [Number.NaN]].map((row) => sumsOf(ensemble, row)[0])).toEqual([0, 8, 8]);
  });

  test("have leaves of so many rows at least, whatever they weigh", () => {
    const table = { columns: { a: [1, 2, 3, 4, 5] }, label: [9, 0, 0, 0, 0], weight: [0.1, 0.1, 5, 5, 5] };
    const { ensemble } = grown(decisionTreeRegressor, table, ["a"], { minInstancesPerNode: 2, maxDepth: 1 });
    expect(ensemble.trees[0].threshold[0]).toBe(2.5);
  });
});

describe("forests", () => {
  const rows = Array.from({ length: 400 }, (_, i) => i);
  const table = {
    columns: { a: rows.map((i) => i % 20), b: rows.map((i) => (i * 7) % 13) },
    label: rows.map((i) => (i % 20) + ((i * 7) % 13)),
  };

  test("differ from tree to tree, and are judged on the rows that a tree did not draw", () => {
    const { model, ensemble } = grown(randomForestRegressor, table, ["a", "b"], { numTrees: 20, outOfBag: true });
    expect(new Set(ensemble.trees.map(({ threshold }) => threshold.join())).size).toBe(20);
    expect(model.outOfBag.rows).toBe(400);
    expect(model.outOfBag.r2).toBeGreaterThan(0.95);
  });

  test("answer the mean of the shares of three classes, which add up to 1", () => {
    const classes = { ...table, label: rows.map((i) => i % 3) };
    const { model, ensemble } = grown(randomForestClassifier, classes, ["a", "b"], { numTrees: 7, outOfBag: true }, ["x", "y", "z"]);
    const sums = [...sumsOf(ensemble, [3, 5])].map((own) => own / 7);
    expect(sums.reduce((all, own) => all + own, 0)).toBeCloseTo(1, 12);
    expect(model.outOfBag.accuracy).toBeGreaterThan(0);
  });
});

// Of few rows trees grow where they come together, of many from sums, and the rows of small nodes.
test.each([600, 24_000])("of %i rows those of a class of factor 0 are as rows of weight 0, which no leaf counts", (count) => {
  const rows = Array.from({ length: count }, (_, i) => i);
  const columns = { a: rows.map((i) => hashRow(1, i) % 20), b: rows.map((i) => hashRow(2, i) % 13) };
  const label = rows.map((i) => (hashRow(3, i) % 4 === 0 ? Number(columns.a[i] > 9) : (i + columns.b[i]) % 3));
  const params = { numTrees: 3, maxDepth: 6, minInstancesPerNode: Math.ceil(count / 40), outOfBag: true };
  const names = ["x", "y", "z"];
  const byFactor = grown(randomForestClassifier, { columns, label }, ["a", "b"], { ...params, classWeight: { y: 0 } }, names);
  const weight = label.map((k) => (k === 1 ? 0 : 1));
  const byWeight = grown(randomForestClassifier, { columns, label, weight }, ["a", "b"], params, names);
  expect(byFactor.ensemble.trees).toEqual(byWeight.ensemble.trees);
  const { column, weight: own } = byFactor.ensemble.trees[0];
  expect(column.filter((j) => j >= 0).length).toBeGreaterThan(2);
  expect(Math.min(...own.filter((_, node) => column[node] < 0))).toBeGreaterThanOrEqual(params.minInstancesPerNode);
  // They are judged nevertheless, by all trees: their weight is that of any row.
  expect(byFactor.model.outOfBag.rows).toBeGreaterThan(byWeight.model.outOfBag.rows);
});

test("judges the rows that trees did not draw some at a time where they have many classes, and finds the same", () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => i);
  const table = { columns: { a: rows.map((i) => i % 20), b: rows.map((i) => (i * 7) % 13) }, label: rows.map((i) => (i % 20) % 3) };
  const judged = (classes: number) => {
    const names = Array.from({ length: classes }, (_, k) => `c${k}`);
    return grown(randomForestClassifier, table, ["a", "b"], { numTrees: 3, maxDepth: 3, outOfBag: true }, names).model.outOfBag;
  };
  // Votes of 2,097 rows; no row is of the classes after the third.
  expect(judged(2_000)).toEqual(judged(3));
  // 1 - (1 - 1 / e)^3 of 5,000 are 3,737.
  expect(Math.abs(judged(3).rows - 3_737)).toBeLessThan(100);
});

describe("drawer", () => {
  test("draws as a Poisson number does: mean and variance 1, 37 % not at all", () => {
    const draw = drawer(drawBounds(1, true));
    const draws = Array.from({ length: 100_000 }, (_, row) => draw(5, row));
    const mean = draws.reduce((sum, n) => sum + n, 0) / draws.length;
    const variance = draws.reduce((sum, n) => sum + (n - mean) * (n - mean), 0) / draws.length;
    // Three standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(draws.filter((n) => n === 0).length / draws.length - 0.3679)).toBeLessThan(0.005);
  });

  test("without bootstrap takes a share of the rows once", () => {
    const half = drawer(drawBounds(0.5, false));
    const draws = Array.from({ length: 10_000 }, (_, row) => half(5, row));
    expect(Math.abs(draws.filter((n) => n === 1).length - 5_000)).toBeLessThan(150);
    expect(drawer(drawBounds(1, false))(1, 2)).toBe(1);
  });
});

test.each([
  ["auto", 9, 2, 100, 3],
  ["auto", 9, 0, 100, 3],
  ["auto", 9, 0, 1, 9],
  ["log2", 9, 2, 100, 4],
  [0.5, 9, 2, 100, 5],
  ["onethird", 1, 2, 100, 1],
] as const)("subset %s of %d columns, %d classes, %d trees: %d", (strategy, columns, classes, trees, expected) => {
  expect(subsetSize(strategy, columns, classes, trees)).toBe(expected);
});

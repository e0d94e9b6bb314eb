/** LightGBM's own examples with its parameters, without sampling: bins differ, so the metrics are near, not equal. */
import { describe, expect, it } from "vitest";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/unpack.ts";
import { sumsOf } from "../../src/learners/trees/walk.ts";
import { candidateOf, run } from "../helpers/fit.ts";
import { memoryParts, numberColumn } from "../helpers/memory-part.ts";
import { referenceCase, referenceText } from "../helpers/reference.ts";

const names = Array.from({ length: 28 }, (_, j) => `f${j}`);
const view = { columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };

const rowsOf = (path: string): number[][] =>
  referenceText(path)
    .trim()
    .split("\n")
    .map((line) => line.split("\t").map(Number));

/** Margins of the test rows beside their labels after some iterations, and the rounds taken. */
function trained(id: string, learner: LearnerAny, classes: readonly string[], params: object) {
  const [training, test] = (referenceCase(id).data as string[]).map(rowsOf);
  const columns = Object.fromEntries(names.map((name, j) => [name, training.map((row) => row[j + 1])]));
  const parts = memoryParts({ columns, label: training.map(([label]) => label) }, 4_096, 512);
  const { states, rounds } = run(learner, parts, [candidateOf(learner, parts, { view, classes, params: { ...params } })]);
  const ensemble = unpackEnsemble((learner.model(states[0]) as TreeModel).ensemble);
  return {
    rounds,
    rowsAfter: (iterations: number): [label: number, margin: number][] => {
      const first = { ...ensemble, trees: ensemble.trees.slice(0, iterations) };
      return test.map(([label, ...row]) => [label, sumsOf(first, row)[0]]);
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const logLoss = (rows: readonly [number, number][]): number => mean(rows.map(([label, z]) => Math.log1p(Math.exp(label === 1 ? -z : z))));
const squares = (rows: readonly [number, number][]): number => mean(rows.map(([label, value]) => (label - value) ** 2));

describe("LightGBM's examples", () => {
  it("lightgbm-binary-example", () => {
    const { expected } = referenceCase("lightgbm-binary-example");
    const params = { trees: 10, maxLeaves: 63, minRows: 50, minWeight: 5 };
    const { rowsAfter } = trained("lightgbm-binary-example", learners.gradientBoostingClassifier, ["0", "1"], params);
    expect(Math.abs(logLoss(rowsAfter(1)) - expected.binary_logloss.iter1)).toBeLessThan(0.002);
    expect(Math.abs(logLoss(rowsAfter(10)) - expected.binary_logloss.iter10)).toBeLessThan(0.002);
  });

  it("lightgbm-regression-example, 31 leaves in fewer than nine rounds a tree", () => {
    const { expected } = referenceCase("lightgbm-regression-example");
    const params = { trees: 10, learningRate: 0.05, maxLeaves: 31, minRows: 100, minWeight: 5 };
    const { rowsAfter, rounds } = trained("lightgbm-regression-example", learners.gradientBoostingRegressor, [], params);
    expect(Math.abs(squares(rowsAfter(1)) - expected.l2.iter1)).toBeLessThan(0.001);
    expect(Math.abs(squares(rowsAfter(10)) - expected.l2.iter10)).toBeLessThan(0.001);
    expect(rounds).toBeLessThan(90);
  });
});

/** What carries know of the rows that a model was trained on, against walking its trees: the same bits. */
import { expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { float64, kernels } from "../../../src/kernels/kernels.ts";
import { type LearnerAny, learners } from "../../../src/learners/registry.ts";
import type { TreeModel } from "../../../src/learners/trees/ensemble/model.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";
import { trainedRowsOf } from "../../helpers/trained-rows.ts";

const { gradientBoostingRegressor: regressor, gradientBoostingClassifier: classifier } = learners;
const ROWS = 1_300;
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const rows = Array.from({ length: ROWS }, (_, row) => row);
const a = rows.map((row) => (row % 17 === 3 ? Number.NaN : 4 * uniform(row, 1) - 2));
const b = rows.map((row) => Math.floor(12 * uniform(row, 2)));
const label = rows.map((row) => (Number.isNaN(a[row]) ? 3 : a[row] * a[row]) + (b[row] > 5 ? 1 : 0) + uniform(row, 3) / 2);
const table: MemoryTable = { columns: { a, b }, label, weight: rows.map((row) => 1 + (row % 2)) };
const view = { columns: ["a", "b"].map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };
const classesOf = (most: number): MemoryTable => ({
  ...table,
  label: label.map((value) => Math.min(most, Math.floor(Math.max(0, value)))),
});

function trained(learner: LearnerAny, of: MemoryTable, params: object, classes: readonly string[], from?: TreeModel) {
  const parts = memoryParts(of, 700);
  const candidate = candidateOf(learner, parts, { view, classes, params: { trees: 7, maxLeaves: 8, minRows: 1, ...params } });
  const [state] = run(learner, parts, [candidate], inOneTask, [], [from]).states;
  return { parts, state, model: learner.model(state) as TreeModel };
}

/** Labels, weights and predictions of a part, block by block. */
function predicted(learner: LearnerAny, model: TreeModel, part: MemoryPart, outputs: number) {
  const [values, labels, weights] = [Array.from({ length: outputs }, (): number[] => []), [] as number[], [] as number[]];
  for (const block of part.blocks(view, [0])) {
    const out = new Float64Array(block.rows * outputs);
    learner.predict(model, block, out);
    values.forEach((own, k) => void own.push(...out.subarray(k * block.rows, (k + 1) * block.rows)));
    labels.push(...float64(kernels(), block.label, block.rows));
    weights.push(...float64(kernels(), block.weight, block.rows));
  }
  return { values: Float64Array.from(values.flat()), labels: Float64Array.from(labels), weights: Float64Array.from(weights) };
}

const three = ["x", "y", "z"];

it.each([
  ["squares", regressor, table, {}, []],
  ["depth-wise", regressor, table, { maxLeaves: undefined, maxDepth: 4 }, []],
  ["samples", regressor, table, { rowSample: 0.5 }, []],
  ["medians", regressor, table, { loss: "absolute" }, []],
  ["counts", regressor, table, { loss: "poisson" }, []],
  ["two classes", classifier, classesOf(1), { classWeight: "balanced" }, ["no", "yes"]],
  ["three classes", classifier, classesOf(2), {}, three],
] as const)("tell the predictions of %s", (_, learner, of, params, classes) => {
  const first = trained(learner, of, params, classes);
  for (const { parts, state, model } of [first, trained(learner, of, params, classes, first.model)]) {
    const ask = learner.trained?.ask(state);
    expect(ask).not.toBeNull();
    for (const part of parts)
      expect(trainedRowsOf(learner, part, view, ask, model)).toEqual(
        predicted(learner, model, part, classes.length > 2 ? classes.length : 1),
      );
    parts[1].forget();
    expect(parts.map((part) => trainedRowsOf(learner, part, view, ask, model) === null)).toEqual([false, true]);
  }
});

it("have all trees where the last iteration found no split", () => {
  const { parts, state, model } = trained(regressor, { ...table, label: rows.map(() => 2) }, {}, []);
  expect(trainedRowsOf(regressor, parts[0], view, regressor.trained?.ask(state), model)).toEqual(predicted(regressor, model, parts[0], 1));
});

it.each([
  ["the best on rows held out are the model", regressor, table, { earlyStoppingRounds: 2 }, []],
  ["there is one class, and no carry", classifier, { ...table, label: rows.map(() => 1) }, {}, ["no", "yes"]],
] as const)("tell none where %s", (_, learner, of, params, classes) => {
  expect(learner.trained?.ask(trained(learner, of, params, classes).state)).toBeNull();
});

it("tell those of several classes block by block", () => {
  const many = Array.from({ length: 20_000 }, (_, row) => row);
  const numbers = many.map((row) => uniform(row, 4));
  const long: MemoryTable = { columns: { a: numbers, b: many.map((row) => row % 5) }, label: numbers.map((own) => Math.floor(3 * own)) };
  const parts = memoryParts(long, many.length);
  const params = { trees: 2, maxLeaves: 4 };
  const [state] = run(classifier, parts, [candidateOf(classifier, parts, { view, classes: three, params })], inOneTask).states;
  const [ask, model] = [classifier.trained?.ask(state), classifier.model(state) as TreeModel];
  const told: number[] = [];
  classifier.trained?.predictions(parts[0], view, [0], ask, model as never, ({ values, labels }) => {
    expect(values.length).toBe(3 * labels.length);
    told.push(labels.length);
  });
  expect(told).toEqual([16_384, 20_000 - 16_384]);
  expect(trainedRowsOf(classifier, parts[0], view, ask, model)).toEqual(predicted(classifier, model, parts[0], 3));
});

/** What parts know of the rows that a forest was trained on, against encoding them again: the same bits. */
import { expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { float64, kernels } from "../../../src/kernels/kernels.ts";
import { type LearnerAny, learners } from "../../../src/learners/registry.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";
import { trainedRowsOf } from "../../helpers/trained-rows.ts";

const { randomForestClassifier: classifier, randomForestRegressor: regressor } = learners;
/** More than come together. */
const ROWS = 21_001;
const LEVELS = ["p", "q", "r"];
const rows = Array.from({ length: ROWS }, (_, row) => row);
const draw = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const columns = {
  a: rows.map((row) => (draw(row, 1) < 0.1 ? Number.NaN : draw(row, 2))),
  b: rows.map((row) => LEVELS[Math.floor(3 * draw(row, 3))]),
};
const signal = rows.map((row) => (columns.a[row] || 0.7) + LEVELS.indexOf(columns.b[row]) / 2 + draw(row, 4));
const numbers = { columns: [{ ...numberColumn("a"), keepsMissing: true as const }], skipWhere: [] };
const both = {
  columns: [
    ...numbers.columns,
    { ...numberColumn("b"), take: { kind: "index" as const, levels: LEVELS, other: null }, keepsMissing: true as const },
  ],
  skipWhere: [],
};

function trained(learner: LearnerAny, table: MemoryTable, view: typeof both | typeof numbers, classes: readonly string[]) {
  const parts = memoryParts(table, 11_000);
  const params = { numTrees: 3, maxDepth: 4, featureSubsetStrategy: "all" };
  const [state] = run(learner, parts, [candidateOf(learner, parts, { view, classes, params })], inOneTask).states;
  return { parts, ask: learner.trained?.ask(state), model: learner.model(state) };
}

function predicted(learner: LearnerAny, model: unknown, part: MemoryPart, view: typeof both | typeof numbers) {
  const [values, labels, weights]: number[][] = [[], [], []];
  for (const block of part.blocks(view, [0])) {
    const out = new Float64Array(block.rows);
    learner.predict(model, block, out);
    values.push(...out);
    labels.push(...float64(kernels(), block.label, block.rows));
    weights.push(...float64(kernels(), block.weight, block.rows));
  }
  return { values: Float64Array.from(values), labels: Float64Array.from(labels), weights: Float64Array.from(weights) };
}

it.each([
  ["two classes by numbers", classifier, { columns, label: signal.map((own) => Number(own > 1.5)) }, numbers, ["no", "yes"]],
  ["a number by categories too", regressor, { columns, label: signal, weight: rows.map((row) => 1 + (row % 2)) }, both, []],
] as const)("tells the predictions of %s", (_, learner, table, view, classes) => {
  const { parts, ask, model } = trained(learner, table, view, classes);
  for (const part of parts) expect(trainedRowsOf(learner, part, view, ask, model)).toEqual(predicted(learner, model, part, view));
  parts[1].forget();
  expect(parts.map((part) => trainedRowsOf(learner, part, view, ask, model) === null)).toEqual([false, true]);
});

it("tells none of three classes, or where rows came together", () => {
  const three = { columns, label: signal.map((own) => Math.min(2, Math.floor(own))) };
  expect(trained(classifier, three, numbers, ["x", "y", "z"]).ask).toBeNull();
  const few = { columns: { a: columns.a.slice(0, 900) }, label: signal.slice(0, 900) };
  const { parts, ask, model } = trained(regressor, few, numbers, []);
  expect(trainedRowsOf(regressor, parts[0], numbers, ask, model)).toBeNull();
});

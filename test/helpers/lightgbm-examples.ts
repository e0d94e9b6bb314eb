/**
 * LightGBM's own examples, in its own bins (reference/lightgbm-examples.py). A column's bins stand in it as numbers from the highest to the
 * lowest: of cuts between the same rows LightGBM takes the last and we take the first, which then is the same.
 */
import { readFileSync } from "node:fs";
import { learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/unpack.ts";
import { sumsOf } from "../../src/learners/trees/walk.ts";
import { candidateOf, run } from "./fit.ts";
import { memoryParts, numberColumn } from "./memory-part.ts";
import { referenceText } from "./reference.ts";

interface Figures {
  readonly cuts: readonly (readonly number[])[];
  /** Metrics after 1, 10 and 100 iterations. */
  readonly exact: readonly number[];
  readonly whole: readonly number[];
  /** Metrics after 100 iterations, of several runs. */
  readonly near: readonly number[];
  readonly sampled: readonly number[];
}

const file = new URL("../reference/lightgbm-examples.json", import.meta.url);
export const figures = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<Example, Figures>>;

/** Our parameters for those of train.conf, without its sampling. Of several classes LightGBM's second derivatives are K / (K - 1) of ours. */
export const parameters = {
  binary: { maxLeaves: 63, minRows: 50, minWeight: 5 },
  regression: { learningRate: 0.05, minRows: 100, minWeight: 5 },
  multiclass: { learningRate: 0.05 / 1.25, minWeight: 0.001 / 1.25 },
};
export type Example = keyof typeof parameters;

const metrics: Readonly<Record<Example, (label: number, margins: Float64Array) => number>> = {
  binary: (label, [z]) => Math.log1p(Math.exp(label === 1 ? -z : z)),
  regression: (label, [z]) => (label - z) ** 2,
  multiclass: (label, z) => Math.log(z.reduce((sum, own) => sum + Math.exp(own), 0)) - z[label],
};
const classes = { binary: ["0", "1"], regression: [], multiclass: ["0", "1", "2", "3", "4"] };
const names = Array.from({ length: 28 }, (_, j) => `f${j}`);
const view = { columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };

interface TrainedExample {
  /** Of the training. */
  readonly rounds: number;
  /** The example's metric on its test rows. */
  metricAfter(iterations: number): number;
  /** Share of the pairs of test rows of both classes that the margins put in order, ties counting half. */
  aucAfter(iterations: number): number;
}

/** `isWeighted`: with the weights that LightGBM's program finds beside the binary example. */
export function trainedExample(example: Example, params: object, isWeighted = true): TrainedExample {
  const folder = `peers/lightgbm/${example === "regression" ? example : `${example}_classification`}`;
  const read = (name: string): number[][] =>
    referenceText(`${folder}/${example}.${name}.gz`)
      .trim()
      .split("\n")
      .map((line) => line.split("\t").map(Number));
  const binned = (name: string): number[][] =>
    read(name).map(([label, ...values]) => [label, ...values.map((value, j) => -binOf(figures[example].cuts[j], value))]);
  const weights = (name: string, rows: number): number[] =>
    example === "binary" && isWeighted ? read(`${name}.weight`).map(([weight]) => weight) : new Array(rows).fill(1);
  const [training, test] = [binned("train"), binned("test")];
  const columns = Object.fromEntries(names.map((name, j) => [name, training.map((row) => row[j + 1])]));
  const table = { columns, label: training.map(([label]) => label), weight: weights("train", training.length) };
  const parts = memoryParts(table, 8_192, 512);
  const learner = learners[example === "regression" ? "gradientBoostingRegressor" : "gradientBoostingClassifier"];
  const { states, rounds } = run(learner, parts, [candidateOf(learner, parts, { view, classes: classes[example], params: { ...params } })]);
  const ensemble = unpackEnsemble((learner.model(states[0]) as TreeModel).ensemble);
  const weight = weights("test", test.length);
  const marginsAfter = (iterations: number): Float64Array[] => {
    const first = { ...ensemble, trees: ensemble.trees.slice(0, iterations * ensemble.lines) };
    return test.map(([_, ...row]) => sumsOf(first, row));
  };
  return {
    rounds,
    metricAfter: (iterations) => {
      const sum = marginsAfter(iterations).reduce((all, own, i) => all + weight[i] * metrics[example](test[i][0], own), 0);
      return sum / weight.reduce((all, own) => all + own, 0);
    },
    aucAfter: (iterations) => {
      const margins = marginsAfter(iterations).map(([margin]) => margin);
      const [no, yes] = [0, 1].map((label) => margins.filter((_, i) => test[i][0] === label));
      return mean(yes.map((a) => mean(no.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))));
    },
  };
}

function binOf(cuts: readonly number[], value: number): number {
  const bin = cuts.findIndex((cut) => value <= cut);
  return bin < 0 ? cuts.length : bin;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

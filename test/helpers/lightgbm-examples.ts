/** LightGBM's own examples, trained by its convention from the same rows (reference/lightgbm-examples.py). */
import { readFileSync } from "node:fs";
import { learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { candidateOf, run } from "./fit.ts";
import { memoryParts, numberColumn } from "./memory-part.ts";
import { referenceText } from "./reference.ts";

interface Figures {
  /** Metrics after 1, 10, 50 and 100 iterations. */
  readonly whole: readonly number[];
  /** Metrics after 100 iterations, of several runs. */
  readonly sampled: readonly number[];
}

const file = new URL("../reference/lightgbm-examples.json", import.meta.url);
export const figures = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<Example, Figures>>;
export const iterations = [1, 10, 50, 100];

const binary = { maxLeaves: 63, minRows: 50, minWeight: 5 };
const regression = { learningRate: 0.05, minRows: 100, minWeight: 5 };

/** Our parameters for those of train.conf, without its sampling. */
const parameters = {
  binary,
  unweighted: binary,
  regression,
  holes: { ...regression, loss: "poisson" },
  penalised: { ...regression, l1: 2, l2: 20, minGain: 0.5 },
  ordered: { ...regression, l2: 5, monotone: { f0: 1, f1: -1 } },
  multiclass: { learningRate: 0.05 },
};
export type Example = keyof typeof parameters;

interface Source {
  readonly file: string;
  readonly classes: readonly string[];
  metric(label: number, margins: Float64Array): number;
}

const ofTwo: Source = {
  file: "binary_classification/binary",
  classes: ["0", "1"],
  metric: (label, [z]) => Math.log1p(Math.exp(label === 1 ? -z : z)),
};
const ofNumbers: Source = { file: "regression/regression", classes: [], metric: (label, [z]) => (label - z) ** 2 };
const sources: Readonly<Record<Example, Source>> = {
  binary: ofTwo,
  unweighted: ofTwo,
  regression: ofNumbers,
  penalised: ofNumbers,
  ordered: ofNumbers,
  holes: { ...ofNumbers, metric: (label, [z]) => Math.exp(z) - label * z },
  multiclass: {
    file: "multiclass_classification/multiclass",
    classes: ["0", "1", "2", "3", "4"],
    metric: (label, z) => Math.log(z.reduce((sum, own) => sum + Math.exp(own), 0)) - z[label],
  },
};
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

/** `more` are parameters besides the example's. */
export function trainedExample(example: Example, more: object = {}): TrainedExample {
  const { file, classes, metric } = sources[example];
  const read = (ending: string): number[][] =>
    referenceText(`peers/lightgbm/${file}.${ending}.gz`)
      .trim()
      .split("\n")
      .map((line) => line.split("\t").map(Number));
  const rowsOf = (which: string): number[][] =>
    read(which).map(([label, ...values], i) => [
      label,
      ...values.map((value, j) => (example === "holes" && (i + 3 * j) % 11 === 0 ? Number.NaN : value)),
    ]);
  const weightsOf = (which: string, rows: number): number[] =>
    example === "binary" ? read(`${which}.weight`).map(([weight]) => weight) : new Array(rows).fill(1);
  const [training, test] = [rowsOf("train"), rowsOf("test")];
  const columns = Object.fromEntries(names.map((name, j) => [name, training.map((row) => row[j + 1])]));
  const table = { columns, label: training.map(([label]) => label), weight: weightsOf("train", training.length) };
  const parts = memoryParts(table, 8_192, 512);
  const learner = learners[classes.length === 0 ? "gradientBoostingRegressor" : "gradientBoostingClassifier"];
  const params = { ...parameters[example], convention: "lightgbm", ...more };
  const { states, rounds } = run(learner, parts, [candidateOf(learner, parts, { view, classes, params })]);
  const ensemble = unpackEnsemble((learner.model(states[0]) as TreeModel).ensemble);
  const weight = weightsOf("test", test.length);
  const marginsAfter = (iterations: number): Float64Array[] => {
    const first = { ...ensemble, trees: ensemble.trees.slice(0, iterations * ensemble.lines) };
    return test.map(([_, ...row]) => sumsOf(first, row));
  };
  return {
    rounds,
    metricAfter: (iterations) => {
      const sum = marginsAfter(iterations).reduce((all, own, i) => all + weight[i] * metric(test[i][0], own), 0);
      return sum / weight.reduce((all, own) => all + own, 0);
    },
    aucAfter: (iterations) => {
      const margins = marginsAfter(iterations).map(([margin]) => margin);
      const [no, yes] = [0, 1].map((label) => margins.filter((_, i) => test[i][0] === label));
      return mean(yes.map((a) => mean(no.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))));
    },
  };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

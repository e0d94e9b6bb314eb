/** Cases on trees that other libraries' own tests hold as bounds: Friedman's functions, steps along the rows, breast cancer. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { fitOne } from "../helpers/fit.ts";
import { memoryParts, numberColumn } from "../helpers/memory-part.ts";
import { numbersOf, referenceCase } from "../helpers/reference.ts";

const { gradientBoostingRegressor, gradientBoostingClassifier, randomForestClassifier } = learners;

/** Sums over the trees, of a row of values in the order of the columns. */
function trained(learner: LearnerAny, x: readonly (readonly number[])[], label: readonly number[], params: object) {
  const names = x[0].map((_, j) => `x${j}`);
  const columns = Object.fromEntries(names.map((name, j) => [name, x.map((row) => row[j])]));
  const view = { columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };
  const classes = learner === gradientBoostingRegressor ? [] : ["0", "1"];
  const model = fitOne<TreeModel>(learner, memoryParts({ columns, label }, 256), { view, classes, params: { ...params } });
  const ensemble = unpackEnsemble(model.ensemble);
  return (row: readonly number[]): Float64Array => sumsOf(ensemble, row);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("sklearn-friedman", () => {
  const uniform = (row: number, stream: number): number => (hashRow(stream, row) + 0.5) / 2 ** 32;
  /** Box & Muller 1958. */
  const normal = (row: number): number => Math.sqrt(-2 * Math.log(uniform(row, 11))) * Math.cos(2 * Math.PI * uniform(row, 12));
  const first = (row: number): number[] => Array.from({ length: 10 }, (_, j) => uniform(row, j));
  const circuit = (row: number): number[] => {
    const [a, b, c, d] = first(row);
    return [100 * a, 520 * Math.PI * b + 40 * Math.PI, c, 10 * d + 1];
  };
  const functions: Readonly<Record<string, [x: (row: number) => number[], y: (x: number[], row: number) => number]>> = {
    friedman1: [first, ([a, b, c, d, e], row) => 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + normal(row)],
    friedman2: [circuit, ([a, b, c, d]) => Math.hypot(a, b * c - 1 / (b * d))],
    friedman3: [circuit, ([a, b, c, d]) => Math.atan((b * c - 1 / (b * d)) / a)],
  };

  it.each(Object.keys(functions))("%s", (name) => {
    const [xOf, yOf] = functions[name];
    const x = Array.from({ length: 1_200 }, (_, row) => xOf(row));
    const y = x.map((own, row) => yOf(own, row));
    const sums = trained(gradientBoostingRegressor, x.slice(0, 200), y.slice(0, 200), { trees: 100, maxDepth: 4, minRows: 1 });
    const square = mean(x.slice(200).map((own, i) => (y[200 + i] - sums(own)[0]) ** 2));
    expect(square).toBeLessThan(referenceCase("sklearn-friedman").expected.mse_below[name]);
  });
});

describe("spark-gbt-ordered", () => {
  const x = Array.from({ length: 100 }, (_, row) => new Array<number>(10).fill(row));
  const y = x.map(([row]) => Number((row >= 10 && row < 50) || row >= 90));
  const { expected } = referenceCase("spark-gbt-ordered");
  const settings = [
    [1, 1],
    [0.1, 1],
    [0.5, 0.75],
    [0.1, 0.75],
  ].map(([learningRate, rowSample]) => ({ trees: 10, maxDepth: 2, minRows: 1, learningRate, rowSample }));

  it.each(settings)("squares: $learningRate, $rowSample", (params) => {
    const sums = trained(gradientBoostingRegressor, x, y, params);
    expect(mean(x.map((own, i) => (y[i] - sums(own)[0]) ** 2))).toBeLessThan(expected.squared_error_mse_max);
  });

  it.each(settings)("absolute: $learningRate, $rowSample", (params) => {
    const sums = trained(gradientBoostingRegressor, x, y, { ...params, loss: "absolute" });
    expect(mean(x.map((own, i) => Math.abs(y[i] - sums(own)[0])))).toBeLessThan(expected.absolute_error_mae_max);
  });

  it.each(settings)("two classes: $learningRate, $rowSample", (params) => {
    const sums = trained(gradientBoostingClassifier, x, y, params);
    expect(mean(x.map((own, i) => Number(y[i] === Number(sums(own)[0] > 0))))).toBeGreaterThan(expected.logloss_train_accuracy_min);
  });
});

describe("lightgbm-breast-cancer", () => {
  const { target, ...columns } = numbersOf("peers/sklearn-toy/breast_cancer.csv.gz");
  const x = target.map((_, row) => Object.values(columns).map((column) => column[row]));
  const { expected } = referenceCase("lightgbm-breast-cancer");
  const isTest = (row: number): boolean => row % 10 === 9;
  const rows = target.map((_, row) => row);

  /** Of the rows held out. */
  const logLoss = (learner: LearnerAny, params: object, probability: (sums: Float64Array) => number): number => {
    const own = rows.filter((row) => !isTest(row));
    const sums = trained(
      learner,
      own.map((row) => x[row]),
      own.map((row) => target[row]),
      params,
    );
    return mean(
      rows.filter(isTest).map((row) => {
        const p = probability(sums(x[row]));
        return -Math.log(Math.max(1e-15, target[row] === 1 ? p : 1 - p));
      }),
    );
  };

  it("boosting", () => {
    expect(logLoss(gradientBoostingClassifier, { trees: 50 }, ([z]) => 1 / (1 + Math.exp(-z)))).toBeLessThan(expected.logloss_below);
  });

  it("forest", () => {
    const numTrees = 50;
    expect(logLoss(randomForestClassifier, { numTrees }, ([sum]) => sum / numTrees)).toBeLessThan(expected.rf_logloss_below);
  });
});

/** The learners of the registry, each with a small table that suits it. */

import { hashRow } from "../../src/kernels/hash.ts";
import { learners } from "../../src/learners/registry.ts";
import { type MemoryTable, numberColumn } from "../helpers/memory-part.ts";
import type { Subject } from "./harness.ts";

/** Uniform in [0, 1), by row and stream. */
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
/** Nearly normal: mean 0, deviation 1. */
const bell = (row: number, stream: number): number =>
  2 * (uniform(row, stream) + uniform(row, stream + 1) + uniform(row, stream + 2) - 1.5);

function table(rows: number, label: (row: number, columns: readonly number[]) => number): MemoryTable {
  const all = Array.from({ length: rows }, (_, row) => row);
  const age = all.map((row) => 40 + 12 * bell(row, 10));
  const income = all.map((row) => 3_000 + 900 * bell(row, 20) + 20 * (age[row] - 40));
  const member = all.map((row) => (uniform(row, 30) < 0.3 ? "yes" : "no"));
  return {
    columns: { age, income, member },
    label: all.map((row) => label(row, [(age[row] - 40) / 12, (income[row] - 3_000) / 900, member[row] === "yes" ? 1 : 0])),
    // Some rows count for nothing, some twice.
    weight: all.map((row) => [0, 1, 1, 2, 0.5][row % 5]),
    fold: all.map((row) => Math.floor(3 * uniform(row, 40))),
  };
}

const member = { ...numberColumn("member"), name: "member=yes", take: { kind: "level", level: "yes" } } as const;
/** A standardised column, a scaled one and an indicator. */
const view = {
  columns: [{ ...numberColumn("age"), shift: 40, scale: 1 / 12 }, { ...numberColumn("income"), scale: 0.001 }, member],
  skipWhere: [],
};

/** Numbers as they are, missing or not, and an indicator. */
const treeView = {
  columns: [{ ...numberColumn("age"), keepsMissing: true }, { ...numberColumn("income"), keepsMissing: true }, member],
  skipWhere: [],
} as const;

const margin = ([age, income, isMember]: readonly number[]): number => 0.5 + 1.2 * age - 0.8 * income + 0.7 * isMember;

const least: Omit<Subject, "settings"> = {
  learner: learners.linearRegression,
  table: table(430, (row, columns) => 10 + 3 * margin(columns) + bell(row, 50)),
  view,
  classes: [],
  // Moments of other parts differ by the rounding of a few hundred sums; the problem is well conditioned.
  otherParts: 1e-11,
};

const logisticOfTwo: Omit<Subject, "settings"> = {
  learner: learners.logisticRegression,
  table: table(430, (row, columns) => (margin(columns) + 1.7 * bell(row, 50) > 0.6 ? 1 : 0)),
  view,
  classes: ["no", "yes"],
  // Both runs stop within 1e-10 of the optimal loss, hence within about its root of the optimal coefficients.
  otherParts: 1e-6,
};

const logisticOfThree: Omit<Subject, "settings"> = {
  ...logisticOfTwo,
  table: table(430, (row, columns) => Math.max(0, Math.min(2, Math.floor(1 + 0.7 * margin(columns) + 0.8 * bell(row, 50))))),
  classes: ["a", "b", "c"],
};

const boostedOfTwo: Omit<Subject, "settings"> = {
  learner: learners.gradientBoostingClassifier,
  table: table(430, (row, columns) => (margin(columns) + 1.7 * bell(row, 50) > 0.6 ? 1 : 0)),
  view: treeView,
  classes: ["no", "yes"],
  otherParts: 1e-9,
};

export const subjects: Readonly<Record<keyof typeof learners, readonly Subject[]>> = {
  linearRegression: [
    { ...least, settings: [{ regParam: 0.2, elasticNetParam: 0.6 }] },
    { ...least, isSlow: true, settings: [{}, { regParam: 0.3 }, { regParam: 0.1, convention: "spark", fitIntercept: false }] },
  ],
  logisticRegression: [
    { ...logisticOfTwo, settings: [{ regParam: 0.02, elasticNetParam: 0.7 }] },
    { ...logisticOfTwo, isSlow: true, settings: [{}, { regParam: 0.02 }, { fitIntercept: false, classWeight: "balanced" }] },
    { ...logisticOfThree, settings: [{ regParam: 0.02, elasticNetParam: 0.5 }] },
    { ...logisticOfThree, isSlow: true, settings: [{}] },
  ],
  gradientBoostingRegressor: [
    {
      learner: learners.gradientBoostingRegressor,
      isSlow: true,
      table: table(430, (row, columns) => 10 + 3 * margin(columns) + bell(row, 50)),
      view: treeView,
      classes: [],
      settings: [
        { trees: 2, maxLeaves: 10 },
        { trees: 2, maxDepth: 3, minRows: 5, l2: 1, maxBins: 31, loss: "absolute" },
        { trees: 2, maxLeaves: 6, minRows: 1, l1: 0.5, maxBins: 7, loss: "huber" },
        {
          trees: 2,
          maxLeaves: 8,
          maxBins: 31,
          rowSample: 0.6,
          colSample: 0.7,
          colSampleByNode: 0.5,
          monotone: { age: 1 },
          earlyStoppingRounds: 2,
        },
      ],
      // The mean of the labels is rounded in another order, and every gradient with it.
      otherParts: 1e-9,
    },
  ],
  gradientBoostingClassifier: [
    { ...boostedOfTwo, settings: [{ trees: 2, maxLeaves: 12 }] },
    { ...boostedOfTwo, isSlow: true, settings: [{ trees: 2, maxDepth: 3, minRows: 1, maxBins: 31, classWeight: "balanced" }] },
    {
      learner: learners.gradientBoostingClassifier,
      isSlow: true,
      table: table(430, (row, columns) => Math.max(0, Math.min(2, Math.floor(1 + 0.7 * margin(columns) + 0.8 * bell(row, 50))))),
      view: treeView,
      classes: ["a", "b", "c"],
      settings: [
        { trees: 2, maxLeaves: 4, maxBins: 31 },
        { trees: 1, maxLeaves: 8, maxBins: 31, minRows: 1, convention: "lightgbm" },
      ],
      otherParts: 1e-9,
    },
  ],
  randomForestRegressor: [
    {
      learner: learners.randomForestRegressor,
      isSlow: true,
      table: table(430, (row, columns) => 10 + 3 * margin(columns) + bell(row, 50)),
      view: treeView,
      classes: [],
      settings: [
        { numTrees: 4 },
        { numTrees: 3, maxDepth: 3, minInstancesPerNode: 5, bootstrap: false, subsamplingRate: 0.5, outOfBag: true },
      ],
      otherParts: 0,
    },
  ],
  randomForestClassifier: [
    {
      learner: learners.randomForestClassifier,
      isSlow: true,
      table: table(430, (row, columns) => (margin(columns) + 1.7 * bell(row, 50) > 0.6 ? 1 : 0)),
      view: treeView,
      classes: ["no", "yes"],
      settings: [
        { numTrees: 4, outOfBag: true },
        { numTrees: 3, maxDepth: 4, impurity: "entropy", featureSubsetStrategy: "all", minInfoGain: 0.01 },
      ],
      otherParts: 0,
    },
    {
      learner: learners.randomForestClassifier,
      table: table(430, (row, columns) => Math.max(0, Math.min(2, Math.floor(1 + 0.7 * margin(columns) + 0.8 * bell(row, 50))))),
      view: treeView,
      classes: ["a", "b", "c"],
      settings: [{ numTrees: 3, classWeight: "balanced", maxBins: 9 }],
      otherParts: 0,
    },
  ],
  decisionTreeRegressor: [
    {
      learner: learners.decisionTreeRegressor,
      table: table(430, (row, columns) => 10 + 3 * margin(columns) + bell(row, 50)),
      view: treeView,
      classes: [],
      settings: [{}, { maxDepth: 0 }],
      otherParts: 0,
    },
  ],
  decisionTreeClassifier: [
    {
      learner: learners.decisionTreeClassifier,
      table: table(430, (row, columns) => (margin(columns) + 1.7 * bell(row, 50) > 0.6 ? 1 : 0)),
      view: treeView,
      classes: ["no", "yes"],
      settings: [{}, { maxDepth: 20, minInstancesPerNode: 3 }],
      otherParts: 0,
    },
  ],
};

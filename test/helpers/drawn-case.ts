/**
 * A table and a tree learner with a combination of its options, all drawn by a seed: small tables of awkward columns, as errors in how
 * options meet hide from tests of one option at a time.
 */
import type { View, ViewColumn } from "../../src/features/view.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { heldBy } from "../../src/learners/boosting/draw.ts";
import { learnerParams } from "../../src/learners/params.ts";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import { type MemoryTable, numberColumn } from "./memory-part.ts";

export interface DrawnCase {
  readonly seed: number;
  readonly learner: LearnerAny;
  readonly table: MemoryTable;
  readonly view: View;
  readonly classes: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
}

interface Draws {
  uniform(): number;
  pick<T>(of: readonly T[]): T;
  chance(share: number): boolean;
}

type Options = Record<string, unknown>;
function drawsOf(seed: number): Draws {
  let drawn = 0;
  const uniform = (): number => hashRow(seed, drawn++) / 2 ** 32;
  return { uniform, pick: (of) => of[Math.floor(of.length * uniform())], chance: (share) => uniform() < share };
}

/** By kind, a value made of one that is uniform from -2 to 2. */
const numbers: Readonly<Record<string, (value: number, draws: Draws) => number>> = {
  plain: (value) => value,
  integers: (value) => Math.floor(20 * value),
  ties: (value) => Math.floor(value),
  constant: () => 0.1,
  wide: (value) => value ** 9 * 1e6,
  neighbours: (value) => 1 + Math.floor(value) * 2 ** -52,
  "zeros of both signs": (value, { chance, pick }) => (chance(0.8) ? pick([0, -0]) : value),
  infinite: (value, { chance, pick }) => (chance(0.05) ? pick([Infinity, -Infinity]) : value),
  missing: (value, { chance }) => (chance(0.2) ? Number.NaN : value),
};
const kinds = [...Object.keys(numbers), "plain", "missing", "categories", "categories"];

const weights: Readonly<Record<string, (draws: Draws) => number>> = {
  whole: ({ pick }) => pick([1, 2, 3]),
  broken: ({ uniform }) => 0.1 + 3 * uniform(),
  "none or one": ({ chance }) => (chance(0.15) ? 0 : 1),
  "none or whole": ({ chance, pick }) => (chance(0.15) ? 0 : pick([1, 2])),
  "none or broken": ({ chance, pick }) => (chance(0.15) ? 0 : pick([0.25, 0.75, 2.5])),
};

const names = [
  ...(["gradientBoostingRegressor", "gradientBoostingClassifier", "gradientBoostingRegressor", "gradientBoostingClassifier"] as const),
  ...(["randomForestRegressor", "randomForestClassifier", "decisionTreeRegressor", "decisionTreeClassifier"] as const),
  "randomForestClassifier" as const,
];

export function drawnCase(seed: number): DrawnCase {
  const draws = drawsOf(seed);
  const { uniform, pick, chance } = draws;
  const rows = pick([50, 90, 200, 400, 700, 1_300]);
  const score = new Float64Array(rows);
  const columns: Record<string, (number | string)[]> = {};
  const view = Array.from({ length: pick([1, 2, 3, 4, 5, 6]) }, (_, j): ViewColumn => {
    const [kind, amount, name] = [pick(kinds), pick([0, 1, 1, 2]), `c${j}`];
    if (kind === "categories") return addCategories(draws, columns, name, score, amount);
    columns[name] = Array.from(score, (_, i) => {
      const value = numbers[kind](4 * uniform() - 2, draws);
      const within = Number.isFinite(value) ? Math.max(-2, Math.min(2, value)) : 1;
      score[i] += amount * (j % 2 === 1 ? within : within * within);
      return value;
    });
    return { ...numberColumn(name), keepsMissing: true };
  });
  const noise = pick([0, 0.1, 1]);
  for (let i = 0; i < rows; i++) score[i] += noise * (uniform() - 0.5);
  const name = pick(names);
  const params: Options = { seed: Math.floor(2 ** 31 * uniform()) };
  if (chance(0.5)) params.maxBins = pick([2, 3, 5, 16, 64, 255]);
  const isClassifier = name.endsWith("Classifier");
  const classes = isClassifier ? ["a", "b", "c", "d", "e"].slice(0, pick([2, 2, 3, 5])) : [];
  let label = isClassifier ? classLabels(draws, score, classes.length) : numberLabels(draws, score);
  if (isClassifier && chance(0.6)) params.classWeight = chance(0.3) ? "balanced" : classFactors(draws, classes);
  if (name.startsWith("gradient")) addBoosting(draws, params);
  else addForest(draws, params, name);
  const ofWeights = pick([null, null, ...Object.values(weights)]);
  let weight = ofWeights === null ? null : label.map(() => ofWeights(draws));
  if (name === "gradientBoostingRegressor") {
    label = addLoss(draws, params, label);
    const held = heldBy(learnerParams.gradientBoostingRegressor.parse(params));
    if (held !== null && chance(0.5)) {
      // What is held out may be beyond all that is trained on.
      const isHeld = label.map((_, i) => hashRow(held.seed, i) < held.below);
      label = label.map((own, i) => (isHeld[i] ? own + Math.floor(1e6 * uniform()) : own));
      weight = label.map((_, i) => (weight?.[i] ?? 1) * (isHeld[i] ? 1 + 1e5 * uniform() : 1));
    }
  }
  const ordered = view.filter(({ take }) => take.kind === "number" && chance(0.6));
  // Losses whose leaves are found by quantiles take no order.
  if (name.startsWith("gradient") && chance(0.3) && params.loss !== "absolute" && params.loss !== "quantile")
    params.monotone = Object.fromEntries(ordered.map((own) => [own.name, pick([1, -1, 0])]));
  const table = { columns, label, ...(weight !== null && { weight }) };
  return { seed, learner: learners[name], table, view: { columns: view, skipWhere: [] }, classes, params };
}

/** Few categories or many, the last of which the view may not know, and values that are none. */
function addCategories({ uniform, pick, chance }: Draws, columns: Options, name: string, score: Float64Array, amount: number): ViewColumn {
  const levels = Array.from({ length: pick([2, 3, 5, 8, 30, 60]) }, (_, level) => `l${level}`);
  const salt = Math.floor(1e6 * uniform());
  const unknown = pick([0, 0, 0.1]);
  columns[name] = Array.from(score, (_, i) => {
    const level = Math.floor(levels.length * uniform() ** 1.5);
    score[i] += amount * (hashRow(salt, level) / 2 ** 32 - 0.5);
    return chance(unknown) ? "none" : levels[level];
  });
  const known = levels.slice(0, levels.length - pick([0, 0, 1]));
  return { ...numberColumn(name), take: { kind: "index", levels: known, other: null }, keepsMissing: true };
}

/** Classes of equal size, or of two rows but the first; the last may have no rows. */
function classLabels({ pick, chance }: Draws, score: Float64Array, classes: number): number[] {
  const sorted = Float64Array.from(score).sort();
  const [isRare, last] = [chance(0.5), classes - pick([1, 1, 1, 2])];
  const rowsUpTo = (k: number): number => (isRare ? score.length - 2 * (classes - k) : Math.floor((k * score.length) / classes));
  const bounds = Array.from({ length: classes - 1 }, (_, k) => sorted[rowsUpTo(k + 1) - 1]);
  return Array.from(score, (own) => Math.min(last, bounds.filter((bound) => own > bound).length));
}

/** Any, or 0 for all but the last: trees may draw no row that weighs anything, and a table may have none. */
function classFactors({ pick, chance }: Draws, classes: readonly string[]): Record<string, number> {
  const isLastAlone = chance(0.5);
  return Object.fromEntries(classes.map((own, k) => [own, isLastAlone ? Number(k === classes.length - 1) : pick([0, 0.1, 1, 2, 3])]));
}

function numberLabels({ pick, chance }: Draws, score: Float64Array): number[] {
  const [scale, shift] = [pick([1, 1, 100, 1e-6, 1e6]), pick([0, 0, 1e4])];
  const round = chance(0.2);
  if (chance(0.05)) return Array.from(score, () => 2);
  return Array.from(score, (own) => scale * (round ? Math.round(own + shift) : own + shift));
}

/** By option, how often it is there and its values. */
function addSome({ pick, chance }: Draws, params: Options, options: Readonly<Record<string, readonly [number, readonly unknown[]]>>): void {
  for (const [name, [share, values]] of Object.entries(options)) if (chance(share)) params[name] = pick(values);
}

function addBoosting(draws: Draws, params: Options): void {
  addSome(draws, params, {
    trees: [1, [1, 2, 5, 8]],
    learningRate: [0.5, [1, 0.3, 0.05]],
    maxLeaves: [0.6, [2, 3, 8, 31, 100]],
    maxDepth: [0.3, [1, 2, 4, 8]],
    minRows: [0.7, [1, 1, 2, 5]],
    minGain: [0.3, [0.1, 1]],
    minWeight: [0.3, [0, 0.1, 2]],
    l1: [0.3, [0.1, 1]],
    l2: [0.3, [0.1, 1]],
    rowSample: [0.3, [0.3, 0.7, 0.95]],
    colSample: [0.3, [0.3, 0.7]],
    colSampleByNode: [0.3, [0.3, 0.7]],
    convention: [0.35, ["lightgbm"]],
    earlyStoppingRounds: [0.35, [1, 2, 3]],
  });
  if (params.earlyStoppingRounds !== undefined) params.validationShare = draws.pick([0.1, 0.3, 0.6, 0.9]);
}

/** Labels that the loss can have. */
function addLoss(draws: Draws, params: Options, label: readonly number[]): number[] {
  params.loss = draws.pick(["squared", "squared", "absolute", "huber", "quantile", "poisson", "gamma"]);
  if (params.loss === "huber") params.huberDelta = draws.pick([0.1, 1, 10]);
  if (params.loss === "quantile") params.quantile = draws.pick([0.1, 0.5, 0.9]);
  if (params.loss !== "poisson" && params.loss !== "gamma") return [...label];
  const least = Math.min(...label);
  const wide = Math.max(...label) - least || 1;
  return label.map((own) => (params.loss === "gamma" ? 0.1 + (20 * (own - least)) / wide : Math.floor(1 + (20 * (own - least)) / wide)));
}

function addForest(draws: Draws, params: Options, name: string): void {
  addSome(draws, params, {
    maxDepth: [0.6, [0, 1, 3, 6, 12]],
    minInstancesPerNode: [0.4, [2, 5, 20]],
    minInfoGain: [0.3, [0.001, 0.01]],
    ...(name.endsWith("Classifier") && { impurity: [0.4, ["entropy"]] }),
    ...(name.startsWith("random") && {
      numTrees: [1, [1, 2, 5, 12]],
      featureSubsetStrategy: [0.5, ["all", "sqrt", "log2", "onethird", 0.5]],
      bootstrap: [0.4, [false]],
      subsamplingRate: [0.4, [0.3, 0.8]],
      outOfBag: [0.5, [true]],
    }),
  });
}

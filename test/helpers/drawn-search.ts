/** Searches drawn by a seed: learners, tables of awkward columns, feature stages, weights and folds, as sums meet in all of them. */
import { hashRow } from "../../src/kernels/hash.ts";
import type { LearnerName } from "../../src/learners/params.ts";
import type { Searched } from "./alone.ts";

interface Draws {
  uniform(): number;
  pick<T>(of: readonly T[]): T;
  chance(share: number): boolean;
}

function drawsOf(seed: number): Draws {
  let drawn = 0;
  const uniform = (): number => hashRow(seed, drawn++) / 2 ** 32;
  return { uniform, pick: (of) => of[Math.floor(of.length * uniform())], chance: (share) => uniform() < share };
}

/** By kind, a cell made of a number that is uniform from -1 to 1. */
const cells: Readonly<Record<string, (value: number, draws: Draws) => string>> = {
  plain: String,
  missing: (value, { chance }) => (chance(0.2) ? "" : String(value)),
  far: (value) => String(1e6 + value),
  integers: (value) => String(Math.floor(50 * value)),
  decimals: (value) => (100 * value).toFixed(2),
  wide: (value) => String(1e6 * value ** 9),
};

const names = [
  "linearRegression",
  "logisticRegression",
  "gradientBoostingRegressor",
  "gradientBoostingClassifier",
  "randomForestRegressor",
  "randomForestClassifier",
  "decisionTreeRegressor",
  "decisionTreeClassifier",
] as const satisfies readonly LearnerName[];

export function drawnSearch(seed: number): Searched & { readonly learner: LearnerName } {
  const draws = drawsOf(seed);
  const { uniform, pick, chance } = draws;
  const [rows, learner, classes] = [pick([200, 600, 1_500, 4_000]), names[seed % names.length], pick([2, 2, 3])];
  const kinds = Array.from({ length: pick([2, 3, 5]) }, () => pick(Object.keys(cells)));
  const [hasCategories, isWeighted] = [chance(0.6), chance(0.4)];
  const lines = Array.from({ length: rows }, () => {
    let score = 0;
    const numbers = kinds.map((kind) => {
      const value = 2 * uniform() - 1;
      score += value;
      return cells[kind](value, draws);
    });
    const category = pick(["red", "green", "blue", "black", ""]);
    score += (category === "red" ? 1 : 0) + 2 * uniform() - 1;
    const label = Math.min(classes - 1, Math.max(0, Math.floor(((score + 1.5) / 3) * classes)));
    return [...numbers, category, 10 + score, "abc"[label], pick(["1", "0.3", "2.7", "0.1"])].join();
  });
  const numbers = kinds.map((_, j) => `x${j}`);
  const isClassifier = learner.endsWith("Classifier") || learner === "logisticRegression";
  const { params, grid } = settingsOf(learner, isClassifier, draws);
  return {
    learner,
    header: [...numbers, "category", "y", "c", "w"].join(),
    lines,
    exclude: [isClassifier ? "y" : "c", ...(hasCategories ? [] : ["category"]), ...(isWeighted ? [] : ["w"])],
    seams: { partRows: pick([130, 700, 5_000]) },
    form: {
      label: isClassifier ? "c" : "y",
      ...(isWeighted && { weight: "w" }),
      features: chance(0.5) ? "auto" : stagesOf(numbers, hasCategories, draws),
      model: { [learner]: params },
      tune: { folds: pick([2, 3, 5]), grid },
    },
  };
}

function stagesOf(
  numbers: string[],
  hasCategories: boolean,
  { pick, chance }: Draws,
): Exclude<Searched["form"]["features"], string | undefined> {
  const categories = hasCategories ? ["category"] : [];
  return [
    { imputer: { inputs: numbers, strategy: pick(["mean", "mean", "median"] as const) } },
    ...(chance(0.4) ? [{ standardScaler: { inputs: numbers, withMean: true } }] : []),
    ...(chance(0.3) ? [{ minMaxScaler: { inputs: numbers } }] : []),
    ...(hasCategories
      ? [{ stringIndexer: { inputs: categories, handleInvalid: "keep" as const } }, { oneHotEncoder: { inputs: categories } }]
      : []),
    { vectorAssembler: { inputs: [...numbers, ...categories] } },
  ];
}

function settingsOf(
  learner: LearnerName,
  isClassifier: boolean,
  { pick, chance }: Draws,
): { readonly params: object; readonly grid: Record<string, number[]> } {
  const balanced = isClassifier && chance(0.4) ? { classWeight: "balanced" } : {};
  if (learner === "linearRegression") return { params: chance(0.3) ? { elasticNetParam: 0.5 } : {}, grid: { regParam: [0, 0.01, 0.1] } };
  if (learner === "logisticRegression")
    return { params: { ...balanced, elasticNetParam: pick([0, 0, 0.5]) }, grid: { regParam: [0, 0.01, 0.1] } };
  if (learner.startsWith("decision")) return { params: balanced, grid: { maxDepth: [2, 6] } };
  if (learner.startsWith("random")) return { params: { ...balanced, numTrees: 4, outOfBag: chance(0.3) }, grid: { maxDepth: [3, 8] } };
  const params = {
    ...balanced,
    trees: pick([3, 10]),
    minRows: pick([1, 20]),
    ...(chance(0.3) && { earlyStoppingRounds: 2, validationShare: 0.3 }),
    ...(chance(0.3) && { rowSample: 0.7 }),
    ...(chance(0.3) && { convention: "lightgbm" }),
    ...(!isClassifier && { loss: pick(["squared", "absolute", "huber", "quantile", "poisson", "gamma"]) }),
  };
  return { params, grid: { learningRate: [0.1, 0.4] } };
}

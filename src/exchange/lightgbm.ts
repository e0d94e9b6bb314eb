/**
 * LightGBM's text model (its `GBDT::SaveModelToString` and `Tree::ToString`, version 4): written so that LightGBM loads it, and read back.
 *
 * LightGBM has no start values: they are in the leaves of the first trees. A missing category goes right there: where ours goes left, the
 * children change places and the set of categories is that of the others. Counts are weights rounded to whole rows. The last line has the
 * values of the categories: its Python package gives a column of pandas' categories their places by it (`_data_from_pandas`).
 */
import { breadthFirst } from "../learners/trees/order.ts";
import type { Ensemble, Link, Tree } from "../learners/trees/tree.ts";
import { treesOrLeaves } from "./leaves.ts";

const CATEGORY = 1;
const MISSING_LEFT = 2;
/** NaN is a missing value, and 0 is not. */
const MISSING_NAN = 8;
/** LightGBM has no infinite thresholds. */
const LARGEST = 1e300;

const objectives: Readonly<Record<Exclude<Link, "mean">, string>> = {
  identity: "regression",
  logistic: "binary sigmoid:1",
  softmax: "multiclass",
  exp: "poisson",
};

/** By column the values of its categories, in their order; null for a number, and for categories that the data has as numbers from 0. */
export type Levels = readonly (readonly (string | number)[] | null)[];

/** `names` are those of the columns; `task` tells what a forest predicts. */
export function toLightgbm(
  ensemble: Ensemble,
  names: readonly string[],
  task: "regression" | "binary" | "multiclass",
  levels: Levels = names.map(() => null),
): string {
  const { outputs, lines, categories, link } = ensemble;
  const classes = lines * outputs;
  const trees = listed(ensemble).map(textOf);
  // Without an objective LightGBM leaves the shares of a forest as they are.
  const objective = link === "mean" ? (task === "regression" ? "regression" : null) : objectives[link];
  return [
    "tree",
    "version=v4",
    `num_class=${classes}`,
    `num_tree_per_iteration=${classes}`,
    "label_index=0",
    `max_feature_idx=${categories.length - 1}`,
    ...(objective === null ? [] : [`objective=${objective}${objective === "multiclass" ? ` num_class:${classes}` : ""}`]),
    ...(link === "mean" ? ["average_output"] : []),
    `feature_names=${plainNames(names).join(" ")}`,
    `feature_infos=${categories.map((count) => (count > 0 ? Array.from({ length: count }, (_, c) => c).join(":") : `[-${LARGEST}:${LARGEST}]`)).join(" ")}`,
    `tree_sizes=${trees.map((text, t) => `Tree=${t}\n${text}\n`.length).join(" ")}`,
    "",
    ...trees.map((text, t) => `Tree=${t}\n${text}`),
    "end of trees",
    "",
    "feature_importances:",
    "",
    "parameters:",
    "end of parameters",
    "",
    `pandas_categorical:${pandasText(categories, levels)}`,
    "",
  ].join("\n");
}

/** A list for each column of categories, or null where one has no values: LightGBM then takes what it gets for their places. */
function pandasText(categories: readonly number[], levels: Levels): string {
  const lists = levels.filter((_, j) => categories[j] > 0);
  return JSON.stringify(lists.includes(null) ? null : lists);
}

/** One tree for each class: LightGBM's leaves hold one number. */
function listed(ensemble: Ensemble): { tree: Tree; categories: readonly number[] }[] {
  const { outputs, lines, base, categories } = ensemble;
  return treesOrLeaves(ensemble).flatMap((tree, t) => {
    const ordered = breadthFirst(tree, outputs);
    const start = t < lines ? (base[t] ?? 0) : 0;
    return Array.from({ length: outputs }, (_, k) => ({
      tree: { ...ordered, value: Float64Array.from(ordered.column, (_, node) => start + ordered.value[node * outputs + k]) },
      categories,
    }));
  });
}

/** Names without blanks and what LightGBM refuses, each once. */
function plainNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[\s",:[\]{}]/g, "_") || "_";
    let own = plain;
    for (let n = 2; taken.has(own); n++) own = `${plain}_${n}`;
    taken.add(own);
    return own;
  });
}

function textOf({ tree, categories }: { tree: Tree; categories: readonly number[] }): string {
  const { column, threshold, missingLeft, left, right, firstWord, value, weight, hessian, gain } = tree;
  const nodes = [...column.keys()];
  const inner = nodes.filter((i) => column[i] >= 0);
  const leaves = nodes.filter((i) => column[i] < 0);
  const place = new Map([...inner.map((i, n) => [i, n] as const), ...leaves.map((i, n) => [i, -1 - n] as const)]);
  const boundaries = [0];
  const words: number[] = [];
  const swapped = (i: number): boolean => firstWord[i] >= 0 && missingLeft[i] === 1;
  const thresholds = inner.map((i) => {
    if (firstWord[i] < 0) return Math.max(-LARGEST, Math.min(LARGEST, threshold[i]));
    words.push(...leftWords(tree, i, categories[column[i]], swapped(i)));
    boundaries.push(words.length);
    return boundaries.length - 2;
  });
  const child = (side: Int32Array, other: Int32Array): (number | undefined)[] =>
    inner.map((i) => place.get((swapped(i) ? other : side)[i]));
  const byCategory = boundaries.length - 1;
  return [
    `num_leaves=${leaves.length}`,
    `num_cat=${byCategory}`,
    `split_feature=${inner.map((i) => column[i]).join(" ")}`,
    `split_gain=${inner.map((i) => gain[i]).join(" ")}`,
    `threshold=${thresholds.join(" ")}`,
    `decision_type=${inner.map((i) => MISSING_NAN + (firstWord[i] >= 0 ? CATEGORY : missingLeft[i] * MISSING_LEFT)).join(" ")}`,
    `left_child=${child(left, right).join(" ")}`,
    `right_child=${child(right, left).join(" ")}`,
    `leaf_value=${leaves.map((i) => value[i]).join(" ")}`,
    `leaf_weight=${leaves.map((i) => hessian[i]).join(" ")}`,
    `leaf_count=${leaves.map((i) => Math.round(weight[i])).join(" ")}`,
    `internal_value=${inner.map((i) => value[i]).join(" ")}`,
    `internal_weight=${inner.map((i) => hessian[i]).join(" ")}`,
    `internal_count=${inner.map((i) => Math.round(weight[i])).join(" ")}`,
    ...(byCategory > 0 ? [`cat_boundaries=${boundaries.join(" ")}`, `cat_threshold=${words.join(" ")}`] : []),
    "is_linear=0",
    "shrinkage=1",
    "",
    "",
  ].join("\n");
}

/** The categories that go to LightGBM's left child, as bits. */
function leftWords({ firstWord, wordCount, words }: Tree, node: number, categories: number, swapped: boolean): number[] {
  const own = Array.from(words.subarray(firstWord[node], firstWord[node] + wordCount[node]));
  if (!swapped) return own;
  const bits = new Uint32Array(Math.max(1, Math.ceil(Math.max(categories, 32 * own.length) / 32)));
  for (let c = 0; c < Math.max(categories, 32 * own.length); c++) {
    const isLeft = (((own[c >>> 5] ?? 0) >>> (c & 31)) & 1) === 1;
    if (!isLeft) bits[c >>> 5] |= 1 << (c & 31);
  }
  return Array.from(bits);
}

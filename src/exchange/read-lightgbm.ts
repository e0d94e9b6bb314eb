/** Reads LightGBM's text model; see lightgbm.ts for what is in it. InputError for what is none, or what no ensemble can hold. */
import type { Ensemble, Link, Tree } from "../learners/trees/tree.ts";
import { InputError } from "../ports/errors.ts";
import type { Levels } from "./lightgbm.ts";

export interface ReadModel {
  readonly ensemble: Ensemble;
  readonly names: readonly string[];
  /** As pandas had them. */
  readonly levels: Levels;
  readonly task: "regression" | "binary" | "multiclass";
  /** 1 for a number. */
  readonly classes: number;
}

type Fields = ReadonlyMap<string, string>;

const tasks: Readonly<Record<string, { readonly link: Link; readonly task: ReadModel["task"] }>> = {
  regression: { link: "identity", task: "regression" },
  regression_l1: { link: "identity", task: "regression" },
  huber: { link: "identity", task: "regression" },
  fair: { link: "identity", task: "regression" },
  quantile: { link: "identity", task: "regression" },
  mape: { link: "identity", task: "regression" },
  poisson: { link: "exp", task: "regression" },
  gamma: { link: "exp", task: "regression" },
  tweedie: { link: "exp", task: "regression" },
  binary: { link: "logistic", task: "binary" },
  multiclass: { link: "softmax", task: "multiclass" },
  shares: { link: "mean", task: "multiclass" },
};

export function readLightgbm(text: string): ReadModel {
  if (!/^tree\r?\n/.test(text)) throw new InputError('a LightGBM model must begin with a line "tree", got another file');
  const [head, ...rest] = text.split(/^Tree=\d+\r?$/m);
  const fields = fieldsOf(head);
  checkWhole(text, fields, rest.length);
  const averaged = /^average_output\r?$/m.test(head);
  const several = Number(fields.get("num_class") ?? 1) > 1;
  const objective = (fields.get("objective") ?? (averaged && several ? "shares" : "regression")).split(" ");
  const known = tasks[objective[0]];
  if (known === undefined || objective.includes("sqrt"))
    throw new InputError(`a LightGBM model must have an objective of ${Object.keys(tasks).join(", ")}, got ${objective.join(" ")}`);
  const sigmoid = objective.find((word) => word.startsWith("sigmoid:"));
  if (known.link === "logistic" && sigmoid !== undefined && Number(sigmoid.slice(8)) !== 1)
    throw new InputError(`a LightGBM model must have sigmoid:1, got ${sigmoid}`);
  const names = wordsOf(fields, "feature_names");
  const infos = (fields.get("feature_infos") ?? "").split(" ");
  const lines = Number(fields.get("num_tree_per_iteration") ?? 1);
  const trees = rest.map((tree, t) => treeOf(fieldsOf(tree.split(/^end of trees/m)[0]), t, names.length));
  // LightGBM's forests average margins before the link: the sum of trees that each count less.
  const share = averaged && known.link !== "identity" && known.link !== "mean" ? lines / Math.max(1, trees.length) : 1;
  return {
    ensemble: {
      trees: share === 1 ? trees : trees.map((tree) => ({ ...tree, value: tree.value.map((own) => share * own) })),
      outputs: 1,
      lines,
      base: Array(lines).fill(0),
      link: averaged && known.link === "identity" ? "mean" : known.link,
      categories: names.map((_, j) => categoriesOf(infos[j] ?? "none")),
    },
    names,
    levels: levelsOf(text, infos, names),
    task: known.task,
    classes: known.task === "regression" ? 1 : Math.max(2, Number(fields.get("num_class") ?? 2)),
  };
}

const wordsOf = (fields: Fields, name: string): string[] => (fields.get(name) ?? "").split(" ").filter((word) => word !== "");

/** InputError for a file without trees or columns, or one that breaks off. */
function checkWhole(text: string, head: Fields, trees: number): void {
  if (wordsOf(head, "feature_names").length === 0 || trees === 0)
    throw new InputError(`a LightGBM model must have columns (feature_names) and trees, got ${trees === 0 ? "no tree" : "no columns"}`);
  const told = wordsOf(head, "tree_sizes").length || trees;
  if (trees !== told || !/^end of trees/m.test(text))
    throw new InputError(
      `a LightGBM model must be whole, from "tree" to "end of trees", got ${trees} of ${told} trees and perhaps not all of the last`,
    );
}

const fieldsOf = (text: string): Fields =>
  new Map(
    text
      .split(/\r?\n/)
      .flatMap((line) => (line.includes("=") ? [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]] : [])),
  );

/** Categories are whole numbers with colons between them, -1 a missing one; numbers a range in brackets. */
const hasCategories = (info: string): boolean => /^-?\d+(:-?\d+)*$/.test(info);

const categoriesOf = (info: string): number => (hasCategories(info) ? 1 + Math.max(...info.split(":").map(Number)) : 0);

/** pandas' categories are listed column by column; a column of one category only has no other trace. */
function levelsOf(text: string, infos: readonly string[], names: readonly string[]): Levels {
  const listed = /^pandas_categorical:(.+)$/m.exec(text)?.[1].trim() ?? "null";
  const lists: (readonly (string | number)[])[] = listed === "null" ? [] : JSON.parse(listed);
  if (lists.length === 0) return names.map(() => null);
  const columns = names.flatMap((_, j) => (hasCategories(infos[j] ?? "none") ? [j] : []));
  if (columns.length !== lists.length)
    throw new InputError(
      `a LightGBM model must have a column in use for each list of categories of pandas, got ${lists.length} lists for ${columns.length} columns`,
    );
  return names.map((_, j) => (columns.includes(j) ? lists[columns.indexOf(j)] : null));
}

function treeOf(fields: Fields, t: number, columns: number): Tree {
  const list = (name: string): number[] => wordsOf(fields, name).map(Number);
  if (fields.get("is_linear") === "1") throw new InputError(`tree ${t} of a LightGBM model must have constant leaves, got linear ones`);
  const types = list("decision_type");
  const zero = types.find((type) => ((type >> 2) & 3) === 1);
  if (zero !== undefined) throw new InputError(`tree ${t} of a LightGBM model must not take zeros for missing values, got zero_as_missing`);
  const [splits, thresholds, lefts, rights] = [list("split_feature"), list("threshold"), list("left_child"), list("right_child")];
  const [leaves, boundaries] = [list("leaf_value"), list("cat_boundaries")];
  const inner = Number(fields.get("num_leaves")) - 1;
  checkTree(
    t,
    inner,
    { split_feature: splits, threshold: thresholds, decision_type: types, left_child: lefts, right_child: rights },
    leaves,
  );
  // Children of inner nodes come after them, so that every walk ends.
  const astray = [lefts, rights].flatMap((children) =>
    children.filter((child, i) => (child >= 0 ? child <= i || child >= inner : ~child > inner)),
  );
  if (astray.length > 0)
    throw new InputError(`tree ${t} of a LightGBM model must have children that come after their parents, got ${astray[0]}`);
  const alien = splits.find((column) => column >= columns);
  if (alien !== undefined)
    throw new InputError(`tree ${t} of a LightGBM model must split one of its ${columns} columns, got number ${alien}`);
  const place = (child: number): number => (child >= 0 ? child : inner - 1 - child);
  const both = (ofInner: number[], ofLeaves: number[]): Float64Array =>
    Float64Array.from({ length: inner + leaves.length }, (_, i) => (i < inner ? ofInner[i] : ofLeaves[i - inner]) ?? 0);
  const isCategory = (i: number): boolean => i < inner && (types[i] & 1) === 1;
  const nodes = [...Array(inner + leaves.length).keys()];
  return {
    column: Int32Array.from(nodes, (i) => splits[i] ?? -1),
    threshold: Float64Array.from(nodes, (i) => (i < inner && !isCategory(i) ? thresholds[i] : Number.NaN)),
    // Without a side for missing values they count as 0.
    missingLeft: Uint8Array.from(nodes, (i) =>
      i >= inner || isCategory(i) ? 0 : Number(((types[i] >> 2) & 3) === 2 ? (types[i] & 2) !== 0 : thresholds[i] >= 0),
    ),
    left: Int32Array.from(nodes, (i) => (i < inner ? place(lefts[i]) : -1)),
    right: Int32Array.from(nodes, (i) => (i < inner ? place(rights[i]) : -1)),
    firstWord: Int32Array.from(nodes, (i) => (isCategory(i) ? boundaries[thresholds[i]] : -1)),
    wordCount: Int32Array.from(nodes, (i) => (isCategory(i) ? boundaries[thresholds[i] + 1] - boundaries[thresholds[i]] : 0)),
    words: Uint32Array.from(list("cat_threshold")),
    value: both(list("internal_value"), leaves),
    weight: both(list("internal_count"), list("leaf_count")),
    hessian: both(list("internal_weight"), list("leaf_weight")),
    gain: both(list("split_gain"), []),
  };
}

/** InputError unless every inner node has its numbers and every leaf its value. */
function checkTree(t: number, inner: number, ofInner: Readonly<Record<string, readonly number[]>>, leaves: readonly number[]): void {
  for (const [name, found] of [...Object.entries(ofInner), ["leaf_value", leaves] as const]) {
    const wanted = name === "leaf_value" ? inner + 1 : inner;
    if (found.length !== wanted || found.some(Number.isNaN))
      throw new InputError(
        `tree ${t} of a LightGBM model must have ${wanted} numbers of ${name}, got ${found.filter((value) => !Number.isNaN(value)).length}`,
      );
  }
}

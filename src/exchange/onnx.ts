/**
 * An ensemble as an ONNX file: TreeEnsembleRegressor (ai.onnx.ml 3) adds up the trees in float64, and the operators of ONNX make the link.
 * Input `input`: float64, a row for each row and a column for each column of the view, NaN where missing, categories as whole numbers.
 * Output `prediction`: float32, the number, or a column for each class.
 *
 * A split by category is a chain of BRANCH_EQ: one node for each category that goes left, to the same child all of them, and the last of
 * them leads to the right one; onnxruntime knows such chains, as LightGBM's converter makes them. It also joins the chains of a node and of its
 * right child where it takes their left ones for equal, and of leaves it compares but the first output: a value of its own, which nothing else
 * reads, tells a leaf from all others.
 */

import { treesALine } from "../learners/trees/ensemble/walk.ts";
import { breadthFirst } from "../learners/trees/order.ts";
import type { Ensemble, Tree } from "../learners/trees/tree.ts";
import { treesOrLeaves } from "./leaves.ts";
import { bytes, type Field, int, ints, joined, message, text } from "./protobuf.ts";

const FLOAT = 1;
const DOUBLE = 11;
/** Kinds of attributes. */
const [STRING, TENSOR, INT, INTS, STRINGS] = [3, 4, 2, 7, 8];
const ML = "ai.onnx.ml";

export function toOnnx(ensemble: Ensemble, names: readonly string[], task: "regression" | "binary" | "multiclass"): Uint8Array {
  const nodes = [sumNode(ensemble), ...linkNodes(ensemble, task)];
  const outputs = task === "regression" ? 1 : task === "binary" ? 2 : ensemble.lines * ensemble.outputs;
  const graph = [
    ...nodes,
    text(2, "trees"),
    ...(task === "binary" ? [message(5, tensor("one", FLOAT, new Uint8Array(Float32Array.of(1).buffer), [1]))] : []),
    valueInfo(11, "input", DOUBLE, names.length),
    valueInfo(12, "prediction", FLOAT, outputs),
  ];
  return joined([
    int(1, 8),
    text(2, "steplearn"),
    message(7, graph),
    message(8, [text(1, ""), int(2, 17)]),
    message(8, [text(1, ML), int(2, 3)]),
  ]);
}

/** A node as ONNX lists them. */
interface Listed {
  readonly id: number;
  readonly tree: number;
  readonly mode: "LEAF" | "BRANCH_LEQ" | "BRANCH_EQ";
  readonly column: number;
  readonly value: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingTrue: number;
}

/** No category is this one. */
const NONE = -0.5;

/** The nodes of a tree under their own numbers, and those of chains under numbers after them. */
function listed(tree: Tree, t: number): Listed[] {
  const { column, threshold, missingLeft, left, right, firstWord } = tree;
  let next = column.length;
  return [...column.keys()].flatMap((node): Listed[] => {
    const own = { id: node, tree: t, column: Math.max(0, column[node]), missingTrue: missingLeft[node] };
    if (column[node] < 0) return [{ ...own, mode: "LEAF", value: node, whenTrue: 0, whenFalse: 0, missingTrue: 0 }];
    const ends = { whenTrue: left[node], whenFalse: right[node] };
    if (firstWord[node] < 0) return [{ ...own, mode: "BRANCH_LEQ", value: threshold[node], ...ends }];
    const members = leftCategories(tree, node);
    return members.map((value, i): Listed => {
      const id = i === 0 ? node : next++;
      return { ...own, id, mode: "BRANCH_EQ", value, whenTrue: ends.whenTrue, whenFalse: i === members.length - 1 ? ends.whenFalse : next };
    });
  });
}

/** At least one. */
function leftCategories({ firstWord, wordCount, words }: Tree, node: number): number[] {
  const found = Array.from({ length: 32 * wordCount[node] }, (_, c) => c).filter(
    (c) => ((words[firstWord[node] + (c >>> 5)] >>> (c & 31)) & 1) === 1,
  );
  return found.length === 0 ? [NONE] : found;
}

function sumNode(ensemble: Ensemble): Field {
  const { outputs, lines, base, link } = ensemble;
  const trees = treesOrLeaves(ensemble).map((tree) => breadthFirst(tree, outputs));
  const nodes = trees.flatMap(listed);
  const leaves = trees.flatMap((tree, t) =>
    [...tree.column.keys()].flatMap((node) =>
      tree.column[node] >= 0
        ? []
        : Array.from({ length: outputs }, (_, k) => ({
            t,
            node,
            target: (t % lines) * outputs + k,
            value: tree.value[node * outputs + k],
          })),
    ),
  );
  const share = link === "mean" ? 1 / treesALine(ensemble) : 1;
  const starts = Array.from({ length: lines * outputs }, (_, k) => base[k] ?? 0);
  return message(1, [
    text(1, "input"),
    text(2, link === "identity" || link === "mean" ? "sums" : "margins"),
    text(4, "TreeEnsembleRegressor"),
    text(7, ML),
    intAttribute("n_targets", lines * outputs),
    stringAttribute("post_transform", "NONE"),
    stringAttribute("aggregate_function", "SUM"),
    intsAttribute(
      "nodes_treeids",
      nodes.map(({ tree }) => tree),
    ),
    intsAttribute(
      "nodes_nodeids",
      nodes.map(({ id }) => id),
    ),
    intsAttribute(
      "nodes_featureids",
      nodes.map(({ column }) => column),
    ),
    stringsAttribute(
      "nodes_modes",
      nodes.map(({ mode }) => mode),
    ),
    doublesAttribute(
      "nodes_values_as_tensor",
      nodes.map(({ value }) => value),
    ),
    intsAttribute(
      "nodes_truenodeids",
      nodes.map(({ whenTrue }) => whenTrue),
    ),
    intsAttribute(
      "nodes_falsenodeids",
      nodes.map(({ whenFalse }) => whenFalse),
    ),
    intsAttribute(
      "nodes_missing_value_tracks_true",
      nodes.map(({ missingTrue }) => missingTrue),
    ),
    intsAttribute(
      "target_treeids",
      leaves.map(({ t }) => t),
    ),
    intsAttribute(
      "target_nodeids",
      leaves.map(({ node }) => node),
    ),
    intsAttribute(
      "target_ids",
      leaves.map(({ target }) => target),
    ),
    doublesAttribute(
      "target_weights_as_tensor",
      leaves.map(({ value }) => share * value),
    ),
    doublesAttribute("base_values_as_tensor", starts),
  ]);
}

function linkNodes({ link }: Ensemble, task: string): Field[] {
  const linked = { identity: null, mean: null, logistic: "Sigmoid", softmax: "Softmax", exp: "Exp" }[link];
  const from = linked === null ? "sums" : "linked";
  const apply = linked === null ? [] : [node(linked, ["margins"], "linked")];
  if (task !== "binary") return [...apply, node("Identity", [from], "prediction")];
  return [...apply, node("Sub", ["one", from], "other"), node("Concat", ["other", from], "prediction", [intAttribute("axis", 1)])];
}

const node = (operator: string, inputs: readonly string[], output: string, attributes: readonly Field[] = []): Field =>
  message(1, [...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...attributes]);

const attribute = (name: string, type: number, values: readonly Field[]): Field => message(5, [text(1, name), ...values, int(20, type)]);
const intAttribute = (name: string, value: number): Field => attribute(name, INT, [int(3, value)]);
const stringAttribute = (name: string, value: string): Field => attribute(name, STRING, [text(4, value)]);
const intsAttribute = (name: string, values: readonly number[]): Field => attribute(name, INTS, [ints(8, values)]);
const stringsAttribute = (name: string, values: readonly string[]): Field =>
  attribute(
    name,
    STRINGS,
    values.map((value) => text(9, value)),
  );
const doublesAttribute = (name: string, values: readonly number[]): Field =>
  attribute(name, TENSOR, [message(5, tensor(name, DOUBLE, new Uint8Array(Float64Array.from(values).buffer), [values.length]))]);

const tensor = (name: string, type: number, raw: Uint8Array, dims: readonly number[]): Field[] => [
  ...dims.map((size) => int(1, size)),
  int(2, type),
  text(8, name),
  bytes(9, raw),
];

/** So many columns, any number of rows. */
const valueInfo = (field: number, name: string, type: number, columns: number): Field => {
  const shape = [message(1, [text(2, "rows")]), message(1, [int(1, columns)])];
  return message(field, [text(1, name), message(2, [message(1, [int(1, type), message(2, shape)])])]);
};

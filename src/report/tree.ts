/** A tree in words, with the names of columns and levels. */
import { levelsOf } from "../features/view.ts";
import { unpackEnsemble } from "../learners/trees/ensemble/unpack.ts";
import type { Tree } from "../learners/trees/tree.ts";
import { ensembleOf } from "../model/ensemble.ts";
import type { ModelJson } from "../model/format.ts";
import { InputError } from "../ports/errors.ts";
import { figure, plural, printable } from "./text.ts";

/** Categories and classes that are named one by one. */
const MAX_NAMES = 6;

/** Tree `number` of the model, from 0. InputError for a model without trees, and for a number that none has. */
export function treeReport(model: ModelJson, number: number): string {
  const packed = ensembleOf(model);
  if (packed === undefined) throw new InputError(`a model must be one of trees to print a tree, got ${model.learner}`);
  const { trees, lines, outputs } = unpackEnsemble(packed);
  const tree = trees[number];
  if (tree === undefined) throw new InputError(`tree must be a number below ${trees.length}, got ${number}`);
  const of = lines > 1 ? ` of ${printable(model.label.classes[number % lines])}` : "";
  return [`tree ${number}${of}: ${plural(leavesOf(tree), "leaf", "leaves")}`, ...linesOf(tree, model, outputs)].join("\n");
}

const leavesOf = ({ column }: Tree): number => column.filter((j) => j < 0).length;

/** Without a call of its own for every node: leaf-wise trees may be as deep as they have leaves. */
function linesOf(tree: Tree, model: ModelJson, outputs: number): string[] {
  const sizeOf = sizesOf(tree);
  const lines: string[] = [];
  const waiting: { readonly node: number; readonly indent: string; readonly before?: string }[] = [{ node: 0, indent: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, indent, before } = next;
    if (before !== undefined) lines.push(before);
    if (tree.column[node] < 0) {
      lines.push(`${indent}${valueText(tree, model, outputs, node)}, ${sizeOf(node)}`);
      continue;
    }
    const { yes, no } = conditionOf(tree, model, node);
    waiting.push({ node: tree.right[node], indent: `${indent}  `, before: `${indent}${no}` });
    waiting.push({ node: tree.left[node], indent: `${indent}  `, before: `${indent}${yes}` });
  }
  return lines;
}

/** Rows that count by their weight, or that nobody counted, are no whole numbers. */
function sizesOf({ weight }: Tree): (node: number) => string {
  const areRows = weight.every(Number.isInteger);
  return (node) => (areRows ? plural(weight[node], "row") : `weight ${figure(weight[node])}`);
}

/** Of many classes those with the largest shares. */
function valueText({ value }: Tree, { label: { classes } }: ModelJson, outputs: number, node: number): string {
  if (outputs === 1) return figure(value[node]);
  const shareText = (k: number): string => `${printable(classes[k])} ${figure(value[node * outputs + k])}`;
  if (outputs <= MAX_NAMES) return classes.map((_, k) => shareText(k)).join(", ");
  const own = classes.flatMap((_, k) => (value[node * outputs + k] > 0 ? [k] : []));
  own.sort((a, b) => value[node * outputs + b] - value[node * outputs + a] || a - b);
  const most = own.slice(0, MAX_NAMES).map(shareText).join(", ");
  return own.length <= MAX_NAMES ? most : `${most} and ${own.length - MAX_NAMES} more`;
}

function conditionOf({ column, threshold, missingLeft, firstWord, wordCount, words }: Tree, { view }: ModelJson, node: number) {
  const tested = view.columns[column[node]];
  const [own, missing] = [printable(tested.name), missingLeft[node] === 1];
  const either = (left: string, right: string) => ({
    yes: `if ${left}${missing ? " or missing" : ""}`,
    no: `else (${right}${missing ? "" : " or missing"})`,
  });
  if (firstWord[node] < 0) {
    if (threshold[node] === Number.POSITIVE_INFINITY) return { yes: `if ${own} is there`, no: `else (${own} is missing)` };
    return either(`${own} <= ${threshold[node]}`, `${own} > ${threshold[node]}`);
  }
  const levels = levelsOf(tested) ?? Array.from({ length: 32 * wordCount[node] }, (_, c) => String(c));
  const isLeft = (c: number): boolean => ((words[firstWord[node] + (c >>> 5)] >>> (c & 31)) & 1) === 1;
  const named = (left: boolean): string => {
    const own = levels.filter((_, c) => isLeft(c) === left).map((level) => printable(level));
    return own.length <= MAX_NAMES ? own.join(", ") : `${own.slice(0, MAX_NAMES).join(", ")} and ${own.length - MAX_NAMES} more`;
  };
  return either(`${own} in ${named(true)}`, `${own} in ${named(false)}`);
}

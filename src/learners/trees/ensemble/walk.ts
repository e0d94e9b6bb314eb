/** One row down the trees, in plain loops: what the kernel must equal, and what the exported predictor runs. */
import type { Ensemble, Tree } from "../tree.ts";

/** Whether a value goes left at an inner node. Categories past the words, negative ones and those that are no category go right. */
export function goesLeft({ threshold, missingLeft, firstWord, wordCount, words }: Tree, node: number, value: number): boolean {
  if (Number.isNaN(value)) return missingLeft[node] === 1;
  if (firstWord[node] < 0) return value <= threshold[node];
  const category = Math.trunc(value);
  if (!(value >= 0 && value < 32 * wordCount[node])) return false;
  return ((words[firstWord[node] + (category >>> 5)] >>> (category & 31)) & 1) === 1;
}

/** The leaf where a row arrives; `row` holds a number by view column, NaN for a missing one. */
export function leafOf(tree: Tree, row: ArrayLike<number>): number {
  let node = 0;
  while (tree.column[node] >= 0) node = goesLeft(tree, node, row[tree.column[node]]) ? tree.left[node] : tree.right[node];
  return node;
}

/** Sums that an ensemble has for a row: one for each line of boosting, or for each output of a forest. */
export const slotsOf = ({ lines, outputs }: Pick<Ensemble, "lines" | "outputs">): number => lines * outputs;

/** Trees that the mean of a forest is over. */
export const treesALine = ({ trees, lines }: Ensemble): number => Math.max(1, trees.length / lines);

/** Base and leaf values of a row, added in the order of the trees, before the link. */
export function sumsOf({ trees, outputs, lines, base }: Ensemble, row: ArrayLike<number>): Float64Array {
  const sums = startSums({ outputs, lines, base });
  trees.forEach((tree, t) => {
    const leaf = leafOf(tree, row);
    const first = (t % lines) * outputs;
    for (let k = 0; k < outputs; k++) sums[first + k] += tree.value[leaf * outputs + k];
  });
  return sums;
}

export const startSums = ({ outputs, lines, base }: Pick<Ensemble, "outputs" | "lines" | "base">): Float64Array =>
  Float64Array.from({ length: lines * outputs }, (_, slot) => base[slot] ?? 0);

/** A forest judged by the trees that did not draw a row (Breiman 2001, 3.1): an honest figure at no further cost. */

import { leafFinder } from "../boosting/rebuild.ts";
import type { Cuts } from "../learner.ts";
import type { Tree } from "../trees/tree.ts";
import type { GatheredRows } from "./rows.ts";

/** Sums of predictions by row, `outputs` each, and of how many trees. */
export interface OutOfBag {
  readonly sums: Float64Array;
  readonly trees: Uint16Array;
}

export const startOutOfBag = (rows: number, outputs: number): OutOfBag => ({
  sums: new Float64Array(rows * outputs),
  trees: new Uint16Array(rows),
});

/** Adds a tree to the rows that it did not draw. */
export function addTree(
  { sums, trees }: OutOfBag,
  tree: Tree,
  rows: GatheredRows,
  weight: Float64Array,
  cuts: Cuts,
  outputs: number,
): void {
  const find = leafFinder(tree, cuts);
  for (let i = 0; i < trees.length; i++) {
    if (weight[i] > 0) continue;
    const leaf = find(rows.bins, i * rows.columns);
    for (let k = 0; k < outputs; k++) sums[i * outputs + k] += tree.value[leaf * outputs + k];
    trees[i]++;
  }
}

export interface OutOfBagScore {
  /** Rows that some tree did not draw. */
  readonly rows: number;
  /** Weighted share of right classes, or share of the variance that is explained. */
  readonly accuracy?: number;
  readonly r2?: number;
}

/** Labels are class numbers, or less `centre` numbers. */
export function scoreOf(
  { sums, trees }: OutOfBag,
  { label, weight }: GatheredRows,
  classes: number,
  threshold: number,
  centre: number,
): OutOfBagScore {
  const outputs = classes > 2 ? classes : 1;
  const judged = [...trees.keys()].filter((i) => trees[i] > 0);
  const all = judged.reduce((sum, i) => sum + weight[i], 0);
  if (classes > 0) {
    const right = judged.reduce((sum, i) => (classOf(sums, i, outputs, trees[i], threshold) === label[i] ? sum + weight[i] : sum), 0);
    return { rows: judged.length, accuracy: right / all };
  }
  const mean = judged.reduce((sum, i) => sum + weight[i] * label[i], 0) / all;
  let [missed, total] = [0, 0];
  for (const i of judged) {
    missed += weight[i] * square(sums[i] / trees[i] - centre - label[i]);
    total += weight[i] * square(label[i] - mean);
  }
  return { rows: judged.length, r2: 1 - missed / total };
}

function classOf(sums: Float64Array, row: number, outputs: number, trees: number, threshold: number): number {
  if (outputs === 1) return sums[row] / trees > threshold ? 1 : 0;
  let best = 0;
  for (let k = 1; k < outputs; k++) if (sums[row * outputs + k] > sums[row * outputs + best]) best = k;
  return best;
}

const square = (x: number): number => x * x;

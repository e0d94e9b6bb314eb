/** Leaves of ended trees by bins, for margins that have to be made again. */
import type { Cuts } from "../learner.ts";
import { goesLeftByBin } from "../trees/bin-tests.ts";
import type { Tree } from "../trees/tree.ts";

/** The leaf of the row of bins that begins at `row`. */
export function leafFinder(tree: Tree, cuts: Cuts): (bins: Uint8Array, row: number) => number {
  const goesLeft = goesLeftByBin(tree, cuts);
  const { column, left, right } = tree;
  return (bins, row) => {
    let node = 0;
    while (column[node] >= 0) node = goesLeft[256 * node + bins[row + column[node]]] === 1 ? left[node] : right[node];
    return node;
  };
}

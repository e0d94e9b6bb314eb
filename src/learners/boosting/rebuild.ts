/** Leaves of ended trees by bins, for margins that have to be made again. */
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins.ts";
import type { Tree } from "../trees/tree.ts";

/** The leaf of the row of bins that begins at `row`. */
export function leafFinder(tree: Tree, cuts: Cuts): (bins: Uint8Array, row: number) => number {
  const goesLeft = new Uint8Array(256 * tree.column.length);
  tree.column.forEach((column, node) => {
    if (column < 0) return;
    const own = cuts.columns[column];
    const missing = binsOf(own) - 1;
    const at = 256 * node;
    if (own.kind === "numbers") {
      // A threshold is one of the cuts, or above them all: every bin of numbers goes left.
      const place = own.cuts.indexOf(tree.threshold[node]);
      goesLeft.fill(1, at, at + (place < 0 ? missing : place + 1));
    } else {
      own.codes.forEach((bin, code) => {
        goesLeft[at + bin] = (tree.words[tree.firstWord[node] + (code >>> 5)] >>> (code & 31)) & 1;
      });
    }
    goesLeft[at + missing] = tree.missingLeft[node];
  });
  const { column, left, right } = tree;
  return (bins, row) => {
    let node = 0;
    while (column[node] >= 0) node = goesLeft[256 * node + bins[row + column[node]]] === 1 ? left[node] : right[node];
    return node;
  };
}

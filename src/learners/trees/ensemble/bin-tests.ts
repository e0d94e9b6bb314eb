/** Splits of a tree by bins. */
import type { Cuts } from "../../learner.ts";
import { binsOf } from "../bins/bins.ts";
import type { Tree } from "../tree.ts";

/** By node and bin, 256 a node: 1 goes left. The thresholds must be among the cuts. */
export function goesLeftByBin(tree: Tree, cuts: Cuts): Uint8Array {
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
  return goesLeft;
}

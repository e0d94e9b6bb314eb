/** Trees on rows of bins, for sums that have to be made again. */
import { float64, type Kernels, uint8 } from "../../../kernels/kernels.ts";
import type { BinnedRows, Cuts } from "../../learner.ts";
import { breadthFirst } from "../order.ts";
import type { Tree } from "../tree.ts";
import { goesLeftByBin } from "./bin-tests.ts";
import { placeBinned } from "./place-ranked.ts";
import { type Placings, placedFor } from "./placed.ts";
import { type Run, runsOf } from "./runs.ts";

/** Adds to the sums of rows from an address on. */
type AddBinned = (binned: BinnedRows, out: number) => void;

const placings: Placings<readonly AddBinned[]> = new WeakMap();

/** out[line * rows + i] += the values of row i in the trees of the line, one after another: tree t is of line t % lines, and has one output. */
export function addBinned(k: Kernels, trees: readonly Tree[], lines: number, cuts: Cuts, binned: BinnedRows, out: number): void {
  const mark = k.mark();
  for (const add of placedFor(placings, k, trees, () => placeTrees(k, trees, lines, cuts))) add(binned, out);
  k.release(mark);
}

const placeTrees = (k: Kernels, trees: readonly Tree[], lines: number, cuts: Cuts): AddBinned[] =>
  runsOf(trees.map((tree) => breadthFirst(tree, 1))).map((run) =>
    run.bytes === null
      ? (binned, out) => addSlowly(k, run, lines, cuts, binned, out)
      : placeBinned(k, run, run.bytes, { outputs: 1, lines }, cuts),
  );

function addSlowly(k: Kernels, { trees, first }: Run, lines: number, cuts: Cuts, { bins, columns, rows }: BinnedRows, out: number): void {
  trees.forEach((tree, t) => {
    const find = leafFinder(tree, cuts);
    const own = float64(k, out + 8 * rows * ((first + t) % lines), rows);
    const all = uint8(k, bins, rows * columns);
    for (let i = 0; i < rows; i++) own[i] += tree.value[find(all, i * columns)];
  });
}

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

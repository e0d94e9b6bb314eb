/** A run of trees in kernel memory as values are walked down them, whatever their splits; see assembly/trees.ts for how it lies there. */
import { float64, type Kernels, uint32 } from "../../../kernels/kernels.ts";
import { depthOf } from "../order.ts";
import type { Ensemble, Tree } from "../tree.ts";
import type { Adder } from "./place.ts";
import type { Run } from "./runs.ts";
import { slotsOf } from "./walk.ts";

/** Bytes of the rows that go down the trees together: half of a first-level cache, the other half for a tree. */
const TILE_BYTES = 16 * 1024;

/** The trees are numbered level by level. */
export function placeWhole(k: Kernels, { trees, first }: Run, { outputs, lines, categories }: Ensemble): Adder {
  const slots = slotsOf({ outputs, lines });
  const count = (of: (tree: Tree) => number): number => trees.reduce((sum, tree) => sum + of(tree), 0);
  const nodeCount = count(({ column }) => column.length);
  const words = k.claim(4 * count((tree) => tree.words.length));
  const nodes = k.claim(16 * nodeCount);
  const leafPlaces = k.claim(4 * nodeCount);
  const values = k.claim(8 * outputs * count(leavesOf));
  const table = k.claim(16 * trees.length);
  let [node, leaf, word] = [0, 0, 0];
  trees.forEach((tree, t) => {
    const n = tree.column.length;
    const header = uint32(k, table + 16 * t, 4);
    header.set([nodes + 16 * node, depthOf(tree), tree.words.length > 0 ? 1 : 0, ((first + t) % lines) * outputs]);
    uint32(k, words + 4 * word, tree.words.length).set(tree.words);
    const [thresholds, places] = [float64(k, nodes + 16 * node, 2 * n), uint32(k, nodes + 16 * node, 4 * n)];
    const [own, leafValues] = [uint32(k, leafPlaces + 4 * node, n), float64(k, values + 8 * outputs * leaf, outputs * leavesOf(tree))];
    let leaves = 0;
    for (let i = 0; i < n; i++) {
      const address = nodes + 16 * (node + i);
      if (tree.column[i] < 0) {
        thresholds[2 * i] = Number.POSITIVE_INFINITY;
        places[4 * i + 2] = 0;
        places[4 * i + 3] = address;
        own[i] = leaf + leaves;
        leafValues.set(tree.value.subarray(i * outputs, (i + 1) * outputs), leaves++ * outputs);
        continue;
      }
      const category = tree.firstWord[i] >= 0;
      if (category) places.set([words + 4 * (word + tree.firstWord[i]), tree.wordCount[i]], 4 * i);
      else thresholds[2 * i] = tree.threshold[i];
      places[4 * i + 2] = 8 * tree.column[i];
      places[4 * i + 3] = nodes + 16 * (node + tree.left[i]) + (1 - tree.missingLeft[i]) + (category ? 2 : 0);
    }
    node += n;
    leaf += leaves;
    word += tree.words.length;
  });
  const columns = Math.max(1, categories.length);
  const tileRows = Math.max(4, Math.min(64, 4 * Math.floor(TILE_BYTES / 32 / columns)));
  const tile = k.claim(8 * columns * tileRows);
  const sums = k.claim(8 * slots * tileRows);
  return ({ x, stride, rows }, out) => {
    k.addTrees(x, stride, rows, columns, table, trees.length, nodes, leafPlaces, values, outputs, slots, tile, tileRows, sums, out);
  };
}

const leavesOf = ({ column }: Tree): number => column.reduce((leaves, j) => leaves + (j < 0 ? 1 : 0), 0);

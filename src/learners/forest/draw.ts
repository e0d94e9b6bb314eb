/** Every random choice of a forest, by hash: of the row and the tree, or of the node's path, and so the same wherever a tree grows. */
import { hashRow } from "../../kernels/hash.ts";
import { exp } from "../../kernels/kernels.ts";

/** Seed of tree t. */
export const treeSeed = (seed: number, tree: number): number => hashRow(seed, tree);

/** Path of a child: a hash of its parent's. The root's is that of the tree. */
export const childPath = (path: number, side: 0 | 1): number => hashRow(path, 1 + side);

/**
 * A tree draws a row as often as there are bounds not above its hash: a Poisson number of that mean, as drawing with replacement from many
 * rows gives, or without `bootstrap` once for that share of the rows. The kernel `drawRows` reads the same bounds.
 */
export function drawBounds(rate: number, bootstrap: boolean): Uint32Array {
  if (!bootstrap) return Uint32Array.of(Math.min(2 ** 32 - 1, Math.floor((1 - rate) * 2 ** 32)));
  const bounds: number[] = [];
  for (let n = 0, share = exp(-rate), sum = share; sum * 2 ** 32 < 2 ** 32 - 1; n++, share *= rate / n, sum += share)
    bounds.push(Math.ceil(sum * 2 ** 32));
  return Uint32Array.from(bounds);
}

/** How often a tree of this seed draws a row of this number. */
export function drawer(bounds: Uint32Array): (tree: number, row: number) => number {
  return (tree, row) => {
    const hash = hashRow(tree, row);
    let draws = 0;
    while (draws < bounds.length && hash >= bounds[draws]) draws++;
    return draws;
  };
}

/** The first `count` columns in the order in which a node looks at them: a shuffle by the hash of its path. */
function columnOrder(path: number, columns: number, count: number): Uint16Array {
  const order = new Uint16Array(columns);
  for (let j = 0; j < columns; j++) order[j] = j;
  for (let j = 0; j < Math.min(count, columns - 1); j++) {
    const other = j + (hashRow(path, 3 + j) % (columns - j));
    [order[j], order[other]] = [order[other], order[j]];
  }
  return order;
}

/**
 * The columns that a node looks at after so many that did not split it: always `subset` of them, where fewer are left with some of those
 * before. As in scikit-learn a node looks on until a column splits it.
 */
export function columnsAt(path: number, columns: number, subset: number, looked: number): Uint16Array {
  const first = Math.min(looked, columns - subset);
  return columnOrder(path, columns, first + subset).subarray(first, first + subset);
}

export type FeatureSubset = "auto" | "all" | "sqrt" | "log2" | "onethird" | number;

/** What `auto` stands for. */
export const settledSubset = (strategy: FeatureSubset, classes: number, trees: number): Exclude<FeatureSubset, "auto"> =>
  strategy !== "auto" ? strategy : trees === 1 ? "all" : classes > 0 ? "sqrt" : "onethird";

/** Columns that a node looks at: Spark's names, or a share. */
export function subsetSize(strategy: FeatureSubset, columns: number, classes: number, trees: number): number {
  const wanted = settledSubset(strategy, classes, trees);
  const size =
    typeof wanted === "number"
      ? wanted * columns
      : { all: columns, sqrt: Math.sqrt(columns), log2: Math.ceil(Math.log2(Math.max(2, columns))), onethird: columns / 3 }[wanted];
  return Math.max(1, Math.min(columns, Math.ceil(size)));
}

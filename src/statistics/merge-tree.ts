/**
 * The one order in which statistics merge. Leaves are numbered from 0; node (level, i) merges (level - 1, 2i) with (level - 1, 2i + 1),
 * and a node whose right child lies wholly past the last leaf is its left child. So whoever merges, in whatever order the pieces
 * arrive, the same additions happen in the same order and the bytes are the same.
 *
 *     level 2   0───────────4       five leaves: 4 climbs unchanged and merges once, at the root
 *     level 1   0─────2     4
 *     level 0   0  1  2  3  4
 */

/** A node with all its leaves: [index * 2^level, (index + 1) * 2^level). */
interface Subtree<S> {
  readonly level: number;
  readonly index: number;
  readonly statistic: S;
}

/** The whole subtrees that cover a range of leaves, from left to right; no two of them are the two children of one node. */
export type Forest<S> = Subtree<S>[];

/** Adds `other` to `into`, which is changed; `other` is not. */
export type Merge<S> = (into: S, other: S) => void;

/** So that the leaves of every node count as int32. */
const MAX_TOTAL = 1 << 30;

const firstLeaf = (tree: Subtree<unknown>): number => tree.index * (1 << tree.level);
const endLeaf = (tree: Subtree<unknown>): number => (tree.index + 1) * (1 << tree.level);
const range = (first: number, end: number): string => (end - first === 1 ? `part ${first}` : `parts ${first} to ${end - 1}`);

/** A forest without leaves, for some of `total` leaves. */
export function startForest<S>(total: number): Forest<S> {
  checkTotal(total);
  return [];
}

/**
 * Adds the leaf to the right of those already there and merges whatever it completes, so that a forest of n leaves holds about
 * 2 log2(n) statistics at most (log2(n) + 1 where its first leaf is a multiple of a power of two >= n). Changes the forest and its
 * statistics; the leaf's own statistic belongs to the forest from here on.
 */
export function addLeaf<S>(forest: Forest<S>, leaf: number, statistic: S, merge: Merge<S>): void {
  const last = forest.at(-1);
  if (last !== undefined && endLeaf(last) !== leaf) {
    throw new Error(`leaves must be added in ascending order without a gap: part ${endLeaf(last)} is next, got part ${leaf}`);
  }
  graft(forest, { level: 0, index: leaf, statistic }, merge);
}

/**
 * Puts forests of different leaves together and merges what has become whole. For a group of tasks that sees some of the leaves.
 * Changes the statistics it is given. Leaves that occur twice: an error naming them.
 */
export function mergeForests<S>(forests: readonly Forest<S>[], merge: Merge<S>): Forest<S> {
  const trees = forests.flat().sort((a, b) => firstLeaf(a) - firstLeaf(b));
  const merged: Forest<S> = [];
  let end = 0;
  for (const tree of trees) {
    if (firstLeaf(tree) < end) throw new Error(`${range(firstLeaf(tree), Math.min(end, endLeaf(tree)))} must come once, got twice`);
    end = endLeaf(tree);
    graft(merged, tree, merge);
  }
  return merged;
}

/**
 * The statistic of all `total` leaves from forests that cover each of them once, in any order of arrival. Changes the statistics it is
 * given. Missing or doubled leaves, or leaves past `total`: an error naming them.
 */
export function joinForests<S>(forests: readonly Forest<S>[], total: number, merge: Merge<S>): S {
  checkTotal(total);
  const trees = mergeForests(forests, merge);
  let end = 0;
  for (const tree of trees) {
    if (firstLeaf(tree) > end) throw new Error(`${range(end, firstLeaf(tree))} must be there, got nothing`);
    end = endLeaf(tree);
  }
  if (end < total) throw new Error(`${range(end, total)} must be there, got nothing`);
  if (end > total) throw new Error(`there must be ${total} parts, got ${range(total, end)} besides`);
  // What covers [0, total) without siblings are the powers of two of `total`, largest first: each is the left child of a node
  // whose right child holds all that follow.
  return trees.reduceRight((right, left) => {
    merge(left.statistic, right.statistic);
    return left;
  }).statistic;
}

/** Appends a tree and merges siblings at the end of the forest for as long as there are two. */
function graft<S>(forest: Forest<S>, tree: Subtree<S>, merge: Merge<S>): void {
  let right = tree;
  for (let left = forest.at(-1); left !== undefined && areSiblings(left, right); left = forest.at(-1)) {
    forest.pop();
    merge(left.statistic, right.statistic);
    right = { level: left.level + 1, index: left.index / 2, statistic: left.statistic };
  }
  forest.push(right);
}

const areSiblings = (left: Subtree<unknown>, right: Subtree<unknown>): boolean =>
  left.level === right.level && left.index % 2 === 0 && right.index === left.index + 1;

function checkTotal(total: number): void {
  if (!Number.isInteger(total) || total < 1 || total > MAX_TOTAL) {
    throw new Error(`total must be an integer from 1 to ${MAX_TOTAL}, got ${total}`);
  }
}

/** One numbering of a tree's nodes for everybody: level by level, left before right, so that the right child follows the left. */
import type { Tree } from "./tree.ts";

/** The tree renumbered, its words in the order of its nodes. */
export function breadthFirst(tree: Tree, outputs: number): Tree {
  const n = tree.column.length;
  const order = new Int32Array(n);
  const left = new Int32Array(n).fill(-1);
  const right = new Int32Array(n).fill(-1);
  let end = Math.min(n, 1);
  for (let i = 0; i < end; i++) {
    const node = order[i];
    if (tree.column[node] < 0) continue;
    left[i] = end;
    right[i] = end + 1;
    order[end++] = tree.left[node];
    order[end++] = tree.right[node];
  }
  const own = order.subarray(0, end);
  const words = [...own].flatMap((node) => [...wordsOf(tree, node)]);
  const wordCount = Int32Array.from(own, (node) => wordsOf(tree, node).length);
  let filled = 0;
  const firstWord = wordCount.map((count, i) => {
    if (tree.firstWord[own[i]] < 0) return -1;
    filled += count;
    return filled - count;
  });
  const value = new Float64Array(end * outputs);
  own.forEach((node, i) => {
    value.set(tree.value.subarray(node * outputs, (node + 1) * outputs), i * outputs);
  });
  return {
    column: Int32Array.from(own, (node) => tree.column[node]),
    threshold: Float64Array.from(own, (node) => tree.threshold[node]),
    missingLeft: Uint8Array.from(own, (node) => tree.missingLeft[node]),
    left: left.slice(0, end),
    right: right.slice(0, end),
    firstWord,
    wordCount,
    words: Uint32Array.from(words),
    value,
    weight: Float64Array.from(own, (node) => tree.weight[node]),
    hessian: Float64Array.from(own, (node) => tree.hessian[node]),
    gain: Float64Array.from(own, (node) => tree.gain[node]),
  };
}

/** The bitset of a split by category; empty for one by number and at a leaf. */
export function wordsOf({ column, firstWord, wordCount, words }: Tree, node: number): Uint32Array {
  if (column[node] < 0 || firstWord[node] < 0) return words.subarray(0, 0);
  return words.subarray(firstWord[node], firstWord[node] + wordCount[node]);
}

/** Levels below the root: 0 for a single leaf. */
export function depthOf({ column, left, right }: Tree): number {
  const depth = new Int32Array(column.length);
  let deepest = 0;
  for (let node = 0; node < column.length; node++) {
    if (column[node] < 0) continue;
    depth[left[node]] = depth[right[node]] = depth[node] + 1;
    deepest = Math.max(deepest, depth[node] + 1);
  }
  return deepest;
}

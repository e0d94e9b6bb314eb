/** One numbering of a tree's nodes for everybody: level by level, left before right, so that the right child follows the left. */
import type { Tree } from "./tree.ts";

/** The tree renumbered, its words in the order of its nodes; itself where it is in that order. */
export function breadthFirst(tree: Tree, outputs: number): Tree {
  if (isOrdered(tree)) return tree;
  const n = tree.column.length;
  const order = new Int32Array(n);
  const [left, right] = [new Int32Array(n).fill(-1), new Int32Array(n).fill(-1)];
  let end = Math.min(n, 1);
  for (let i = 0; i < end; i++) {
    const node = order[i];
    if (tree.column[node] < 0) continue;
    left[i] = end;
    right[i] = end + 1;
    order[end++] = tree.left[node];
    order[end++] = tree.right[node];
  }
  const moved = {
    column: new Int32Array(end),
    threshold: new Float64Array(end),
    missingLeft: new Uint8Array(end),
    left: left.slice(0, end),
    right: right.slice(0, end),
    firstWord: new Int32Array(end).fill(-1),
    wordCount: new Int32Array(end),
    value: new Float64Array(end * outputs),
    weight: new Float64Array(end),
    hessian: new Float64Array(end),
    gain: new Float64Array(end),
  };
  const words: number[] = [];
  for (let i = 0; i < end; i++) {
    const node = order[i];
    moved.column[i] = tree.column[node];
    moved.threshold[i] = tree.threshold[node];
    moved.missingLeft[i] = tree.missingLeft[node];
    moved.weight[i] = tree.weight[node];
    moved.hessian[i] = tree.hessian[node];
    moved.gain[i] = tree.gain[node];
    for (let k = 0; k < outputs; k++) moved.value[i * outputs + k] = tree.value[node * outputs + k];
    if (tree.column[node] < 0 || tree.firstWord[node] < 0) continue;
    moved.firstWord[i] = words.length;
    moved.wordCount[i] = tree.wordCount[node];
    for (let w = 0; w < tree.wordCount[node]; w++) words.push(tree.words[tree.firstWord[node] + w]);
  }
  return { ...moved, words: Uint32Array.from(words) };
}

function isOrdered({ column, left, right, firstWord, wordCount }: Tree): boolean {
  let [next, word] = [1, 0];
  for (let i = 0; i < column.length; i++) {
    if (column[i] < 0) continue;
    if (left[i] !== next || right[i] !== next + 1) return false;
    next += 2;
    if (firstWord[i] < 0) continue;
    if (firstWord[i] !== word) return false;
    word += wordCount[i];
  }
  return next === column.length || column.length === 0;
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

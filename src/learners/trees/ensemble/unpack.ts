/**
 * The trees of a packed ensemble, wherever it is read. It holds what cannot be derived, little-endian: trees are numbered level by level, so
 * that children need no pointers, and in a forest an inner node has the mean of its children.
 *
 * In this order: nodes of each tree (uint32); flags of the whole (uint8, below); column of each node (uint16, 65535 a leaf); its flags (uint8:
 * 1 a missing value goes left, 2 a split by category); thresholds of splits by number (float64); words of each split by category (uint16)
 * and the words (uint32); gains of inner nodes (float32); weight of each node (float32 where that is exact, else float64); second
 * derivatives where they are not the weights (float64); values of each node (float64), or of a forest those of each leaf, and of several
 * outputs how many are not 0 (uint16), their outputs (uint16) and the values (float64).
 */
import type { Ensemble, Link, Tree } from "../tree.ts";

/** An ensemble within a model: plain JSON. */
export interface PackedEnsemble {
  readonly outputs: number;
  readonly lines: number;
  readonly base: readonly number[];
  readonly link: Link;
  readonly categories: readonly number[];
  /** How many. */
  readonly trees: number;
  /** Base64. */
  readonly nodes: string;
}

export const LEAF = 65_535;
/** Weights are float32. */
export const WHOLE_WEIGHTS = 1;
/** There are second derivatives. */
export const HESSIANS = 2;

export function unpackEnsemble({ trees, nodes, outputs, lines, base, link, categories }: PackedEnsemble): Ensemble {
  return { outputs, lines, base, link, categories, trees: readTrees(fromBase64(nodes), trees, outputs, link) };
}

function readTrees(bytes: Uint8Array, count: number, outputs: number, link: Link): Tree[] {
  const read = reader(bytes);
  const sizes = read(Uint32Array, count);
  const [whole] = read(Uint8Array, 1);
  const n = sum(sizes);
  const columns = read(Uint16Array, n);
  const flags = read(Uint8Array, n);
  const inner = columns.reduce((found, j) => found + (j === LEAF ? 0 : 1), 0);
  const byCategory = flags.reduce((found, flag) => found + (flag >> 1), 0);
  const thresholds = read(Float64Array, inner - byCategory);
  const wordCounts = read(Uint16Array, byCategory);
  const words = read(Uint32Array, sum(wordCounts));
  const gains = read(Float32Array, inner);
  const weights = (whole & WHOLE_WEIGHTS) !== 0 ? Float64Array.from(read(Float32Array, n)) : read(Float64Array, n);
  const hessians = (whole & HESSIANS) !== 0 ? read(Float64Array, n) : weights;
  const fill = link === "mean" ? readLeaves(read, outputs, n - inner) : readNodes(read(Float64Array, n * outputs), outputs);
  let [node, threshold, category, word, gain] = [0, 0, 0, 0, 0];
  return Array.from(sizes, (size) => {
    const tree = {
      column: new Int32Array(size).fill(-1),
      threshold: new Float64Array(size).fill(Number.NaN),
      missingLeft: new Uint8Array(size),
      left: new Int32Array(size).fill(-1),
      right: new Int32Array(size).fill(-1),
      firstWord: new Int32Array(size).fill(-1),
      wordCount: new Int32Array(size),
      value: new Float64Array(size * outputs),
      weight: weights.slice(node, node + size),
      hessian: hessians.slice(node, node + size),
      gain: new Float64Array(size),
    };
    const firstWord = word;
    let next = 1;
    for (let i = 0; i < size; i++, node++) {
      if (columns[node] === LEAF) continue;
      tree.column[i] = columns[node];
      tree.missingLeft[i] = flags[node] & 1;
      tree.left[i] = next++;
      tree.right[i] = next++;
      tree.gain[i] = gains[gain++];
      if ((flags[node] & 2) === 0) tree.threshold[i] = thresholds[threshold++];
      else {
        tree.firstWord[i] = word - firstWord;
        tree.wordCount[i] = wordCounts[category++];
        word += tree.wordCount[i];
      }
    }
    const unpacked = { ...tree, words: words.slice(firstWord, word) };
    fill(unpacked, node - size);
    return unpacked;
  });
}

/** Puts values into a tree whose first node has this number. */
type Fill = (tree: Tree, first: number) => void;

const readNodes =
  (values: Float64Array, outputs: number): Fill =>
  ({ value }, first) =>
    value.set(values.subarray(first * outputs, first * outputs + value.length));

function readLeaves(read: ReturnType<typeof reader>, outputs: number, leaves: number): Fill {
  const counts = outputs > 1 ? read(Uint16Array, leaves) : new Uint16Array(leaves).fill(1);
  const total = sum(counts);
  const places = outputs > 1 ? read(Uint16Array, total) : new Uint16Array(total);
  const values = read(Float64Array, total);
  let [leaf, at] = [0, 0];
  return (tree) => {
    const { column, left, right, weight, value } = tree;
    for (let i = 0; i < column.length; i++) {
      if (column[i] >= 0) continue;
      for (let own = counts[leaf++]; own > 0; own--, at++) value[i * outputs + places[at]] = values[at];
    }
    // Children come after their parents.
    for (let i = column.length - 1; i >= 0; i--) {
      if (column[i] < 0) continue;
      const [a, b] = [left[i], right[i]];
      const all = weight[a] + weight[b];
      for (let k = 0; all > 0 && k < outputs; k++)
        value[i * outputs + k] = (weight[a] * value[a * outputs + k] + weight[b] * value[b * outputs + k]) / all;
    }
  };
}

const sum = (values: Uint16Array | Uint32Array): number => {
  let all = 0;
  for (let i = 0; i < values.length; i++) all += values[i];
  return all;
};

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

/** Takes sections off the front of the bytes, as copies because they lie at any address. */
function reader(bytes: Uint8Array) {
  let at = 0;
  return <T extends Numbers>(type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number }, length: number): T => {
    const from = at;
    at += length * type.BYTES_PER_ELEMENT;
    return new type(bytes.slice(from, at).buffer as ArrayBuffer);
  };
}

/** Without what only some hosts have. */
function fromBase64(text: string): Uint8Array {
  const known = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array };
  if (known.fromBase64 !== undefined) return known.fromBase64(text);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

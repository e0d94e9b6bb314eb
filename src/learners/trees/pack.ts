/**
 * An ensemble as text for `model.json` and as bytes for `weights.bin`: what cannot be derived, little-endian. Trees are numbered level by
 * level, so that children need no pointers; of forests (several outputs) only the leaves' shares that are not 0 are kept, and an inner node
 * has the mean of its children.
 *
 * In this order: nodes of each tree (uint32); column of each node (uint16, 65535 a leaf); its flags (uint8: 1 a missing value goes left,
 * 2 a split by category); thresholds of splits by number (float64); words of each split by category (uint16) and the words (uint32); gains
 * of inner nodes (float64); weight and hessian of each node (float64); values: of each node (float64), or of each leaf how many are not 0
 * (uint16), their outputs (uint16) and the values (float64).
 */
import { breadthFirst } from "./order.ts";
import type { Ensemble, Link, Tree } from "./tree.ts";

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

const LEAF = 65_535;

export function packEnsemble(ensemble: Ensemble): PackedEnsemble {
  const { outputs, lines, base, link, categories, trees } = ensemble;
  return { outputs, lines, base, link, categories, trees: trees.length, nodes: toBase64(bytesOf(ensemble)) };
}

export function unpackEnsemble({ trees, nodes, ...ensemble }: PackedEnsemble): Ensemble {
  const { outputs, lines, base, link, categories } = ensemble;
  return { outputs, lines, base, link, categories, trees: readTrees(fromBase64(nodes), trees, outputs) };
}

/** What `weights.bin` holds. */
export const packedBytes = ({ nodes }: PackedEnsemble): Uint8Array => fromBase64(nodes);

function bytesOf({ trees, outputs }: Ensemble): Uint8Array {
  const ordered = trees.map((tree) => breadthFirst(tree, outputs));
  const all = <T>(of: (tree: Tree) => Iterable<T>): T[] => {
    const found: T[] = [];
    for (const tree of ordered) for (const value of of(tree)) found.push(value);
    return found;
  };
  const inner = (tree: Tree): number[] => [...tree.column.keys()].filter((i) => tree.column[i] >= 0);
  const leaves = (tree: Tree): number[] => [...tree.column.keys()].filter((i) => tree.column[i] < 0);
  const shares = all((tree) => leaves(tree).map((i) => sharesOf(tree.value.subarray(i * outputs, (i + 1) * outputs))));
  const values =
    outputs === 1
      ? [Float64Array.from(all(({ value }) => value))]
      : [
          Uint16Array.from(shares, ({ length }) => length),
          Uint16Array.from(shares.flatMap((own) => own.map(([k]) => k))),
          Float64Array.from(shares.flatMap((own) => own.map(([, value]) => value))),
        ];
  return joined([
    Uint32Array.from(ordered, ({ column }) => column.length),
    Uint16Array.from(all(({ column }) => column.map((j) => (j < 0 ? LEAF : j)))),
    Uint8Array.from(all((tree) => tree.missingLeft.map((left, i) => (tree.column[i] < 0 ? 0 : left + (tree.firstWord[i] >= 0 ? 2 : 0))))),
    Float64Array.from(all((tree) => inner(tree).flatMap((i) => (tree.firstWord[i] < 0 ? [tree.threshold[i]] : [])))),
    Uint16Array.from(all((tree) => inner(tree).flatMap((i) => (tree.firstWord[i] < 0 ? [] : [tree.wordCount[i]])))),
    Uint32Array.from(all(({ words }) => words)),
    Float64Array.from(all((tree) => inner(tree).map((i) => tree.gain[i]))),
    Float64Array.from(all(({ weight }) => weight)),
    Float64Array.from(all(({ hessian }) => hessian)),
    ...values,
  ]);
}

const sharesOf = (values: Float64Array): [k: number, value: number][] => [...values.entries()].filter(([, value]) => value !== 0);

function readTrees(bytes: Uint8Array, count: number, outputs: number): Tree[] {
  const read = reader(bytes);
  const sizes = read(Uint32Array, count);
  const n = sizes.reduce((sum, size) => sum + size, 0);
  const columns = read(Uint16Array, n);
  const flags = read(Uint8Array, n);
  const inner = columns.reduce((sum, j) => sum + (j === LEAF ? 0 : 1), 0);
  const byCategory = flags.reduce((sum, flag) => sum + (flag >> 1), 0);
  const thresholds = read(Float64Array, inner - byCategory);
  const wordCounts = read(Uint16Array, byCategory);
  const words = read(
    Uint32Array,
    wordCounts.reduce((sum, length) => sum + length, 0),
  );
  const gains = read(Float64Array, inner);
  const weights = read(Float64Array, n);
  const hessians = read(Float64Array, n);
  const values = outputs === 1 ? read(Float64Array, n) : null;
  const shareCounts = outputs === 1 ? new Uint16Array() : read(Uint16Array, n - inner);
  const shareCount = shareCounts.reduce((sum, length) => sum + length, 0);
  const shareOutputs = outputs === 1 ? new Uint16Array() : read(Uint16Array, shareCount);
  const shares = outputs === 1 ? new Float64Array() : read(Float64Array, shareCount);
  let [node, threshold, category, word, gain, leaf, share] = [0, 0, 0, 0, 0, 0, 0];
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
      if (columns[node] === LEAF) {
        for (let s = shareCounts[leaf++] ?? 0; s > 0; s--, share++) tree.value[i * outputs + shareOutputs[share]] = shares[share];
        continue;
      }
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
    const whole = { ...tree, words: words.slice(firstWord, word) };
    if (values !== null) whole.value.set(values.subarray(node - size, node));
    else fillInner(whole, outputs);
    return whole;
  });
}

/** Children come after their parents. */
function fillInner({ column, left, right, weight, value }: Tree, outputs: number): void {
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] < 0) continue;
    const [a, b] = [left[i], right[i]];
    for (let k = 0; k < outputs; k++)
      value[i * outputs + k] =
        (weight[a] * value[a * outputs + k] + weight[b] * value[b * outputs + k]) / Math.max(weight[a] + weight[b], Number.MIN_VALUE);
  }
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function joined(sections: readonly Numbers[]): Uint8Array {
  const bytes = new Uint8Array(sections.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Takes sections off the front of the bytes, as copies because they lie at any address. */
function reader(bytes: Uint8Array) {
  let at = 0;
  return <T extends Numbers>(type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number }, length: number): T => {
    const from = at;
    at += length * type.BYTES_PER_ELEMENT;
    return new type(bytes.slice(from, at).buffer as ArrayBuffer);
  };
}

/** Characters of one call, whose arguments lie on the stack; a multiple of 3, so that pieces join without padding. */
const PIECE = 24_576;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return text;
}

function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** An ensemble as text for `model.json` and as bytes for `weights.bin`; unpack.ts says what is in them. */
import { breadthFirst } from "../order.ts";
import type { Ensemble, Tree } from "../tree.ts";
import { HESSIANS, LEAF, type PackedEnsemble, WHOLE_WEIGHTS } from "./unpack.ts";

export function packEnsemble(ensemble: Ensemble): PackedEnsemble {
  const { outputs, lines, base, link, categories, trees } = ensemble;
  return { outputs, lines, base, link, categories, trees: trees.length, nodes: Buffer.from(bytesOf(ensemble)).toString("base64") };
}

/** What `weights.bin` holds. */
export const packedBytes = ({ nodes }: PackedEnsemble): Uint8Array => new Uint8Array(Buffer.from(nodes, "base64"));

function bytesOf({ trees, outputs, link }: Ensemble): Uint8Array {
  const ordered = trees.map((tree) => breadthFirst(tree, outputs));
  const n = ordered.reduce((sum, { column }) => sum + column.length, 0);
  const inner = ordered.reduce((sum, tree) => sum + innerOf(tree), 0);
  const byCategory = ordered.reduce((sum, { firstWord }) => sum + firstWord.reduce((own, word) => own + (word >= 0 ? 1 : 0), 0), 0);
  const [columns, flags] = [new Uint16Array(n), new Uint8Array(n)];
  const [thresholds, wordCounts, gains] = [new Float64Array(inner - byCategory), new Uint16Array(byCategory), new Float32Array(inner)];
  const into: Columns = { columns, flags, thresholds, wordCounts, gains, node: 0, threshold: 0, category: 0, gain: 0 };
  for (const tree of ordered) addTo(into, tree);
  const weights = gathered(ordered, n, ({ weight }) => weight);
  const hessians = gathered(ordered, n, ({ hessian }) => hessian);
  const whole = weights.every((weight) => Math.fround(weight) === weight);
  const own = hessians.some((hessian, i) => hessian !== weights[i]);
  return joined([
    Uint32Array.from(ordered, ({ column }) => column.length),
    Uint8Array.of((whole ? WHOLE_WEIGHTS : 0) + (own ? HESSIANS : 0)),
    columns,
    flags,
    thresholds,
    wordCounts,
    ...ordered.map(({ words }) => words),
    gains,
    whole ? Float32Array.from(weights) : weights,
    ...(own ? [hessians] : []),
    ...(link === "mean" ? leafValues(ordered, outputs, n - inner) : [gathered(ordered, n * outputs, ({ value }) => value)]),
  ]);
}

interface Columns {
  readonly columns: Uint16Array;
  readonly flags: Uint8Array;
  readonly thresholds: Float64Array;
  readonly wordCounts: Uint16Array;
  readonly gains: Float32Array;
  /** Places of the next node, and of the next of what only some have. */
  node: number;
  threshold: number;
  category: number;
  gain: number;
}

// A function of its own, as is `addLeaves`: within one loop over all trees it would be compiled anew for each of them.
function addTo(into: Columns, tree: Tree): void {
  for (let i = 0; i < tree.column.length; i++, into.node++) {
    into.columns[into.node] = tree.column[i] < 0 ? LEAF : tree.column[i];
    if (tree.column[i] < 0) continue;
    const numbers = tree.firstWord[i] < 0;
    into.flags[into.node] = tree.missingLeft[i] + (numbers ? 0 : 2);
    into.gains[into.gain++] = tree.gain[i];
    if (numbers) into.thresholds[into.threshold++] = tree.threshold[i];
    else into.wordCounts[into.category++] = tree.wordCount[i];
  }
}

const innerOf = ({ column }: Tree): number => column.reduce((sum, j) => sum + (j < 0 ? 0 : 1), 0);

function gathered(trees: readonly Tree[], n: number, of: (tree: Tree) => Float64Array): Float64Array {
  const all = new Float64Array(n);
  let at = 0;
  for (const tree of trees) {
    all.set(of(tree), at);
    at += of(tree).length;
  }
  return all;
}

/** Of several outputs those that are not 0. */
function leafValues(trees: readonly Tree[], outputs: number, leaves: number): Numbers[] {
  const into: Leaves = { counts: new Uint16Array(leaves), places: [], values: [], leaf: 0 };
  for (const tree of trees) addLeaves(into, tree, outputs);
  const values = Float64Array.from(into.values);
  return outputs === 1 ? [values] : [into.counts, Uint16Array.from(into.places), values];
}

interface Leaves {
  readonly counts: Uint16Array;
  readonly places: number[];
  readonly values: number[];
  leaf: number;
}

function addLeaves(into: Leaves, { column, value }: Tree, outputs: number): void {
  for (let i = 0; i < column.length; i++) {
    if (column[i] >= 0) continue;
    for (let k = 0; k < outputs; k++) {
      if (outputs > 1 && value[i * outputs + k] === 0) continue;
      into.counts[into.leaf]++;
      into.places.push(k);
      into.values.push(value[i * outputs + k]);
    }
    into.leaf++;
  }
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

function joined(sections: readonly Numbers[]): Uint8Array {
  const bytes = new Uint8Array(sections.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Trees of any shape for tests: nodes, splits and values by hash, weights and derivatives of children adding up to their parent's. */
import { hashRow } from "../../../../src/kernels/hash.ts";
import type { Ensemble, Link, Tree } from "../../../../src/learners/trees/tree.ts";

export interface Shape {
  readonly trees: number;
  readonly depth: number;
  /** By column: number of categories, 0 for a number in [0, 1). */
  readonly categories: readonly number[];
  readonly outputs?: number;
  readonly lines?: number;
  readonly base?: readonly number[];
  readonly link?: Link;
  /** Share of the nodes that are split. */
  readonly full?: number;
  readonly seed?: number;
}

export function grownEnsemble({
  trees,
  depth,
  categories,
  outputs = 1,
  lines = 1,
  base = Array(lines).fill(0.25),
  link = "identity",
  full = 0.8,
  seed = 1,
}: Shape): Ensemble {
  const grown = Array.from({ length: trees }, (_, t) => grownTree(depth, categories, outputs, full, seed + 100 * t));
  return { trees: grown, outputs, lines, base: link === "mean" ? [] : base, link, categories };
}

function grownTree(depth: number, categories: readonly number[], outputs: number, full: number, seed: number): Tree {
  const uniform = (node: number, stream: number): number => hashRow(seed + stream, node) / 2 ** 32;
  const nodes: { column: number; threshold: number; left: number; right: number; words: number[]; weight: number }[] = [];
  const grow = (level: number, weight: number): number => {
    const node = nodes.length;
    const column = Math.floor(uniform(node, 1) * categories.length);
    const split = level < depth && weight >= 2 && uniform(node, 2) < full;
    const category = categories[column] ?? 0;
    const words = split && category > 0 ? Array.from({ length: Math.ceil(category / 32) }, (_, w) => hashRow(seed + 3, 31 * node + w)) : [];
    nodes.push({
      column: split ? column : -1,
      threshold: split && category === 0 ? uniform(node, 4) : Number.NaN,
      left: -1,
      right: -1,
      words,
      weight,
    });
    if (split) {
      const own = 1 + Math.floor(uniform(node, 5) * (weight - 1));
      nodes[node].left = grow(level + 1, own);
      nodes[node].right = grow(level + 1, weight - own);
    }
    return node;
  };
  grow(0, 1_000);
  let filled = 0;
  const firstWord = nodes.map(({ words }) => {
    filled += words.length;
    return words.length === 0 ? -1 : filled - words.length;
  });
  return {
    column: Int32Array.from(nodes, ({ column }) => column),
    threshold: Float64Array.from(nodes, ({ threshold }) => threshold),
    missingLeft: Uint8Array.from(nodes, ({ column }, node) => (column >= 0 && uniform(node, 6) < 0.5 ? 1 : 0)),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    firstWord: Int32Array.from(firstWord),
    wordCount: Int32Array.from(nodes, ({ words }) => words.length),
    words: Uint32Array.from(nodes.flatMap(({ words }) => words)),
    value: Float64Array.from({ length: nodes.length * outputs }, (_, i) => uniform(i, 7) - 0.5),
    weight: Float64Array.from(nodes, ({ weight }) => weight),
    hessian: Float64Array.from(nodes, ({ weight }) => weight / 4),
    gain: Float64Array.from(nodes, ({ column }, node) => (column >= 0 ? Math.fround(uniform(node, 8)) : 0)),
  };
}

/** Rows that fit the ensemble, some values missing, some categories never seen. */
export function grownRows(rows: number, categories: readonly number[], missing = 0.1, seed = 7): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    categories.map((category, j) => {
      const u = hashRow(seed + 2 * j, i) / 2 ** 32;
      if (hashRow(seed + 2 * j + 1, i) / 2 ** 32 < missing) return Number.NaN;
      return category === 0 ? u : Math.floor(u * (category + 40));
    }),
  );
}

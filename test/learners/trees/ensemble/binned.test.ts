/** Trees on bins: the kernel against the leaves that are found row by row. */
import { expect, test } from "vitest";
import { hashRow } from "../../../../src/kernels/hash.ts";
import { float64, uint8, withKernels } from "../../../../src/kernels/kernels.ts";
import type { BinnedRows, ColumnCuts, Cuts } from "../../../../src/learners/learner.ts";
import { binsOf } from "../../../../src/learners/trees/bins/bins.ts";
import { addBinned, leafFinder } from "../../../../src/learners/trees/ensemble/binned.ts";
import type { Tree } from "../../../../src/learners/trees/tree.ts";
import { grownEnsemble } from "../../boosting/growing/grow.ts";

const numbers = (count: number): ColumnCuts => ({ kind: "numbers", cuts: Float64Array.from({ length: count }, (_, i) => i / count) });
/** Two categories a bin. */
const categories = (count: number): ColumnCuts => ({
  kind: "categories",
  codes: Uint8Array.from({ length: count }, (_, code) => code >> 1),
  bins: Math.ceil(count / 2),
});

/** As a tree grown from these cuts: thresholds are cuts, or above them all, and categories of a bin go together. */
function asGrown(tree: Tree, { columns }: Cuts): Tree {
  const words = tree.words.slice();
  const threshold = tree.threshold.map((value, node) => {
    const own = columns[tree.column[node]];
    if (own?.kind !== "numbers") return value;
    const place = Math.floor(value * (own.cuts.length + 1));
    return place === own.cuts.length ? Number.POSITIVE_INFINITY : own.cuts[place];
  });
  tree.firstWord.forEach((first, node) => {
    const own = columns[tree.column[node]];
    if (first < 0 || own.kind !== "categories") return;
    own.codes.forEach((bin, code) => {
      const bit = (words[first + ((2 * bin) >>> 5)] >>> ((2 * bin) & 31)) & 1;
      words[first + (code >>> 5)] = (words[first + (code >>> 5)] & ~(1 << (code & 31))) | (bit << (code & 31));
    });
    for (let code = own.codes.length; code < 32 * tree.wordCount[node]; code++) words[first + (code >>> 5)] &= ~(1 << (code & 31));
  });
  return { ...tree, threshold, words };
}

test.each([
  { name: "numbers", columns: [numbers(254), numbers(3), numbers(60)], shape: { trees: 40, depth: 6 }, lines: 1 },
  {
    name: "categories too, three lines",
    columns: [numbers(200), categories(31), categories(90)],
    shape: { trees: 30, depth: 5 },
    lines: 3,
  },
  { name: "more categories than a byte tells apart", columns: [numbers(9), categories(400)], shape: { trees: 6, depth: 4 }, lines: 1 },
])("sums of $name have the bits of the leaves found one by one", ({ columns, shape, lines }) => {
  const cuts: Cuts = { key: "", columns };
  const counts = columns.map((column) => (column.kind === "numbers" ? 0 : column.codes.length));
  const trees = grownEnsemble({ ...shape, categories: counts, full: 1 }).trees.map((tree) => asGrown(tree, cuts));
  const rows = 1_100;
  const bins = Uint8Array.from({ length: rows * columns.length }, (_, i) => hashRow(3, i) % binsOf(columns[i % columns.length]));
  withKernels((k) => {
    const binned: BinnedRows = { rows, columns: columns.length, bins: k.claim(bins.length), label: 0, weight: 0, index: 0 };
    const out = k.claim(8 * rows * lines);
    uint8(k, binned.bins, bins.length).set(bins);
    float64(k, out, rows * lines).fill(0.5);
    const expected = new Float64Array(rows * lines).fill(0.5);
    trees.forEach((tree, t) => {
      const find = leafFinder(tree, cuts);
      for (let i = 0; i < rows; i++) expected[(t % lines) * rows + i] += tree.value[find(bins, i * columns.length)];
    });
    addBinned(k, trees, lines, cuts, binned, out);
    expect(float64(k, out, rows * lines)).toEqual(expected);
  });
});

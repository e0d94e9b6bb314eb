/** The kernel of trees against one row at a time. */
import { expect, test } from "vitest";
import { float64, uint8, withKernels } from "../../src/kernels/kernels.ts";
import { placeEnsemble } from "../../src/learners/trees/ensemble/place.ts";
import { placeWhole } from "../../src/learners/trees/ensemble/place-whole.ts";
import { runsOf } from "../../src/learners/trees/ensemble/runs.ts";
import { slotsOf, startSums, sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { breadthFirst } from "../../src/learners/trees/order.ts";
import type { Ensemble } from "../../src/learners/trees/tree.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/boosting/growing/grow.ts";
import { placeBlock } from "./arena.ts";

const numbers = [0, 0, 0, 0, 0];
const mixed = [0, 5, 0, 40, 200];
const shapes: readonly (Shape & { readonly missing: number })[] = [
  { trees: 7, depth: 6, categories: numbers, full: 1, missing: 0 },
  { trees: 7, depth: 6, categories: numbers, missing: 0.2 },
  { trees: 6, depth: 5, categories: mixed, missing: 0.2, lines: 3, base: [1, 2, 3] },
  { trees: 5, depth: 20, categories: mixed, full: 0.95, missing: 0.05, outputs: 4, link: "mean" },
  { trees: 4, depth: 18, categories: numbers, full: 0.97, missing: 0.05 },
  { trees: 3, depth: 0, categories: [0], missing: 0 },
  { trees: 3, depth: 2, categories: Array(1_500).fill(0), missing: 0.01 },
];

function kernelSums(ensemble: Ensemble, rows: readonly (readonly number[])[], whole = false): Float64Array[] {
  const slots = slotsOf(ensemble);
  return withKernels((k) => {
    const trees = ensemble.trees.map((tree) => breadthFirst(tree, ensemble.outputs));
    const add = whole ? placeWhole(k, { trees, first: 0, bytes: null }, ensemble) : placeEnsemble(k, ensemble);
    const columns = ensemble.categories.map((_, j) => Float64Array.from(rows, (row) => row[j]));
    const { x, stride } = placeBlock(k, columns);
    const out = k.claim(8 * slots * stride);
    startSums(ensemble).forEach((value, slot) => {
      float64(k, out + 8 * slot * stride, rows.length).fill(value);
    });
    add({ rows: rows.length, stride, columns: columns.length, x, label: 0, weight: 0, index: 0 }, out);
    return rows.map((_, i) => Float64Array.from({ length: slots }, (_, s) => float64(k, out, slots * stride)[s * stride + i]));
  });
}

test.each(shapes.flatMap((shape) => [1, 3, 4, 63, 64, 65, 257].map((n) => ({ ...shape, n }))))(
  "$n rows down $trees trees of $depth levels, $outputs outputs, have the bits of the plain loop, as bytes and as values",
  ({ n, missing, ...shape }) => {
    const ensemble = grownEnsemble(shape);
    const rows = grownRows(n, shape.categories, missing);
    const expected = rows.map((row) => sumsOf(ensemble, row));
    expect(kernelSums(ensemble, rows)).toEqual(expected);
    expect(kernelSums(ensemble, rows, true)).toEqual(expected);
  },
);

test("an ensemble that is placed again, where it was or elsewhere, adds the same", () => {
  const ensemble = grownEnsemble({ trees: 6, depth: 5, categories: mixed, lines: 3, base: [1, 2, 3] });
  const rows = grownRows(65, mixed, 0.2);
  const expected = rows.map((row) => sumsOf(ensemble, row));
  const overwrite = (): void => withKernels((k) => void uint8(k, k.claim(2 ** 20), 2 ** 20).fill(0xff));
  for (let time = 0; time < 3; time++) {
    overwrite();
    expect(kernelSums(ensemble, rows)).toEqual(expected);
    overwrite();
    withKernels((k) => {
      k.claim(48);
      expect(kernelSums(ensemble, rows)).toEqual(expected);
    });
  }
});

/** Stumps, each with a threshold of its own. */
const stumps = (thresholds: readonly number[], missingLeft: (t: number) => number): Ensemble => {
  const [stump] = grownEnsemble({ trees: 1, depth: 1, categories: [0], full: 1 }).trees;
  const trees = thresholds.map((threshold, t) => ({
    ...stump,
    threshold: Float64Array.of(threshold, Number.NaN, Number.NaN),
    missingLeft: Uint8Array.of(missingLeft(t), 0, 0),
    value: Float64Array.of(0, 0, 2 ** (t % 50)),
  }));
  return { trees, outputs: 1, lines: 1, base: [0], link: "identity", categories: [0] };
};

const { MAX_VALUE, MIN_VALUE, POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: missing } = Number;
const extremes = [NEGATIVE_INFINITY, -MAX_VALUE, -1, -MIN_VALUE, -0, 0, MIN_VALUE, 1, 1 + Number.EPSILON, MAX_VALUE, POSITIVE_INFINITY];

test.each([
  { name: "of every size", thresholds: extremes },
  { name: "infinite only", thresholds: [NEGATIVE_INFINITY, POSITIVE_INFINITY] },
  { name: "of one value", thresholds: [0.1] },
  { name: "that differ in the last bit", thresholds: Array.from({ length: 200 }, (_, i) => 1 + i * Number.EPSILON) },
  { name: "far apart", thresholds: Array.from({ length: 250 }, (_, i) => 3 ** (i - 100)) },
])("values at and beside thresholds $name, and missing ones, go the way of the plain loop", ({ thresholds }) => {
  const ensemble = stumps(thresholds, (t) => (t % 3 === 0 ? 1 : 0));
  const beside = thresholds.flatMap((t) => [t, t * (1 + Number.EPSILON), t * (1 - Number.EPSILON), -t]);
  const rows = [...extremes, ...beside, missing].map((value) => [value]);
  expect(kernelSums(ensemble, rows)).toEqual(rows.map((row) => sumsOf(ensemble, row)));
});

test("thresholds and categories past a byte: trees begin another run, or are walked as values, with the same bits", () => {
  const many = stumps(
    Array.from({ length: 1_000 }, (_, i) => i / 1_000),
    () => 1,
  );
  expect(runsOf(many.trees).map(({ first, trees }) => [first, trees.length])).toEqual([
    [0, 254],
    [254, 254],
    [508, 254],
    [762, 238],
  ]);
  const wide = grownEnsemble({ trees: 9, depth: 3, categories: [0, 400], full: 1 });
  expect(runsOf(wide.trees).some(({ bytes }) => bytes === null)).toBe(true);
  const deep = grownEnsemble({ trees: 2, depth: 9, categories: [0], full: 1 });
  expect(runsOf(deep.trees)).toMatchObject([{ bytes: null }]);
  for (const ensemble of [many, wide, deep]) {
    const rows = grownRows(300, ensemble.categories, 0.1);
    expect(kernelSums(ensemble, rows)).toEqual(rows.map((row) => sumsOf(ensemble, row)));
  }
});

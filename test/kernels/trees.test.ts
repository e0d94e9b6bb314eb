/** The kernel of trees against one row at a time. */
import { expect, test } from "vitest";
import { float64, withKernels } from "../../src/kernels/kernels.ts";
import { placeEnsemble } from "../../src/learners/trees/place.ts";
import { slotsOf, sumsOf } from "../../src/learners/trees/walk.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/trees/grow.ts";
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

test.each(shapes.flatMap((shape) => [1, 3, 4, 63, 64, 65, 257].map((n) => ({ ...shape, n }))))(
  "$n rows down $trees trees of $depth levels, $outputs outputs, have the bits of the plain loop",
  ({ n, missing, ...shape }) => {
    const ensemble = grownEnsemble(shape);
    const rows = grownRows(n, shape.categories, missing);
    const slots = slotsOf(ensemble);
    const found = withKernels((k) => {
      const sum = placeEnsemble(k, ensemble);
      const { x, stride } = placeBlock(
        k,
        shape.categories.map((_, j) => Float64Array.from(rows, (row) => row[j])),
      );
      const out = k.claim(8 * slots * stride);
      sum({ rows: n, stride, columns: shape.categories.length, x, label: 0, weight: 0, index: 0 }, out);
      return rows.map((_, i) => Float64Array.from({ length: slots }, (_, s) => float64(k, out, slots * stride)[s * stride + i]));
    });
    expect(found).toEqual(rows.map((row) => sumsOf(ensemble, row)));
  },
);

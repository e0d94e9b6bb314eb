/** What onnxruntime itself makes of our files. */
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { toOnnx } from "../../src/exchange/onnx.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import type { Ensemble, Link } from "../../src/learners/trees/tree.ts";
import { sigmoid, softmax } from "../../src/model/probabilities.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/boosting/growing/grow.ts";

const categories = [0, 0, 0, 0];
const names = ["a", "b", "c", "d"];
const rows = grownRows(200, categories);

async function predicted(file: Uint8Array, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const session = await ort.InferenceSession.create(file);
  const input = new ort.Tensor("float64", Float64Array.from(rows.flat()), [rows.length, 4]);
  const { prediction } = await session.run({ input });
  const width = prediction.dims[1];
  const values = prediction.data as Float32Array;
  return rows.map((_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
}

const exponential = (sums: readonly number[]): number[] => sums.map((sum) => Math.E ** sum);

describe("toOnnx", () => {
  test.each<{ link: Link; task: "regression" | "binary" | "multiclass"; shape: Partial<Shape>; of: (sums: number[]) => readonly number[] }>(
    [
      { link: "identity", task: "regression", shape: {}, of: (sums) => sums },
      { link: "exp", task: "regression", shape: {}, of: exponential },
      { link: "logistic", task: "binary", shape: {}, of: ([sum]) => [1 - sigmoid(sum), sigmoid(sum)] },
      { link: "softmax", task: "multiclass", shape: { lines: 3, base: [0.1, 0.2, 0.3] }, of: softmax },
      { link: "mean", task: "multiclass", shape: { outputs: 3 }, of: (sums) => sums.map((sum) => sum / 30) },
      { link: "mean", task: "regression", shape: {}, of: ([sum]) => [sum / 30] },
    ],
  )("$task by $link: onnxruntime predicts the same to 1e-6, missing values too", async ({ link, task, shape, of }) => {
    const ensemble = grownEnsemble({ trees: 30, depth: 6, categories, link, ...shape });
    const found = await predicted(toOnnx(ensemble, names, task), rows);
    rows.forEach((row, i) => {
      of([...sumsOf(ensemble, row)]).forEach((expected, k) => {
        // The answer is float32: relative for exponentials.
        expect(Math.abs(found[i][k] - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-6);
      });
    });
  });

  test.each<{
    link: Link;
    task: "regression" | "binary" | "multiclass";
    base: number[];
    of: (sums: readonly number[]) => readonly number[];
  }>([
    { link: "identity", task: "regression", base: [0.25], of: (sums) => sums },
    { link: "exp", task: "regression", base: [0.25], of: exponential },
    { link: "logistic", task: "binary", base: [0.25], of: ([sum]) => [1 - sigmoid(sum), sigmoid(sum)] },
    { link: "softmax", task: "multiclass", base: [-1.1, -1.5, -0.8], of: softmax },
  ])("$task by $link without a tree, as where nothing could be split: the start value", async ({ link, task, base, of }) => {
    const ensemble = grownEnsemble({ trees: 0, depth: 1, categories, link, lines: base.length, base });
    const found = await predicted(toOnnx(ensemble, names, task), rows.slice(0, 2));
    for (const row of found) expect(of(base).every((expected, k) => Math.abs(row[k] - expected) < 1e-6)).toBe(true);
  });

  test.each([
    { name: "few categories", categories: [9, 0, 3, 0] },
    { name: "many categories", categories: [200, 0, 70, 33] },
    { name: "sets without a member", categories: [9, 0, 3, 0], none: true },
  ])(
    "splits by category, $name: as the plain loop, to 1e-6, with unknown and missing ones",
    async ({ categories: mixed, none = false }) => {
      const grown = grownEnsemble({ trees: 30, depth: 5, categories: mixed, full: 0.9 });
      const ensemble = none ? { ...grown, trees: grown.trees.map((tree) => ({ ...tree, words: tree.words.map(() => 0) })) } : grown;
      const own = grownRows(200, mixed, 0.15);
      const found = await predicted(toOnnx(ensemble, names, "regression"), own);
      expect(own.some((row) => row[0] >= mixed[0])).toBe(true);
      own.forEach((row, i) => {
        const [expected] = sumsOf(ensemble, row);
        expect(Math.abs(found[i][0] - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-6);
      });
    },
  );

  test("leaves that differ in other classes than the first stay apart below splits by the same category", async () => {
    const shares = [
      [0, 0.5, 0.5],
      [0, 1, 0],
      [0, 0.25, 0.75],
      [0, 0, 1],
      [0, 0.5, 0.5],
    ];
    const [tree] = grownEnsemble({ trees: 1, depth: 1, categories: [4, 0, 0, 0] }).trees;
    const chain = {
      ...tree,
      column: Int32Array.of(0, -1, 0, -1, -1),
      threshold: new Float64Array(5).fill(Number.NaN),
      missingLeft: new Uint8Array(5),
      left: Int32Array.of(1, -1, 3, -1, -1),
      right: Int32Array.of(2, -1, 4, -1, -1),
      firstWord: Int32Array.of(0, -1, 1, -1, -1),
      wordCount: Int32Array.of(1, 0, 1, 0, 0),
      words: Uint32Array.of(0b0010, 0b0100),
      value: Float64Array.from(shares.flat()),
      weight: new Float64Array(5).fill(1),
      hessian: new Float64Array(5).fill(1),
      gain: new Float64Array(5),
    };
    const ensemble: Ensemble = { trees: [chain], outputs: 3, lines: 1, base: [], link: "mean", categories: [4, 0, 0, 0] };
    const found = await predicted(
      toOnnx(ensemble, names, "multiclass"),
      [1, 2, 3].map((category) => [category, 0, 0, 0]),
    );
    expect(found).toEqual([shares[1], shares[3], shares[4]]);
  });

  test("infinite thresholds and values are as they are", async () => {
    const grown = grownEnsemble({ trees: 8, depth: 1, categories, full: 1 });
    const infinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, Number.MAX_VALUE];
    const trees = grown.trees.map((tree, t) => ({
      ...tree,
      threshold: Float64Array.of(infinite[t % 4], Number.NaN, Number.NaN),
      value: Float64Array.of(0, 0, 2 ** t),
    }));
    const own = [...infinite, -Number.MAX_VALUE, Number.NaN].map((value) => Array(4).fill(value));
    const found = await predicted(toOnnx({ ...grown, trees }, names, "regression"), own);
    expect(found.map(([value]) => value)).toEqual(own.map((row) => Math.fround(sumsOf({ ...grown, trees }, row)[0])));
  });
});

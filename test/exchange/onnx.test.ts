/** What onnxruntime itself makes of our files. */
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { toOnnx } from "../../src/exchange/onnx.ts";
import type { Link } from "../../src/learners/trees/tree.ts";
import { sumsOf } from "../../src/learners/trees/walk.ts";
import { sigmoid, softmax } from "../../src/model/probabilities.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/trees/grow.ts";

const categories = [0, 0, 0, 0];
const names = ["a", "b", "c", "d"];
const rows = grownRows(200, categories);

async function predicted(file: Uint8Array): Promise<number[][]> {
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
    const found = await predicted(toOnnx(ensemble, names, task));
    rows.forEach((row, i) => {
      of([...sumsOf(ensemble, row)]).forEach((expected, k) => {
        // The answer is float32: relative for exponentials.
        expect(Math.abs(found[i][k] - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-6);
      });
    });
  });

  test("refuses a split by category by the column's name", () => {
    const mixed = grownEnsemble({ trees: 3, depth: 4, categories: [9, 9], full: 1 });
    expect(() => toOnnx(mixed, ["colour", "colour"], "regression")).toThrow(/split by category of colour; encode it with oneHotEncoder/);
  });
});

import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import {
  accuracy,
  addToConfusion,
  allCells,
  type Confusion,
  classRates,
  emptyConfusion,
  mergeConfusion,
  mostConfused,
  predictedWeights,
  totalWeight,
  truthWeights,
} from "../../src/statistics/confusion.ts";

/** Rows are the true classes. */
function confusionOf(...rows: number[][]): Confusion {
  const confusion = emptyConfusion(rows.length);
  confusion.weight.set(rows.flat());
  return confusion;
}

describe("confusion", () => {
  it("adds up by truth and by prediction", () => {
    const confusion = confusionOf([1, 2], [4, 8]);
    expect(Array.from(truthWeights(confusion))).toEqual([3, 12]);
    expect(Array.from(predictedWeights(confusion))).toEqual([5, 10]);
    expect(accuracy(confusion)).toBe(9 / 15);
    const sum = emptyConfusion(2);
    mergeConfusion(sum, confusion);
    mergeConfusion(sum, confusion);
    expect(Array.from(allCells(sum))).toEqual([2, 4, 8, 16]);
  });

  it("gives the rates of each class against the rest", () => {
    const [, second] = classRates(confusionOf([1, 2], [4, 8]));
    expect(second).toEqual({ support: 12, precision: 0.8, recall: 8 / 12, f1: 16 / 22, falsePositiveRate: 2 / 3 });
  });

  it("says null where nothing could be right or wrong, and 0 for the precision of a class that is never predicted", () => {
    const [present, absent] = classRates(confusionOf([3, 0], [0, 0]));
    expect(present).toEqual({ support: 3, precision: 1, recall: 1, f1: 1, falsePositiveRate: null });
    expect(absent).toEqual({ support: 0, precision: null, recall: null, f1: null, falsePositiveRate: 0 });
    const [missed] = classRates(confusionOf([0, 3], [0, 2]));
    expect(missed).toEqual({ support: 3, precision: 0, recall: 0, f1: 0, falsePositiveRate: 0 });
    expect(accuracy(emptyConfusion(3))).toBeNull();
  });

  it("tells the pairs of classes that are confused most", () => {
    const confusion = confusionOf([9, 1, 2], [2, 9, 0], [0, 5, 9]);
    expect(mostConfused(confusion, 3)).toEqual([
      { truth: 2, predicted: 1, weight: 5 },
      { truth: 0, predicted: 2, weight: 2 },
      { truth: 1, predicted: 0, weight: 2 },
    ]);
    expect(mostConfused(confusion, 100)).toHaveLength(4);
  });
});

/** Below and above the number of classes of which all cells are kept. */
describe.each([3, 64, 65, 5_000])("confusion of %i classes", (classes) => {
  const rows = 3_000;
  const classOf = (seed: number, row: number): number => hashRow(seed, row) % Math.min(classes, 40 + (row % classes));
  const truth = Float64Array.from({ length: rows }, (_, row) => classOf(1, row));
  const predicted = Uint32Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? truth[row] : classOf(2, row)));
  // No sums of these are exact, and every fifth row weighs nothing.
  const weights = Float64Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 0 : hashRow(3, row) / 1e9));

  const added = (from: number, to: number, tile: number): Confusion => {
    const confusion = emptyConfusion(classes);
    for (let first = from; first < to; first += tile) {
      const end = Math.min(to, first + tile);
      addToConfusion(confusion, truth.subarray(first, end), predicted.subarray(first, end), weights.subarray(first, end));
    }
    return confusion;
  };

  it("holds what adding row by row to a matrix gives, bit for bit", () => {
    const sums = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const cell = truth[row] * classes + predicted[row];
      if (weights[row] > 0) sums.set(cell, (sums.get(cell) ?? 0) + weights[row]);
    }
    const expected = [...sums].sort(([a], [b]) => a - b);
    const { cells, weight } = added(0, rows, rows);
    const found = Array.from(cells, (cell, i) => [cell, weight[i]]);
    expect(found.filter(([, own]) => own > 0)).toEqual(expected);
    expect(found).toHaveLength(classes > 64 ? expected.length : classes * classes);
  });

  it("does not depend on how many rows are added at a time", () => {
    const whole = added(0, rows, rows);
    expect(added(0, rows, 1)).toEqual(whole);
    expect(added(0, rows, 512)).toEqual(whole);
  });

  it("merges to the same in any order where weights are whole numbers", () => {
    for (let row = 0; row < rows; row++) weights[row] = row % 4;
    const whole = added(0, rows, rows);
    const parts = [added(0, 700, 700), added(700, 701, 1), added(701, rows, 512)];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const sum = emptyConfusion(classes);
      for (const part of order) mergeConfusion(sum, parts[part]);
      expect(sum).toEqual(whole);
    }
    expect(totalWeight(whole)).toBe(truthWeights(whole).reduce((a, b) => a + b));
    expect(totalWeight(whole)).toBe(predictedWeights(whole).reduce((a, b) => a + b));
    const right = truth.reduce((sum, label, row) => (label === predicted[row] ? sum + weights[row] : sum), 0);
    expect(accuracy(whole)).toBe(right / totalWeight(whole));
  });
});

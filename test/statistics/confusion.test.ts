import { describe, expect, it } from "vitest";
import {
  accuracy,
  type Confusion,
  classRates,
  emptyConfusion,
  mergeConfusion,
  predictedWeights,
  truthWeights,
} from "../../src/statistics/confusion.ts";

/** Rows are the true classes. */
const confusionOf = (...rows: number[][]): Confusion => ({ classes: rows.length, weight: Float64Array.from(rows.flat()) });

describe("confusion", () => {
  it("adds up by truth and by prediction", () => {
    const confusion = confusionOf([1, 2], [4, 8]);
    expect(Array.from(truthWeights(confusion))).toEqual([3, 12]);
    expect(Array.from(predictedWeights(confusion))).toEqual([5, 10]);
    expect(accuracy(confusion)).toBe(9 / 15);
    const sum = emptyConfusion(2);
    mergeConfusion(sum, confusion);
    mergeConfusion(sum, confusion);
    expect(Array.from(sum.weight)).toEqual([2, 4, 8, 16]);
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
});

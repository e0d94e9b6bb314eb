import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addResiduals, emptyResiduals, mergeResiduals, type Residuals } from "../../src/statistics/residuals.ts";

function residualsOf(predictions: number[], labels: number[], weights: number[], baseline = 0): Residuals {
  const sums = emptyResiduals();
  addResiduals(sums, Float64Array.from(predictions), Float64Array.from(labels), Float64Array.from(weights), baseline);
  return sums;
}

describe("residuals", () => {
  it("adds up by hand", () => {
    // Errors 1, -2; label mean (1 * 3 + 3 * 1) / 4 = 1.5, squares 3 * 0.25 + 2.25 = 3; prediction mean 5 / 4, squares 75 / 4 - ….
    expect(residualsOf([0, 5], [1, 3], [3, 1], 2)).toEqual({
      weight: 4,
      squared: 3 * 1 + 4,
      absolute: 3 * 1 + 2,
      baselineAbsolute: 3 * 1 + 1,
      label: { mean: 1.5, squares: 3 },
      prediction: { mean: 1.25, squares: 3 * 1.25 * 1.25 + 3.75 * 3.75 },
      // 3 x 1 - 1 x 2 over 4.
      error: { mean: 0.25, squares: 3 * 0.75 * 0.75 + 2.25 * 2.25 },
    });
  });

  it("ignores rows of weight 0 and empty blocks", () => {
    const sums = residualsOf([1, 2], [3, 5], [1, 2]);
    const before = structuredClone(sums);
    addResiduals(sums, Float64Array.of(7), Float64Array.of(8), Float64Array.of(0), 0);
    mergeResiduals(sums, emptyResiduals());
    addResiduals(sums, new Float64Array(0), new Float64Array(0), new Float64Array(0), 0);
    expect(sums).toEqual(before);
  });

  it("finds no spread in labels that are all the same, whatever they weigh", () => {
    const weights = [0, 1.9, 2.6, 3.2, 0.5, 0.2];
    const sums = residualsOf([1, 1, 2, 3, 5, 8], [9, 3.1, 3.1, 3.1, 3.1, 3.1], weights);
    expect(sums.label).toEqual({ mean: 3.1, squares: 0 });
  });

  it("is the same in blocks, also far from zero", () => {
    const row = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
    );
    const property = fc.property(
      fc.array(row, { minLength: 2, maxLength: 40 }),
      fc.nat(40),
      fc.constantFrom(0, 1e6),
      (rows, cut, offset) => {
        const of = (part: typeof rows) =>
          residualsOf(
            part.map(([p]) => p + offset),
            part.map(([, y]) => y + offset),
            part.map(([, , w]) => w),
          );
        const whole = of(rows);
        const merged = of(rows.slice(0, cut));
        mergeResiduals(merged, of(rows.slice(cut)));
        // A mean near 1e6 is known to 1e-10, and squares hold some 1e2 of deviations of 1 at most.
        expect(merged.label.mean).toBeCloseTo(whole.label.mean, 8);
        expect(merged.label.squares).toBeCloseTo(whole.label.squares, 7);
        expect(merged.prediction.squares).toBeCloseTo(whole.prediction.squares, 7);
        expect(merged.squared).toBeCloseTo(whole.squared, 7);
      },
    );
    fc.assert(property, { seed: 2, numRuns: 200 });
  });
});

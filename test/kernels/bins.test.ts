import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { place, uint32, withKernels } from "../../src/kernels/kernels.ts";
import { placeUint32 } from "./arena.ts";

function binsOf(scores: readonly number[], knots: readonly number[], each: number): number[] {
  return withKernels((k) => {
    const out = k.allocate(4 * scores.length);
    k.findBins(place(k, scores), scores.length, place(k, knots), knots.length, each, out);
    return Array.from(uint32(k, out, scores.length));
  });
}

/** By looking at every knot. */
function plainBin(score: number, knots: readonly number[], each: number): number {
  const knot = Math.max(
    0,
    knots.findLastIndex((own) => own <= score),
  );
  const share = knot === knots.length - 1 ? 0 : (score - knots[knot]) / (knots[knot + 1] - knots[knot]);
  return knot * each + Math.floor(Math.min(each - 1, Math.max(0, share * each)));
}

describe("findBins", () => {
  it("cuts each stretch between two knots into bins of equal width, and keeps what is outside in the first and the last bin", () => {
    expect(binsOf([-5, 1, 1.4, 1.5, 2, 3, 5.9, 6, 70], [1, 2, 6], 2)).toEqual([0, 0, 0, 1, 2, 2, 3, 4, 4]);
    expect(binsOf([-1, 0, 1], [0], 1)).toEqual([0, 0, 0]);
    expect(binsOf([], [0], 1)).toEqual([]);
  });

  it("finds the bin that a look at every knot finds, however unevenly the knots lie, and ascends with the score", () => {
    const number = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1e-9, noNaN: true }), fc.constant(1));
    const property = fc.property(
      fc.array(number, { minLength: 1, maxLength: 40 }),
      fc.array(number, { maxLength: 60 }),
      fc.integer({ min: 1, max: 300 }),
      (values, own, each) => {
        const knots = [...new Set(values.map((value) => value + 0))].sort((a, b) => a - b);
        const scores = [...own, ...knots].sort((a, b) => a - b);
        const bins = binsOf(scores, knots, each);
        expect(bins).toEqual(scores.map((score) => plainBin(score, knots, each)));
        expect(bins).toEqual(bins.toSorted((a, b) => a - b));
      },
    );
    fc.assert(property, { seed: 7, numRuns: 300 });
  });
});

describe("sortBins", () => {
  it.each([0, 1, 2, 5_000])("sorts %i bins", (n) => {
    const bins = Array.from({ length: n }, (_, i) => hashRow(4, i) >>> 12);
    const sorted = withKernels((k) => {
      const at = placeUint32(k, bins);
      k.sortBins(at, n, k.allocate(4 * n));
      return Array.from(uint32(k, at, n));
    });
    expect(sorted).toEqual(bins.toSorted((a, b) => a - b));
  });
});

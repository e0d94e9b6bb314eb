import { describe, expect, it } from "vitest";
import { float64, log, place, withKernels } from "../../src/kernels/kernels.ts";

interface Rows {
  readonly p: number[];
  readonly y: number[];
  readonly w?: number[];
}

/** The kernel on plain arrays. */
function judge({ p, y, w }: Rows, threshold = 0.5) {
  return withKernels((k) => {
    const n = p.length;
    const [at, truth, weights] = [place(k, p), place(k, y), w === undefined ? 0 : place(k, w)];
    const totals = place(k, new Array<number>(7).fill(0));
    const [positives, negatives, positiveWeights, negativeWeights] = [0, 0, 0, 0].map(() => k.allocate(8 * (n + 1)));
    const bad = k.judgeBinary(at, truth, weights, n, threshold, true, totals, positives, negatives, positiveWeights, negativeWeights);
    const found = Array.from(float64(k, totals, 7));
    const list = (address: number, count: number) => Array.from(float64(k, address, count));
    return {
      bad,
      confusion: found.slice(0, 4),
      loss: found[4],
      positives: list(positives, found[5]),
      negatives: list(negatives, found[6]),
      positiveWeights: list(positiveWeights, w === undefined ? 0 : found[5]),
    };
  });
}

describe("judgeBinary", () => {
  const p = [0.9, 0.2, 0.5, 0.7, 0.1];
  const y = [1, 0, 1, 0, 1];

  it("adds what a plain loop adds, in the same order", () => {
    const w = [1, 2, 0.5, 3, 0];
    let loss = 0;
    const confusion = [0, 0, 0, 0];
    p.forEach((probability, i) => {
      confusion[2 * y[i] + (probability > 0.5 ? 1 : 0)] += w[i];
      loss -= w[i] * log(y[i] === 1 ? probability : 1 - probability);
    });
    const found = judge({ p, y, w });
    expect(found).toEqual({ bad: -1, confusion, loss, positives: [0.9, 0.5], negatives: [0.2, 0.7], positiveWeights: [1, 0.5] });
  });

  it("weighs rows 1 where no weights are given, and clips certainty", () => {
    const found = judge({ p: [0, 1], y: [1, 1] });
    expect(found.confusion).toEqual([0, 0, 1, 1]);
    expect(found.loss).toBeCloseTo(-log(1e-15) - log(1 - 1e-15), 12);
  });

  it("shares logarithms between rows of equal weight without losing digits", () => {
    const many = Array.from({ length: 1_003 }, (_, i) => (i % 7 === 0 ? 0 : 0.001 + (i % 97) / 100));
    const labels = many.map((_, i) => i % 2);
    const plain = many.reduce((sum, q, i) => sum - log(Math.min(Math.max(labels[i] === 1 ? q : 1 - q, 1e-15), 1 - 1e-15)), 0);
    // Each product of 16 is off by 15 roundings at most, of a sum of some thousands.
    expect(Math.abs(judge({ p: many, y: labels }).loss - plain)).toBeLessThan(1e-12 * plain);
  });

  it("answers the first row that cannot be judged", () => {
    expect(judge({ p: [0.1, Number.NaN], y: [0, 1] }).bad).toBe(1);
    expect(judge({ p: [0.1, 0.2, 0.3], y: [0, 1, 2] }).bad).toBe(2);
    expect(judge({ p: [], y: [] }).bad).toBe(-1);
  });
});

describe("shareEntries", () => {
  it("adds up the weights of equal neighbours", () => {
    withKernels((k) => {
      const [scores, weights] = [place(k, [-0, 0, 1, 1, 1, 2]), place(k, [1, 2, 3, 4, 5, 6])];
      const n = k.shareEntries(scores, weights, 6);
      expect([Array.from(float64(k, scores, n)), Array.from(float64(k, weights, n))]).toEqual([
        [-0, 1, 2],
        [3, 12, 6],
      ]);
      expect(k.shareEntries(scores, weights, 0)).toBe(0);
    });
  });
});

describe("areas", () => {
  it("equals a plain walk over the distinct scores from the highest down", () => {
    const positives = [0.1, 0.6, 0.6, 0.8];
    const negatives = [0.1, 0.4, 0.6];
    const found = withKernels((k) => {
      const out = k.allocate(8 * 6);
      k.areas(place(k, positives), 4, 0, place(k, negatives), 3, 0, out, 0, 0);
      return Array.from(float64(k, out, 6));
    });
    // Pairs won 8 and tied 1 x 2 (at 0.6: 2 x 1; at 0.1: 1 x 1): 2 * 7 + 3 = 17; the area is 17 / 2 / 12 = 0.70833.
    expect(found[0] / 2 / (found[4] * found[5])).toBeCloseTo(0.7083333333333333, 15);
    expect([found[1], found[4], found[5]]).toEqual([3, 4, 3]);
  });

  it("gives the same for bins, and the points where the rates have risen enough, the last one among them", () => {
    withKernels((k) => {
      const [positives, negatives] = [place(k, [1, 0, 2, 0, 1]), place(k, [1, 1, 1, 0, 0])];
      const [out, to] = [k.allocate(8 * 6), k.allocate(8 * 3 * 6)];
      const points = (apart: number): number[] => {
        const end = k.binAreas(positives, negatives, 5, out, to, apart);
        return Array.from(float64(k, to, (end - to) / 8));
      };
      expect(points(0)).toEqual([4, 1, 0, 2, 3, 1, 1, 3, 2, 0, 4, 3]);
      expect([17, 3, 4, 3]).toEqual([0, 1, 4, 5].map((at) => float64(k, out, 6)[at]));
      // The rates add up to 1/4, then 3/4 + 1/3, 3/4 + 2/3 and 2.
      expect(points(0.8)).toEqual([4, 1, 0, 2, 3, 1, 0, 4, 3]);
      expect(points(1.5)).toEqual([4, 1, 0, 0, 4, 3]);
    });
  });
});

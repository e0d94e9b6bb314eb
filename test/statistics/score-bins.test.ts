import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { place, withKernels } from "../../src/kernels/kernels.ts";
import { draw } from "../../src/statistics/curves.ts";
import { addToBins, drawBins, emptyBins, knotsOf, mergeBins, SCORE_BINS, type ScoreBins } from "../../src/statistics/score-bins.ts";
import { addScores, emptyScores, type Scores } from "../../src/statistics/scores.ts";

interface Row {
  readonly score: number;
  readonly side: 0 | 1;
  readonly weight: number;
}

function exact(rows: readonly Row[], weighted: boolean): Scores {
  const scores = emptyScores(weighted);
  for (const side of [0, 1] as const) {
    const own = rows.filter((row) => row.side === side);
    const weights = weighted ? Float64Array.from(own, (row) => row.weight) : null;
    addScores(
      side === 1 ? scores.positives : scores.negatives,
      Float64Array.from(own, (row) => row.score),
      weights,
    );
  }
  return scores;
}

function binned(rows: readonly Row[], knots: Float64Array, weighted: boolean): ScoreBins {
  const bins = emptyBins(weighted);
  for (const side of [0, 1] as const) {
    const own = rows.filter((row) => row.side === side);
    withKernels((k) => {
      const [scores, weights] = (["score", "weight"] as const).map((name) =>
        place(
          k,
          own.map((row) => row[name]),
        ),
      );
      addToBins(k, side === 1 ? bins.positives : bins.negatives, knots, scores, weighted ? weights : 0, own.length);
    });
  }
  return bins;
}

/** No rows, counted. */
function emptyCounts(weighted: boolean): ScoreBins {
  const bins = emptyBins(weighted);
  bins.positives.counts = new Float64Array(SCORE_BINS);
  bins.negatives.counts = new Float64Array(SCORE_BINS);
  return bins;
}

/** Multiples of 1/4 add up exactly, in any order. */
const someRows = fc.array(
  fc.record({
    score: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 4, noNaN: true })),
    side: fc.constantFrom(0 as const, 1 as const),
    weight: fc.integer({ min: 1, max: 20 }).map((quarters) => quarters / 4),
  }),
  { minLength: 2, maxLength: 60 },
);

describe("knots", () => {
  it("lie at equal shares of the sample from its least to its greatest score, each once", () => {
    const sample = exact([9, 1, 7, 3, 8, 2, 6, 4, 5].map((score, i) => ({ score, side: i % 2 === 0 ? 1 : 0, weight: 1 })) as Row[], false);
    expect(Array.from(knotsOf(sample, 5))).toEqual([1, 3, 5, 7, 9]);
    expect(Array.from(knotsOf(sample))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    addScores(sample.negatives, Float64Array.of(1, 1, 1, 1, 1, 1, 1), null);
    expect(Array.from(knotsOf(sample, 5))).toEqual([1, 5, 9]);
    expect(Array.from(knotsOf(emptyScores(false)))).toEqual([0]);
  });
});

describe("score bins", () => {
  it("keeps the area within the bound that it states, weighted or not", () => {
    const property = fc.property(someRows, fc.integer({ min: 1, max: 20 }), fc.boolean(), (rows, knots, weighted) => {
      const edges = knotsOf(exact(rows.slice(0, 30), false), knots);
      const areas = drawBins(binned(rows, edges, weighted), edges, 20).areas;
      const truth = draw(exact(rows, weighted)).areas;
      expect(areas.areaUnderROC === null).toBe(truth.areaUnderROC === null);
      const error = Math.abs(Number(areas.areaUnderROC) - Number(truth.areaUnderROC));
      expect(error).toBeLessThanOrEqual(Number(areas.areaUnderRocBound) + 1e-12);
    });
    fc.assert(property, { seed: 5, numRuns: 10 });
  });

  it("is exact where every score is a knot", () => {
    const rows = Array.from({ length: 500 }, (_, i): Row => ({ score: (i * 7) % 50, side: i % 3 === 0 ? 1 : 0, weight: 1 }));
    const knots = knotsOf(exact(rows, false));
    expect(drawBins(binned(rows, knots, false), knots, 20).areas.areaUnderROC).toBe(draw(exact(rows, false)).areas.areaUnderROC);
  });

  it("draws the curve of the exact scores where every score is a knot, thresholds included", () => {
    const rows = Array.from({ length: 500 }, (_, i): Row => ({ score: (i * 7) % 50, side: i % 3 === 0 ? 1 : 0, weight: 0.5 }));
    const knots = knotsOf(exact(rows, false));
    expect(drawBins(binned(rows, knots, true), knots, 30).curve).toEqual(draw(exact(rows, true), 30).curve);
  });

  it("is precise to about one part in the number of bins", () => {
    const rows = Array.from({ length: 200_000 }, (_, i): Row => ({ score: i / 200_000, side: i % 2 === 0 ? 1 : 0, weight: 1 }));
    const knots = knotsOf(
      exact(
        rows.filter((_, i) => i % 32 === 0),
        false,
      ),
    );
    const areas = drawBins(binned(rows, knots, false), knots, 20).areas;
    // Bins of 1/2^20 hold one of these rows at most but where knots of the sample lie wide apart.
    expect(areas.areaUnderRocBound).toBeLessThan(1 / SCORE_BINS);
    expect(Math.abs(Number(areas.areaUnderROC) - 0.5)).toBeLessThan(1e-5);
  });

  it("answers the same whether rows are listed or counted, leaves the other side alone, and the empty statistic changes nothing", () => {
    const property = fc.property(someRows, fc.nat(60), fc.boolean(), (rows, cut, weighted) => {
      const knots = Float64Array.of(0, 1, 3);
      const judged = (bins: ScoreBins) => drawBins(bins, knots, 20);
      const whole = judged(binned(rows, knots, weighted));
      const [left, right] = [binned(rows.slice(0, cut), knots, weighted), binned(rows.slice(cut), knots, weighted)];
      const before = structuredClone(right);
      mergeBins(left, right);
      expect(right).toEqual(before);
      const listed = structuredClone(left);
      mergeBins(left, emptyBins(weighted));
      expect(left).toEqual(listed);
      expect(judged(left)).toEqual(whole);
      const counted = emptyCounts(weighted);
      mergeBins(counted, left);
      expect(judged(counted)).toEqual(whole);
      mergeBins(left, emptyCounts(weighted));
      expect(left.positives.bins.length).toBe(0);
      expect(judged(left)).toEqual(whole);
    });
    fc.assert(property, { seed: 3, numRuns: 3 });
  });

  it("counts once the list would be longer than the bins", () => {
    const half = (): ScoreBins => {
      const bins = emptyBins(false);
      bins.positives.bins = new Uint32Array(SCORE_BINS / 2 + 1).fill(5);
      bins.positives.rows = SCORE_BINS / 2 + 1;
      return bins;
    };
    const bins = half();
    mergeBins(bins, half());
    expect([bins.positives.bins.length, bins.positives.counts?.[5]]).toEqual([0, SCORE_BINS + 2]);
    expect(bins.negatives).toEqual(emptyBins(false).negatives);
  });

  it("counts more rows than a uint32 holds", () => {
    const full = emptyBins(false);
    full.positives.counts = new Uint32Array(SCORE_BINS).fill(0xffff_ffff, 7, 8);
    full.positives.rows = 0xffff_ffff;
    const one = emptyBins(false);
    one.positives.bins = Uint32Array.of(7);
    one.positives.rows = 1;
    mergeBins(full, one);
    expect(full.positives.counts?.[7]).toBe(2 ** 32);
  });
});

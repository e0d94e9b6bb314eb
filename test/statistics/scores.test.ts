import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areasUnder, curvePoints, precisionRecallPoints, rocPoints } from "../../src/statistics/curves.ts";
import { addScores, binEdges, emptyScores, mergeScores, rounded, type ScoreList, type Scores } from "../../src/statistics/scores.ts";

interface Row {
  readonly score: number;
  readonly positive: boolean;
  readonly weight: number;
}

function scoresOf(rows: readonly Row[], weighted: boolean): Scores {
  const scores = emptyScores(weighted);
  for (const positive of [true, false]) {
    const own = rows.filter((row) => row.positive === positive);
    const list = positive ? scores.positives : scores.negatives;
    addScores(
      list,
      Float64Array.from(own, (row) => row.score),
      weighted ? Float64Array.from(own, (row) => row.weight) : null,
    );
  }
  return scores;
}

const sum = (rows: readonly Row[]): number => rows.reduce((total, row) => total + row.weight, 0);

/** Probability that a positive outranks a negative, pair by pair. */
function pairwiseArea(rows: readonly Row[]): number {
  const [positives, negatives] = [rows.filter((row) => row.positive), rows.filter((row) => !row.positive)];
  let right = 0;
  for (const p of positives) {
    for (const n of negatives) right += p.weight * n.weight * (p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0);
  }
  return right / (sum(positives) * sum(negatives));
}

/** Recall and precision at each distinct threshold by counting the rows anew each time. */
function precisionByThreshold(rows: readonly Row[]): { recall: number; precision: number }[] {
  const positives = sum(rows.filter((row) => row.positive));
  return [...new Set(rows.map((row) => row.score))]
    .sort((a, b) => b - a)
    .map((threshold) => {
      const above = rows.filter((row) => row.score >= threshold);
      const right = sum(above.filter((row) => row.positive));
      return { recall: right / positives, precision: right / sum(above) };
    });
}

function averagePrecision(rows: readonly Row[]): number {
  const points = precisionByThreshold(rows);
  return points.reduce((area, { recall, precision }, i) => area + (recall - (points[i - 1]?.recall ?? 0)) * precision, 0);
}

function trapezoids(rows: readonly Row[]): number {
  const points = precisionByThreshold(rows);
  const before = (i: number) => points[i - 1] ?? { recall: 0, precision: points[0].precision };
  return points.reduce((area, { recall, precision }, i) => area + ((recall - before(i).recall) * (precision + before(i).precision)) / 2, 0);
}

/** Few distinct scores make many ties. */
const someRows = fc.array(
  fc.record({
    score: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -3, max: 3, noNaN: true })),
    positive: fc.boolean(),
    weight: fc.double({ min: 0.01, max: 5, noNaN: true }),
  }),
  { minLength: 2, maxLength: 60 },
);
const twoClasses = someRows.filter((rows) => rows.some((row) => row.positive) && rows.some((row) => !row.positive));

describe("areas under curves", () => {
  it("counts a tie as half a pair", () => {
    const rows = [
      { score: 0.9, positive: true, weight: 1 },
      { score: 0.5, positive: true, weight: 1 },
      { score: 0.5, positive: false, weight: 1 },
      { score: 0.1, positive: false, weight: 1 },
    ];
    // Pairs: 0.9 beats both, 0.5 ties once and beats once: 3.5 of 4. Points (1/2, 1), (1, 2/3), (1, 1/2).
    const areas = areasUnder(scoresOf(rows, false));
    expect(areas.areaUnderROC).toBe(3.5 / 4);
    expect(areas.averagePrecision).toBeCloseTo(1 / 2 + (1 / 2) * (2 / 3), 15);
    expect(areas.areaUnderPR).toBeCloseTo(1 / 2 + (1 / 2) * (5 / 6), 15);
  });

  it("equals the definitions, weighted and not", () => {
    const property = fc.property(twoClasses, fc.boolean(), (drawn, weighted) => {
      const rows = weighted ? drawn : drawn.map((row) => ({ ...row, weight: 1 }));
      const areas = areasUnder(scoresOf(rows, weighted));
      // Sums of some thousand terms of like sign in another order: within 1e-12 relative.
      expect(areas.areaUnderROC).toBeCloseTo(pairwiseArea(rows), 12);
      expect(areas.averagePrecision).toBeCloseTo(averagePrecision(rows), 12);
      expect(areas.areaUnderPR).toBeCloseTo(trapezoids(rows), 12);
    });
    fc.assert(property, { seed: 11, numRuns: 200 });
  });

  it("treats a weight like that many rows", () => {
    const rows = [3, 1, 2, 5, 4].map((weight, i) => ({ score: [2, 1, 2, 3, 0][i], positive: i % 2 === 0, weight }));
    const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })));
    const weighted = areasUnder(scoresOf(rows, true));
    expect(weighted).toEqual(areasUnder(scoresOf(repeated, false)));
  });

  it("is null where a class is missing", () => {
    const only = (positive: boolean) => areasUnder(scoresOf([{ score: 1, positive, weight: 1 }], false));
    expect(only(true)).toEqual({ areaUnderROC: null, areaUnderPR: 1, averagePrecision: 1, areaUnderRocBound: null });
    expect(only(false)).toEqual({ areaUnderROC: null, areaUnderPR: null, averagePrecision: null, areaUnderRocBound: null });
    expect(areasUnder(emptyScores(true)).areaUnderROC).toBeNull();
  });
});

describe("scores", () => {
  it("merges to the same bytes as all rows at once, leaves the other side alone, and the empty statistic changes nothing", () => {
    const property = fc.property(someRows, fc.nat(60), fc.boolean(), (rows, cut, weighted) => {
      // Weights that are multiples of 1/4 add up exactly, in any order.
      const exact = rows.map((row) => ({ ...row, weight: Math.ceil(row.weight * 4) / 4 }));
      const whole = scoresOf(exact, weighted);
      const left = scoresOf(exact.slice(0, cut), weighted);
      const right = scoresOf(exact.slice(cut), weighted);
      const before = structuredClone(right);
      mergeScores(left, right, null);
      expect(right).toEqual(before);
      mergeScores(left, emptyScores(weighted), null);
      const merged = left;
      for (const side of ["positives", "negatives"] as const) {
        expect(Array.from(merged[side].scores)).toEqual(Array.from(whole[side].scores));
        expect(Array.from(merged[side].weights ?? [])).toEqual(Array.from(whole[side].weights ?? []));
      }
    });
    fc.assert(property, { seed: 3, numRuns: 200 });
  });

  it("keeps one entry for equal weighted scores, zeros of both signs included", () => {
    const scores = emptyScores(true);
    addScores(scores.positives, Float64Array.of(0, 2, -0), Float64Array.of(1, 5, 2));
    addScores(scores.positives, Float64Array.of(2), Float64Array.of(0.5));
    const { positives } = scores;
    expect(Array.from(positives.scores, (score) => score + 0)).toEqual([0, 2]);
    expect(Array.from(positives.weights ?? [])).toEqual([3, 5.5]);
  });
});

/** The last edge that is not above the score, or the first edge. */
const roundToEdge = (score: number, edges: Float64Array): number => edges.findLast((edge) => edge <= score) ?? edges[0];

describe("score bins", () => {
  it("holds about equally many rows of the sample in each", () => {
    const sample = emptyScores(false);
    addScores(sample.positives, Float64Array.of(9, 1, 7, 3), null);
    addScores(sample.negatives, Float64Array.of(8, 2, 6, 4), null);
    expect(Array.from(binEdges(sample, 4))).toEqual([1, 3, 6, 8]);
    expect(Array.from(binEdges(sample, 100))).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(Array.from(binEdges(emptyScores(false)))).toEqual([0]);
    addScores(sample.negatives, Float64Array.of(1, 1, 1, 1), null);
    expect(Array.from(binEdges(sample, 4))).toEqual([1, 3, 7]);
  });

  it("rounds down to an edge, and up to the first", () => {
    const edges = Float64Array.of(1, 3, 6);
    expect([-5, 1, 2.9, 3, 5, 6, 70].map((score) => roundToEdge(score, edges))).toEqual([1, 1, 1, 3, 3, 6, 6]);
  });

  it("rounds a list as if each score had been looked up by itself, with weights and without", () => {
    const edges = Float64Array.of(1, 3, 6);
    const list = (weights: Float64Array | null): ScoreList => {
      const own = emptyScores(weights !== null).positives;
      addScores(own, Float64Array.of(70, 2.9, -5, 3, 6, 5, 1, 1), weights);
      return rounded(own, edges);
    };
    expect(list(null)).toEqual({ scores: edges, weights: Float64Array.of(4, 2, 2) });
    expect(list(Float64Array.of(1, 2, 4, 8, 16, 32, 64, 128))).toEqual({ scores: edges, weights: Float64Array.of(198, 40, 17) });
  });

  it("gives the same bins whether a list is rounded before it merges, after, or when it has grown past the edges", () => {
    const property = fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }), { minLength: 1, maxLength: 6 }),
      (parts) => {
        const edges = Float64Array.of(0, 10, 11, 25, 40);
        const whole = emptyScores(false);
        addScores(whole.positives, Float64Array.from(parts.flat()), null);
        const grown = emptyScores(false);
        for (const part of parts) {
          const other = emptyScores(false);
          addScores(other.positives, Float64Array.from(part), null);
          mergeScores(grown, other, edges);
          expect(grown.positives.scores.length).toBeLessThanOrEqual(edges.length);
        }
        expect(rounded(grown.positives, edges)).toEqual(rounded(whole.positives, edges));
      },
    );
    fc.assert(property, { seed: 9, numRuns: 200 });
  });

  it("keeps the area within the bound that it states", () => {
    const property = fc.property(twoClasses, fc.integer({ min: 1, max: 20 }), (rows, bins) => {
      const edges = binEdges(scoresOf(rows.slice(0, 30), false), bins);
      const binned = areasUnder(
        scoresOf(
          rows.map((row) => ({ ...row, score: roundToEdge(row.score, edges) })),
          true,
        ),
      );
      const bound = binned.areaUnderRocBound as number;
      expect(Math.abs((binned.areaUnderROC as number) - pairwiseArea(rows))).toBeLessThanOrEqual(bound + 1e-12);
      expect(bound).toBeLessThanOrEqual(0.5 + 1e-12);
    });
    fc.assert(property, { seed: 5, numRuns: 200 });
  });

  it("is precise to about one part in the number of bins", () => {
    // Positives 0, 2, 4, … and negatives 1, 3, 5, …: each of 100 bins holds 10 of each, 100 * 10 * 10 / 2 / 1000² = 0.005.
    const scores = Array.from({ length: 2_000 }, (_, i) => ({ score: i, positive: i % 2 === 0, weight: 1 }));
    const edges = binEdges(scoresOf(scores, false), 100);
    const binned = areasUnder(
      scoresOf(
        scores.map((row) => ({ ...row, score: roundToEdge(row.score, edges) })),
        true,
      ),
    );
    expect(binned.areaUnderRocBound).toBeCloseTo(0.005, 12);
    expect(binned.areaUnderROC).toBeCloseTo(0.5, 12);
  });
});

describe("curve points", () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => ({ score: i, positive: i % 3 === 0, weight: 1 }));
  const scores = scoresOf(rows, false);

  it("begins at the highest score and ends with all rows", () => {
    const curve = curvePoints(scores);
    expect(curve.thresholds.length).toBe(1_000);
    expect([curve.thresholds[0], curve.truePositives[0], curve.falsePositives[0]]).toEqual([999, 1, 0]);
    expect(rocPoints(curve).at(0)).toEqual([0, 0]);
    expect(rocPoints(curve).at(-1)).toEqual([1, 1]);
    expect(precisionRecallPoints(curve).at(0)).toEqual([0, 1]);
    expect(precisionRecallPoints(curve).at(-1)).toEqual([1, 334 / 1_000]);
  });

  it("thins evenly, keeps the last point and stays close to the whole curve", () => {
    const thin = curvePoints(scores, 50);
    expect(thin.thresholds.length).toBeGreaterThan(40);
    expect(thin.thresholds.length).toBeLessThanOrEqual(52);
    expect(thin.thresholds.at(-1)).toBe(0);
    const all = new Set(rocPoints(curvePoints(scores)).map(String));
    expect(rocPoints(thin).every((point) => all.has(String(point)))).toBe(true);
  });

  it("is finite for one class and empty without rows", () => {
    const one = scoresOf([{ score: 1, positive: false, weight: 1 }], false);
    expect(rocPoints(curvePoints(one))).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(precisionRecallPoints(curvePoints(emptyScores(false)))).toEqual([]);
  });
});

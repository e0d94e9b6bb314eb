import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float64, withKernels } from "../../src/kernels/kernels.ts";
import { draw, precisionRecallPoints, rocPoints } from "../../src/statistics/curves.ts";
import { addScores, emptyScores, mergeScores, placeAscending, type ScoreList, type Scores } from "../../src/statistics/scores.ts";

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

const inOrder = (list: ScoreList): number[] =>
  withKernels((k) => {
    const { scores, count } = placeAscending(k, list);
    return Array.from(float64(k, scores, count));
  });

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
    const areas = draw(scoresOf(rows, false)).areas;
    expect(areas.areaUnderROC).toBe(3.5 / 4);
    expect(areas.averagePrecision).toBeCloseTo(1 / 2 + (1 / 2) * (2 / 3), 15);
    expect(areas.areaUnderPR).toBeCloseTo(1 / 2 + (1 / 2) * (5 / 6), 15);
  });

  it("equals the definitions, weighted and not", () => {
    const property = fc.property(twoClasses, fc.boolean(), (drawn, weighted) => {
      const rows = weighted ? drawn : drawn.map((row) => ({ ...row, weight: 1 }));
      const areas = draw(scoresOf(rows, weighted)).areas;
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
    const weighted = draw(scoresOf(rows, true)).areas;
    expect(weighted).toEqual(draw(scoresOf(repeated, false)).areas);
  });

  it("is null where a class is missing", () => {
    const only = (positive: boolean) => draw(scoresOf([{ score: 1, positive, weight: 1 }], false)).areas;
    expect(only(true)).toEqual({ areaUnderROC: null, areaUnderPR: 1, averagePrecision: 1, areaUnderRocBound: null });
    expect(only(false)).toEqual({ areaUnderROC: null, areaUnderPR: null, averagePrecision: null, areaUnderRocBound: null });
    expect(draw(emptyScores(true)).areas.areaUnderROC).toBeNull();
  });
});

describe("scores", () => {
  it("merges to the same scores as all rows at once, leaves the other side alone, and the empty statistic changes nothing", () => {
    const property = fc.property(someRows, fc.nat(60), fc.boolean(), (rows, cut, weighted) => {
      // Weights that are multiples of 1/4 add up exactly, in any order.
      const exact = rows.map((row) => ({ ...row, weight: Math.ceil(row.weight * 4) / 4 }));
      const whole = scoresOf(exact, weighted);
      const left = scoresOf(exact.slice(0, cut), weighted);
      const right = scoresOf(exact.slice(cut), weighted);
      const before = structuredClone(right);
      mergeScores(left, right);
      expect(right).toEqual(before);
      mergeScores(left, emptyScores(weighted));
      const merged = left;
      for (const side of ["positives", "negatives"] as const) {
        expect(inOrder(merged[side])).toEqual(inOrder(whole[side]));
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
    expect(Array.from(positives.pieces[0], (score) => score + 0)).toEqual([0, 2]);
    expect(Array.from(positives.weights ?? [])).toEqual([3, 5.5]);
  });
});

describe("curve points", () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => ({ score: i, positive: i % 3 === 0, weight: 1 }));
  const scores = scoresOf(rows, false);

  it("begins at the highest score and ends with all rows", () => {
    const curve = draw(scores).curve;
    expect(curve.thresholds.length).toBe(1_000);
    expect([curve.thresholds[0], curve.truePositives[0], curve.falsePositives[0]]).toEqual([999, 1, 0]);
    expect(rocPoints(curve).at(0)).toEqual([0, 0]);
    expect(rocPoints(curve).at(-1)).toEqual([1, 1]);
    expect(precisionRecallPoints(curve).at(0)).toEqual([0, 1]);
    expect(precisionRecallPoints(curve).at(-1)).toEqual([1, 334 / 1_000]);
  });

  it("thins evenly, keeps the last point and stays close to the whole curve", () => {
    const thin = draw(scores, 50).curve;
    expect(thin.thresholds.length).toBeGreaterThan(40);
    expect(thin.thresholds.length).toBeLessThanOrEqual(52);
    expect(thin.thresholds.at(-1)).toBe(0);
    const all = new Set(rocPoints(draw(scores).curve).map(String));
    expect(rocPoints(thin).every((point) => all.has(String(point)))).toBe(true);
  });

  it("is finite for one class and empty without rows", () => {
    const one = scoresOf([{ score: 1, positive: false, weight: 1 }], false);
    expect(rocPoints(draw(one).curve)).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(precisionRecallPoints(draw(emptyScores(false)).curve)).toEqual([]);
  });
});

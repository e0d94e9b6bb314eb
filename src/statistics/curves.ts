/**
 * ROC and precision-recall curves of scores, as scikit-learn and Spark draw them: one point for each distinct score, from the
 * highest down, a row counting as positive when its score is at least the threshold. Rows with equal scores pass together.
 */
import { float64, place, withKernels } from "../kernels/kernels.ts";
import type { ScoreList, Scores } from "./scores.ts";

/** Weight at or above a threshold, by class, with the weight of the classes. */
export interface Curve {
  readonly positives: number;
  readonly negatives: number;
  readonly thresholds: number[];
  readonly truePositives: number[];
  readonly falsePositives: number[];
}

/** The areas; null where a class has no weight, because the curve is not defined then. */
export interface Areas {
  /** Trapezoids over the false positive rate: the chance that a positive scores above a negative, ties counting half. */
  readonly areaUnderROC: number | null;
  /** Trapezoids over the recall, beginning at (0, precision of the first point), as Spark's areaUnderPR. */
  readonly areaUnderPR: number | null;
  /** Steps over the recall, as scikit-learn's average_precision_score. */
  readonly averagePrecision: number | null;
  /** How far rounding scores to bins can have moved areaUnderROC, were every tie the work of the rounding. */
  readonly areaUnderRocBound: number | null;
}

/**
 * All areas in one walk. Without weights the ROC area is a ratio of integers, exact below 2^53, that is up to 9e7 rows of each class.
 * The bound: in a bin with p positives and n negatives, the true order makes between 0 and p n pairs right where a tie counts p n / 2,
 * so the area is off by at most sum(p n / 2) / (P N).
 */
export function areasUnder(scores: Scores): Areas {
  const [pairs, ties, trapezoids, steps, positives, negatives] = withKernels((k) => {
    const list = ({ scores: values, weights }: ScoreList): [number, number, number] => [
      place(k, values),
      values.length,
      weights === null ? 0 : place(k, weights),
    ];
    const [p, np, pw] = list(scores.positives);
    const [n, nn, nw] = list(scores.negatives);
    const out = k.allocate(8 * 6);
    k.areas(p, np, pw, n, nn, nw, out);
    return float64(k, out, 6).slice();
  });
  const bothClasses = positives > 0 && negatives > 0;
  return {
    areaUnderROC: bothClasses ? pairs / 2 / (positives * negatives) : null,
    areaUnderPR: positives > 0 ? trapezoids / 2 / positives : null,
    averagePrecision: positives > 0 ? steps / positives : null,
    areaUnderRocBound: bothClasses ? ties / 2 / (positives * negatives) : null,
  };
}

/**
 * The curve's points, by descending threshold; at most about `atMost` of them, evenly spread along the ROC curve. The first and last
 * are always there, the origin (above every score) is not.
 */
export function curvePoints(scores: Scores, atMost = Number.POSITIVE_INFINITY): Curve {
  const [positives, negatives] = [weightOf(scores.positives), weightOf(scores.negatives)];
  const curve: Curve = { positives, negatives, thresholds: [], truePositives: [], falsePositives: [] };
  // Along the curve the two rates rise by 2 altogether.
  const spacing = 2 / atMost;
  let kept = Number.NEGATIVE_INFINITY;
  walk(scores, (threshold, truePositives, falsePositives, isLast) => {
    const along = truePositives / (positives || 1) + falsePositives / (negatives || 1);
    if (along - kept < spacing && !isLast) return;
    kept = along;
    curve.thresholds.push(threshold);
    curve.truePositives.push(truePositives);
    curve.falsePositives.push(falsePositives);
  });
  return curve;
}

/** From the highest score down, as the walk adds up. */
function weightOf({ scores, weights }: ScoreList): number {
  return weights === null ? scores.length : weights.reduceRight((sum, weight) => sum + weight, 0);
}

/** (false positive rate, true positive rate) from (0, 0) to (1, 1). A class without weight has the rate 0 throughout. */
export function rocPoints(curve: Curve): [number, number][] {
  const points: [number, number][] = curve.thresholds.map((_, i) => [
    curve.falsePositives[i] / (curve.negatives || 1),
    curve.truePositives[i] / (curve.positives || 1),
  ]);
  return [[0, 0], ...points];
}

/** (recall, precision), beginning at (0, precision of the first point). */
export function precisionRecallPoints(curve: Curve): [number, number][] {
  const points: [number, number][] = curve.thresholds.map((_, i) => [
    curve.truePositives[i] / (curve.positives || 1),
    curve.truePositives[i] / (curve.truePositives[i] + curve.falsePositives[i]),
  ]);
  return points.length === 0 ? [] : [[0, points[0][1]], ...points];
}

/** Visits the distinct scores from the highest down with the weight at or above each. */
function walk(
  { positives: p, negatives: n }: Scores,
  visit: (threshold: number, truePositives: number, falsePositives: number, isLast: boolean) => void,
): void {
  let i = p.scores.length - 1;
  let j = n.scores.length - 1;
  let truePositives = 0;
  let falsePositives = 0;
  while (i >= 0 || j >= 0) {
    const threshold = Math.max(i >= 0 ? p.scores[i] : Number.NEGATIVE_INFINITY, j >= 0 ? n.scores[j] : Number.NEGATIVE_INFINITY);
    for (; i >= 0 && p.scores[i] === threshold; i--) truePositives += p.weights === null ? 1 : p.weights[i];
    for (; j >= 0 && n.scores[j] === threshold; j--) falsePositives += n.weights === null ? 1 : n.weights[j];
    visit(threshold, truePositives, falsePositives, i < 0 && j < 0);
  }
}

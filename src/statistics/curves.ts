/**
 * ROC and precision-recall curves of scores, as scikit-learn and Spark draw them: one point for each distinct score, from the
 * highest down, a row counting as positive when its score is at least the threshold. Rows with equal scores pass together.
 */
import { float64, type Kernels, withKernels } from "../kernels/kernels.ts";
import { countScores, placeAscending, type Scores } from "./scores.ts";

/** Weight at or above a threshold, by class, with the weight of the classes. */
export interface Curve {
  readonly positives: number;
  readonly negatives: number;
  readonly thresholds: number[];
  readonly truePositives: number[];
  readonly falsePositives: number[];
}

/** The areas; null where a class has no weight, because the curve is not defined then. */
interface Areas {
  /** Trapezoids over the false positive rate: the chance that a positive scores above a negative, ties counting half. */
  readonly areaUnderROC: number | null;
  /** Trapezoids over the recall, beginning at (0, precision of the first point), as Spark's areaUnderPR. */
  readonly areaUnderPR: number | null;
  /** Steps over the recall, as scikit-learn's average_precision_score. */
  readonly averagePrecision: number | null;
  /** How far rounding scores to bins can have moved areaUnderROC, were every tie the work of the rounding. */
  readonly areaUnderRocBound: number | null;
}

/** Walks over the scores from the highest down; answers where the points end that it leaves at `to`, if that is not 0. */
export type Walk = (k: Kernels, out: number, to: number, apart: number) => number;

/**
 * The areas, and the curve's points by descending threshold: at most about `points` of them, evenly spread along the ROC curve. The first
 * and last are always there, the origin (above every score) is not.
 */
export interface Drawn {
  readonly areas: Areas;
  readonly curve: Curve;
}

/** By one walk over the scores. */
export function draw({ positives, negatives }: Scores, points = Number.POSITIVE_INFINITY): Drawn {
  const walk: Walk = (k, out, to, apart) => {
    const [p, n] = [placeAscending(k, positives), placeAscending(k, negatives)];
    return k.areas(p.scores, p.count, p.weights, n.scores, n.count, n.weights, out, to, apart);
  };
  return drawBy(walk, points, countScores(positives) + countScores(negatives));
}

/**
 * `most`: distinct scores there can be.
 *
 * Without weights the ROC area is a ratio of integers, exact below 2^53, that is up to 9e7 rows of each class. The bound: in a bin with p
 * positives and n negatives, the true order makes between 0 and p n pairs right where a tie counts p n / 2, so the area is off by at most
 * sum(p n / 2) / (P N).
 */
export function drawBy(walk: Walk, points: number, most: number): Drawn {
  const [sums, kept] = withKernels((k) => {
    const [out, to] = [k.allocate(8 * 6), k.allocate(8 * 3 * Math.min(most, points + 2))];
    // Along the curve the two rates rise by 2 altogether.
    const end = walk(k, out, to, 2 / points);
    return [float64(k, out, 6).slice(), float64(k, to, (end - to) / 8).slice()];
  });
  const [pairs, ties, trapezoids, steps, positives, negatives] = sums;
  const bothClasses = positives > 0 && negatives > 0;
  const every = (from: number): number[] => Array.from({ length: kept.length / 3 }, (_, i) => kept[3 * i + from]);
  return {
    areas: {
      areaUnderROC: bothClasses ? pairs / 2 / (positives * negatives) : null,
      areaUnderPR: positives > 0 ? trapezoids / 2 / positives : null,
      averagePrecision: positives > 0 ? steps / positives : null,
      areaUnderRocBound: bothClasses ? ties / 2 / (positives * negatives) : null,
    },
    curve: { positives, negatives, thresholds: every(0), truePositives: every(1), falsePositives: every(2) },
  };
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

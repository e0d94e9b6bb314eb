/** Confusion of classes, weighted, and what follows from it for one class. */

/** weight[truth * classes + predicted]: the weight of the rows of one class that were predicted as another. */
export interface Confusion {
  readonly classes: number;
  readonly weight: Float64Array;
}

export const emptyConfusion = (classes: number): Confusion => ({ classes, weight: new Float64Array(classes * classes) });

export function mergeConfusion(into: Confusion, other: Confusion): void {
  for (let i = 0; i < into.weight.length; i++) into.weight[i] += other.weight[i];
}

/** Weight of the rows of each class. */
export function truthWeights({ classes, weight }: Confusion): Float64Array {
  const sums = new Float64Array(classes);
  for (let k = 0, i = 0; k < classes; k++) for (const end = i + classes; i < end; i++) sums[k] += weight[i];
  return sums;
}

/** Weight of the rows predicted as each class. */
export function predictedWeights({ classes, weight }: Confusion): Float64Array {
  const sums = new Float64Array(classes);
  for (let i = 0; i < weight.length; i += classes) for (let k = 0; k < classes; k++) sums[k] += weight[i + k];
  return sums;
}

/** Weight of all rows. A loop: thousands of classes have millions of cells, and a function for each took as long as the rows. */
export function totalWeight({ weight }: Confusion): number {
  let sum = 0;
  for (let i = 0; i < weight.length; i++) sum += weight[i];
  return sum;
}

/** Rates of one class against the rest; null where the denominator has no weight and no answer is better than another. */
export interface ClassRates {
  /** Weight of the class. */
  readonly support: number;
  /** Right among those predicted as the class; 0 where it occurs but is never predicted, as Spark and scikit-learn; else null. */
  readonly precision: number | null;
  /** Right among the rows of the class; null without such rows. */
  readonly recall: number | null;
  /** Harmonic mean of the two, 2 TP / (2 TP + FP + FN); null where the class neither occurs nor is predicted. */
  readonly f1: number | null;
  /** Predicted as the class among the rows of the others; null without such rows. */
  readonly falsePositiveRate: number | null;
}

export function classRates(confusion: Confusion): ClassRates[] {
  const truth = truthWeights(confusion);
  const predicted = predictedWeights(confusion);
  const total = truth.reduce((a, b) => a + b, 0);
  return Array.from(truth, (support, k) => {
    const right = confusion.weight[k * confusion.classes + k];
    return {
      support,
      precision: ratio(right, predicted[k]) ?? (support > 0 ? 0 : null),
      recall: ratio(right, support),
      f1: ratio(2 * right, support + predicted[k]),
      falsePositiveRate: ratio(predicted[k] - right, total - support),
    };
  });
}

/** Weight of the rows predicted right, as a share of all; null without rows. */
export function accuracy(confusion: Confusion): number | null {
  let right = 0;
  for (let k = 0; k < confusion.classes; k++) right += confusion.weight[k * confusion.classes + k];
  return ratio(right, totalWeight(confusion));
}

const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

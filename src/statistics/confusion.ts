/**
 * Confusion of classes, weighted, and what follows from it for one class. Of many classes only cells that have weight are kept: of thousands
 * there are millions of cells, and no more of them have weight than there are rows.
 */

export interface Confusion {
  readonly classes: number;
  /** truth * classes + predicted, ascending: of few classes all cells, of more those that have weight. */
  cells: Float64Array;
  /** Of the rows of one class that were predicted as another, by cell. */
  weight: Float64Array;
}

/** Up to so many cells all are kept, and rows are added where they belong. */
export const FEW_CELLS = 4_096;

export function emptyConfusion(classes: number): Confusion {
  const all = classes * classes;
  if (all > FEW_CELLS) return { classes, cells: new Float64Array(0), weight: new Float64Array(0) };
  return { classes, cells: Float64Array.from({ length: all }, (_, cell) => cell), weight: new Float64Array(all) };
}

const hasAll = ({ classes, cells }: Confusion): boolean => cells.length === classes * classes;

/** Adds `n` rows, the weight of a cell row by row, so that sums do not depend on how many rows are added at a time. */
export function addToConfusion(
  into: Confusion,
  truth: Float64Array,
  predicted: Uint32Array,
  weights: Float64Array,
  n = truth.length,
): void {
  const { classes, weight } = into;
  if (hasAll(into)) {
    for (let i = 0; i < n; i++) weight[truth[i] * classes + predicted[i]] += weights[i];
    return;
  }
  // Numbers that tell cell and row, whose order is that of the cells and of the rows within each.
  const order = new Float64Array(n);
  for (let i = 0; i < n; i++) order[i] = (truth[i] * classes + predicted[i]) * n + i;
  order.sort();
  const cells = order.map((place) => Math.floor(place / n));
  addAscending(
    into,
    cells,
    order.map((place, j) => weights[place - cells[j] * n]),
  );
}

export function mergeConfusion(into: Confusion, { cells, weight }: Confusion): void {
  if (hasAll(into)) for (let i = 0; i < cells.length; i++) into.weight[cells[i]] += weight[i];
  else addAscending(into, cells, weight);
}

/** Adds cells that are in order and may repeat. */
function addAscending(into: Confusion, cells: Float64Array, weight: Float64Array): void {
  const most = into.cells.length + cells.length;
  const sum = { cells: new Float64Array(most), weight: new Float64Array(most) };
  let n = 0;
  let own = 0;
  const takeOwn = (end: number): void => {
    for (; own < into.cells.length && into.cells[own] <= end; own++, n++) {
      sum.cells[n] = into.cells[own];
      sum.weight[n] = into.weight[own];
    }
  };
  for (let i = 0; i < cells.length; i++) {
    if (weight[i] === 0) continue;
    takeOwn(cells[i]);
    if (n === 0 || sum.cells[n - 1] !== cells[i]) sum.cells[n++] = cells[i];
    sum.weight[n - 1] += weight[i];
  }
  takeOwn(Number.POSITIVE_INFINITY);
  into.cells = sum.cells.slice(0, n);
  into.weight = sum.weight.slice(0, n);
}

/** The weight of every cell, [truth * classes + predicted], 0 where no row is. */
export function allCells({ classes, cells, weight }: Confusion): Float64Array {
  const all = new Float64Array(classes * classes);
  for (let i = 0; i < cells.length; i++) all[cells[i]] = weight[i];
  return all;
}

/** Weight of the rows of each class. */
export function truthWeights({ classes, cells, weight }: Confusion): Float64Array {
  const sums = new Float64Array(classes);
  for (let i = 0; i < cells.length; i++) sums[Math.floor(cells[i] / classes)] += weight[i];
  return sums;
}

/** Weight of the rows predicted as each class. */
export function predictedWeights({ classes, cells, weight }: Confusion): Float64Array {
  const sums = new Float64Array(classes);
  for (let i = 0; i < cells.length; i++) sums[cells[i] % classes] += weight[i];
  return sums;
}

/** t n + p = t (n + 1) + (p - t), which n + 1 divides where t = p alone. */
const isRight = (cell: number, classes: number): boolean => cell % (classes + 1) === 0;

/** Weight of the rows of each class that were predicted as it. */
function rightWeights({ classes, cells, weight }: Confusion): Float64Array {
  const right = new Float64Array(classes);
  for (let i = 0; i < cells.length; i++) if (isRight(cells[i], classes)) right[cells[i] % classes] = weight[i];
  return right;
}

/** Weight of all rows. */
export function totalWeight({ weight }: Confusion): number {
  let sum = 0;
  for (let i = 0; i < weight.length; i++) sum += weight[i];
  return sum;
}

/** Rows of one class that were predicted as another one. */
export interface Confused {
  readonly truth: number;
  readonly predicted: number;
  readonly weight: number;
}

/** The `most` pairs of different classes with the largest weight, the largest first, of equal ones in the order of the classes. */
export function mostConfused({ classes, cells, weight }: Confusion, most: number): Confused[] {
  const wrong = Array.from(cells.keys()).filter((i) => weight[i] > 0 && !isRight(cells[i], classes));
  wrong.sort((a, b) => weight[b] - weight[a] || a - b);
  return wrong.slice(0, most).map((i) => ({ truth: Math.floor(cells[i] / classes), predicted: cells[i] % classes, weight: weight[i] }));
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
  const right = rightWeights(confusion);
  const total = truth.reduce((a, b) => a + b, 0);
  return Array.from(truth, (support, k) => ({
    support,
    precision: ratio(right[k], predicted[k]) ?? (support > 0 ? 0 : null),
    recall: ratio(right[k], support),
    f1: ratio(2 * right[k], support + predicted[k]),
    falsePositiveRate: ratio(predicted[k] - right[k], total - support),
  }));
}

/** Weight of the rows predicted right, as a share of all; null without rows. */
export const accuracy = (confusion: Confusion): number | null =>
  ratio(
    rightWeights(confusion).reduce((a, b) => a + b, 0),
    totalWeight(confusion),
  );

const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

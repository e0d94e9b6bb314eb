/**
 * Confusion of classes, weighted, and what follows from it for one class. Only cells that have weight are kept: of thousands of classes
 * there are millions of cells, and no more of them have weight than there are rows.
 */

export interface Confusion {
  readonly classes: number;
  /** truth * classes + predicted of each cell that has weight, ascending. */
  cells: Float64Array;
  /** Of the rows of one class that were predicted as another, by cell. */
  weight: Float64Array;
}

export const emptyConfusion = (classes: number): Confusion => ({ classes, cells: new Float64Array(0), weight: new Float64Array(0) });

/** Up to so many cells rows are added to all of them, which takes less than putting the rows in order. */
const FEW_CELLS = 16_384;

/** Adds `n` rows, the weight of a cell row by row, so that sums do not depend on how many rows are added at a time. */
export function addToConfusion(
  into: Confusion,
  truth: Float64Array,
  predicted: Uint32Array,
  weights: Float64Array,
  n = truth.length,
): void {
  const { classes } = into;
  if (classes * classes <= FEW_CELLS) {
    const all = allCells(into);
    for (let i = 0; i < n; i++) all[truth[i] * classes + predicted[i]] += weights[i];
    setCells(into, all);
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

export const mergeConfusion = (into: Confusion, other: Confusion): void => addAscending(into, other.cells, other.weight);

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

/** Takes the weight of every cell for its own. */
export function setCells(into: Confusion, all: Float64Array): void {
  let n = 0;
  for (let cell = 0; cell < all.length; cell++) if (all[cell] !== 0) n++;
  into.cells = new Float64Array(n);
  into.weight = new Float64Array(n);
  for (let cell = 0, i = 0; i < n; cell++) {
    if (all[cell] === 0) continue;
    into.cells[i] = cell;
    into.weight[i++] = all[cell];
  }
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
  const wrong = Array.from(cells.keys()).filter((i) => !isRight(cells[i], classes));
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

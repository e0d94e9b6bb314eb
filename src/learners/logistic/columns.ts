/** Weighted means, deviations and reach of the columns over some folds, with the weight of each class: the first round. */
import type { View } from "../../features/view.ts";
import { float64, type Kernels, withKernels } from "../../kernels/kernels.ts";
import { entriesOf, labelsOf, type Values, weightsOf } from "../block-values.ts";
import type { Block, Part } from "../learner.ts";

export interface ColumnMoments {
  readonly kind: "columns";
  /** Rows of positive weight, the sum of the weights and of their squares, and the least positive weight (Infinity without rows). */
  rows: number;
  weight: number;
  weightSquares: number;
  leastWeight: number;
  /** Weight of each class. */
  readonly classes: Float64Array;
  /** One entry a column: mean, sum of w (x - mean)^2, and a bound on |x - mean|. */
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly reach: Float64Array;
}

export function emptyColumns(columns: number, classes: number): ColumnMoments {
  return {
    kind: "columns",
    rows: 0,
    weight: 0,
    weightSquares: 0,
    leastWeight: Number.POSITIVE_INFINITY,
    classes: new Float64Array(classes),
    mean: new Float64Array(columns),
    m2: new Float64Array(columns),
    reach: new Float64Array(columns),
  };
}

/** Adds the rows of `other`: Chan, Golub & LeVeque (1979), eq. 2.1, column by column; a reach grows by how far its mean moves. */
export function mergeColumns(into: ColumnMoments, other: ColumnMoments): void {
  if (other.weight === 0) return;
  const weight = into.weight + other.weight;
  const share = other.weight / weight;
  for (let j = 0; j < into.mean.length; j++) {
    const difference = other.mean[j] - into.mean[j];
    into.m2[j] += other.m2[j] + difference * difference * into.weight * share;
    const mean = into.weight === 0 ? other.mean[j] : into.mean[j] + difference * share;
    const before = into.weight === 0 ? 0 : into.reach[j] + Math.abs(mean - into.mean[j]);
    into.reach[j] = Math.max(before, other.reach[j] + Math.abs(mean - other.mean[j]));
    into.mean[j] = mean;
  }
  other.classes.forEach((value, k) => {
    into.classes[k] += value;
  });
  into.rows += other.rows;
  into.weight = weight;
  into.weightSquares += other.weightSquares;
  into.leastWeight = Math.min(into.leastWeight, other.leastWeight);
}

/** Adds a part's rows of these folds. Rows of weight 0 count for nothing. */
export function addColumns(into: ColumnMoments, part: Part, view: View, folds: readonly number[], sparse: boolean): void {
  if (sparse) addSparseColumns(into, part, view, folds);
  else {
    const own = emptyColumns(into.mean.length, into.classes.length);
    withKernels((k) => {
      for (const block of part.blocks(view, folds)) addBlock(k, into, block, own);
    });
  }
}

/** The rows of one block. `own` is scratch for its moments. */
function addBlock(k: Kernels, into: ColumnMoments, block: Block, own: ColumnMoments): void {
  const { rows, columns, x, stride } = block;
  const mark = k.mark();
  const found = k.claim(24 * columns);
  const w = weightsOf(k, block);
  clearRows(own);
  addRows(own, w, labelsOf(k, block));
  if (own.weight > 0) {
    k.spread(x, stride, rows, columns, block.weight, own.weight, found);
    const moments = float64(k, found, 3 * columns);
    for (let j = 0; j < columns; j++) {
      own.mean[j] = moments[3 * j];
      own.m2[j] = moments[3 * j + 1];
      own.reach[j] = moments[3 * j + 2];
    }
    mergeColumns(into, own);
  }
  k.release(mark);
}

function clearRows(moments: ColumnMoments): void {
  moments.rows = 0;
  moments.weight = 0;
  moments.weightSquares = 0;
  moments.leastWeight = Number.POSITIVE_INFINITY;
  moments.classes.fill(0);
}

function addRows(into: ColumnMoments, weights: Values, labels: Values): void {
  const { classes } = into;
  let [rows, total, squares, least] = [0, 0, 0, into.leastWeight];
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (w === 0) continue;
    rows++;
    total += w;
    squares += w * w;
    if (w < least) least = w;
    classes[labels[i]] += w;
  }
  into.rows += rows;
  into.weight += total;
  into.weightSquares += squares;
  into.leastWeight = least;
}

/** Sparse rows: the non-zeros one by one (West 1979), then the zeros as one group that mergeColumns's formula adds. */
function addSparseColumns(into: ColumnMoments, part: Part, view: View, folds: readonly number[]): void {
  const columns = view.columns.length;
  const result = emptyColumns(columns, into.classes.length);
  const seen = new Float64Array(columns);
  const counts = new Float64Array(columns);
  withKernels((k) => {
    for (const block of part.sparseBlocks(view, folds)) {
      const { starts, indices, values } = entriesOf(k, block);
      const w = weightsOf(k, block);
      addRows(result, w, labelsOf(k, block));
      for (let i = 0; i < block.rows; i++) {
        if (w[i] === 0) continue;
        for (let e = starts[i]; e < starts[i + 1]; e++) {
          const j = indices[e];
          const deviation = values[e] - result.mean[j];
          seen[j] += w[i];
          counts[j]++;
          result.mean[j] += (deviation * w[i]) / seen[j];
          result.m2[j] += w[i] * deviation * (values[e] - result.mean[j]);
          result.reach[j] = Math.max(result.reach[j], Math.abs(values[e]));
        }
      }
    }
  });
  if (result.weight === 0) return;
  for (let j = 0; j < columns; j++) {
    if (counts[j] < result.rows) {
      const zeros = result.weight - seen[j];
      result.m2[j] += (result.mean[j] * result.mean[j] * seen[j] * zeros) / result.weight;
      result.mean[j] *= seen[j] / result.weight;
    }
    result.reach[j] += Math.abs(result.mean[j]);
  }
  mergeColumns(into, result);
}

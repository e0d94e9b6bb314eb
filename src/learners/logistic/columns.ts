/** Weighted means, deviations and ranges of the columns of one fold group, with the weight of each class: the first round. */
import type { View } from "../../features/view.ts";
import { float64, type Kernels, uint32, withKernels } from "../../kernels/kernels.ts";
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
  /** One entry a column: mean, sum of w (x - mean)^2, least and greatest value. */
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

export function emptyColumns(columns: number, classes: number): ColumnMoments {
  const filled = (value: number): Float64Array => new Float64Array(columns).fill(value);
  return {
    kind: "columns",
    rows: 0,
    weight: 0,
    weightSquares: 0,
    leastWeight: Number.POSITIVE_INFINITY,
    classes: new Float64Array(classes),
    mean: filled(0),
    m2: filled(0),
    least: filled(Number.POSITIVE_INFINITY),
    greatest: filled(Number.NEGATIVE_INFINITY),
  };
}

/** Adds the rows of `other`: Chan, Golub & LeVeque (1979), eq. 2.1, column by column. */
export function mergeColumns(into: ColumnMoments, other: ColumnMoments): void {
  if (other.weight === 0) return;
  const weight = into.weight + other.weight;
  const share = other.weight / weight;
  for (let j = 0; j < into.mean.length; j++) {
    const difference = other.mean[j] - into.mean[j];
    into.m2[j] += other.m2[j] + difference * difference * into.weight * share;
    into.mean[j] = into.weight === 0 ? other.mean[j] : into.mean[j] + difference * share;
    into.least[j] = Math.min(into.least[j], other.least[j]);
    into.greatest[j] = Math.max(into.greatest[j], other.greatest[j]);
  }
  other.classes.forEach((value, k) => {
    into.classes[k] += value;
  });
  into.rows += other.rows;
  into.weight = weight;
  into.weightSquares += other.weightSquares;
  into.leastWeight = Math.min(into.leastWeight, other.leastWeight);
}

/** Adds a part's rows of one fold. Rows of weight 0 count for nothing. */
export function addColumns(into: ColumnMoments, part: Part, view: View, fold: number, sparse: boolean): void {
  if (sparse) addSparseColumns(into, part, view, fold);
  else {
    withKernels((k) => {
      for (const block of part.blocks(view, fold)) mergeColumns(into, blockColumns(k, block, into.classes.length));
    });
  }
}

/** One block: the mean first, then deviations from it while the block is in cache. */
function blockColumns(k: Kernels, block: Block, classes: number): ColumnMoments {
  const { rows, columns, x, stride } = block;
  const result = emptyColumns(columns, classes);
  const mark = k.mark();
  const sums = k.allocate(8 * columns);
  k.gradient(x, stride, rows, columns, block.weight, sums);
  const w = float64(k, block.weight, rows);
  addRows(result, w, float64(k, block.label, rows));
  if (result.weight > 0) {
    const total = float64(k, sums, columns);
    for (let j = 0; j < columns; j++) {
      const values = float64(k, x + 8 * j * stride, rows);
      const mean = total[j] / result.weight;
      let [m2, drift, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = 0; i < rows; i++) {
        if (w[i] === 0) continue;
        const value = values[i];
        const deviation = value - mean;
        m2 += w[i] * deviation * deviation;
        drift += w[i] * deviation;
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
      result.mean[j] = mean + drift / result.weight;
      result.m2[j] = Math.max(0, m2 - (drift * drift) / result.weight);
      result.least[j] = least;
      result.greatest[j] = greatest;
    }
  }
  k.release(mark);
  return result;
}

function addRows(into: ColumnMoments, weights: Float64Array, labels: Float64Array): void {
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (w === 0) continue;
    into.rows++;
    into.weight += w;
    into.weightSquares += w * w;
    if (w < into.leastWeight) into.leastWeight = w;
    into.classes[labels[i]] += w;
  }
}

/** Sparse rows: the non-zeros one by one (West 1979), then the zeros as one group that mergeColumns's formula adds. */
function addSparseColumns(into: ColumnMoments, part: Part, view: View, fold: number): void {
  const columns = view.columns.length;
  const result = emptyColumns(columns, into.classes.length);
  const seen = new Float64Array(columns);
  const counts = new Float64Array(columns);
  withKernels((k) => {
    for (const block of part.sparseBlocks(view, fold)) {
      const starts = uint32(k, block.offsets, block.rows + 1);
      const [indices, values] = [uint32(k, block.indices, starts[block.rows]), float64(k, block.values, starts[block.rows])];
      const w = float64(k, block.weight, block.rows);
      addRows(result, w, float64(k, block.label, block.rows));
      for (let i = 0; i < block.rows; i++) {
        if (w[i] === 0) continue;
        for (let e = starts[i]; e < starts[i + 1]; e++) {
          const j = indices[e];
          const deviation = values[e] - result.mean[j];
          seen[j] += w[i];
          counts[j]++;
          result.mean[j] += (deviation * w[i]) / seen[j];
          result.m2[j] += w[i] * deviation * (values[e] - result.mean[j]);
          result.least[j] = Math.min(result.least[j], values[e]);
          result.greatest[j] = Math.max(result.greatest[j], values[e]);
        }
      }
    }
  });
  if (result.weight === 0) return;
  for (let j = 0; j < columns; j++) {
    if (counts[j] === result.rows) continue;
    const zeros = result.weight - seen[j];
    result.m2[j] += (result.mean[j] * result.mean[j] * seen[j] * zeros) / result.weight;
    result.mean[j] *= seen[j] / result.weight;
    result.least[j] = Math.min(result.least[j], 0);
    result.greatest[j] = Math.max(result.greatest[j], 0);
  }
  mergeColumns(into, result);
}

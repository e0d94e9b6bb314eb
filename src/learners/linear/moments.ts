/** The comoments of the encoded columns and the label over the rows of one part in some folds. */
import type { View } from "../../features/view.ts";
import { float64, type Kernels, withKernels } from "../../kernels/kernels.ts";
import { aboutMeans, at, type Comoments, emptyComoments } from "../../statistics/comoments.ts";
import { entriesOf, labelsOf, type Values, valuesOf, weightsOf } from "../block-values.ts";
import { WIDE_COLUMNS } from "../blocks.ts";
import { scaledView } from "../encoding.ts";
import type { Block, Part } from "../learner.ts";

/**
 * Blocks between two that the pilot means are taken from. A mean over a share p of the rows is within sqrt((1 - p)/p) standard deviations of
 * the mean of all, whatever their order, so an eighth costs the second sweep three bits at the very worst.
 */
const PILOT_EVERY = 8;

/** Adds up the part's rows of these folds, the label as last column. No rows, or none with weight: empty. Two sweeps: pilot means, then products. */
export function partComoments(part: Part, view: View, folds: readonly number[]): Comoments {
  const columns = view.columns.length;
  if (columns > WIDE_COLUMNS) return sparseComoments(part, view, folds);
  return withKernels((k) => {
    const pilot = pilotMeans(k, part, view, folds, PILOT_EVERY) ?? pilotMeans(k, part, view, folds, 1);
    if (pilot === null) return emptyComoments(columns + 1);
    const ones = new Float64Array(columns).fill(1);
    const all = Array.from({ length: columns }, (_, j) => j);
    return centredComoments(k, part, scaledView(view, all, pilot, ones), folds, pilot);
  });
}

/** Weighted means of the columns and the label over some blocks; null when these have no weight. */
function pilotMeans(k: Kernels, part: Part, view: View, folds: readonly number[], every: number): Float64Array | null {
  const columns = view.columns.length;
  const mark = k.mark();
  const sums = k.allocate(8 * columns);
  let labels = 0;
  let weight = 0;
  let first: Float64Array | null = null;
  for (const block of part.blocks(view, folds, every)) {
    k.gradient(block.x, block.stride, block.rows, columns, block.weight, sums);
    labels += k.dot(block.weight, block.label, block.rows);
    weight += k.sum(block.weight, block.rows);
    first ??= firstRow(k, block);
  }
  const row = first ?? new Float64Array(columns + 1);
  // A mean that rounding alone sets apart from the first value becomes that value, so that constant columns are centred to exact zeros.
  const mean = (sum: number, j: number): number => (Math.abs(sum / weight - row[j]) <= 1e-12 * Math.abs(row[j]) ? row[j] : sum / weight);
  const totals = [...float64(k, sums, columns), labels];
  k.release(mark);
  return weight > 0 ? Float64Array.from(totals, mean) : null;
}

function firstRow(k: Kernels, block: Block): Float64Array {
  const { columns } = block;
  return Float64Array.from({ length: columns + 1 }, (_, j) => (j < columns ? valuesOf(k, block, j) : labelsOf(k, block))[0]);
}

/** The second sweep, over columns that the view has already shifted by the pilot means. */
function centredComoments(k: Kernels, part: Part, view: View, folds: readonly number[], pilot: Float64Array): Comoments {
  const columns = view.columns.length;
  const gram = k.allocate(8 * columns * columns);
  const sums = k.allocate(8 * columns);
  const crosses = k.allocate(8 * columns);
  const counts = { rows: 0, weight: 0, weightSquares: 0 };
  let labelSum = 0;
  let labelSquares = 0;
  for (const block of part.blocks(view, folds)) {
    const { rows, x, stride, weight } = block;
    const mark = k.mark();
    const centred = k.allocate(8 * stride);
    const weighted = k.allocate(8 * stride);
    const w = weightsOf(k, block);
    centreLabels(labelsOf(k, block), w, pilot[columns], float64(k, centred, rows), float64(k, weighted, rows));
    counts.rows += positives(w);
    counts.weight += k.sum(weight, rows);
    counts.weightSquares += k.dot(weight, weight, rows);
    labelSum += k.sum(weighted, rows);
    labelSquares += k.dot(weighted, centred, rows);
    k.gradient(x, stride, rows, columns, weighted, crosses);
    k.gradient(x, stride, rows, columns, weight, sums);
    k.gram(x, stride, rows, columns, weight, gram);
    k.release(mark);
  }
  const products = new Float64Array(((columns + 1) * (columns + 2)) / 2);
  const [h, cross] = [float64(k, gram, columns * columns), float64(k, crosses, columns)];
  for (let i = 0, p = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) products[p++] = h[i * columns + j];
    products[p++] = cross[i];
  }
  products[products.length - 1] = labelSquares;
  return aboutMeans(pilot, counts, [...float64(k, sums, columns), labelSum], products);
}

function positives(w: Values): number {
  let count = 0;
  for (let i = 0; i < w.length; i++) if (w[i] > 0) count++;
  return count;
}

function centreLabels(labels: Values, w: Values, mean: number, centred: Float64Array, weighted: Float64Array): void {
  for (let i = 0; i < labels.length; i++) {
    centred[i] = labels[i] - mean;
    weighted[i] = w[i] * centred[i];
  }
}

/**
 * Sparse rows: products of the non-zeros. Numeric columns and the label are shifted by their means first, indicators are not: their
 * means lie within one deviation of zero or they are constant.
 */
function sparseComoments(part: Part, view: View, folds: readonly number[]): Comoments {
  const columns = view.columns.length;
  const n = columns + 1;
  const pilot = sparsePilot(part, view, folds);
  const all = Array.from({ length: columns }, (_, j) => j);
  const shifted = scaledView(view, all, pilot, new Float64Array(columns).fill(1));
  const counts = { rows: 0, weight: 0, weightSquares: 0 };
  const sums = new Float64Array(n);
  const products = new Float64Array((n * (n + 1)) / 2);
  withKernels((k) => {
    for (const block of part.sparseBlocks(shifted, folds)) {
      const { starts, indices, values } = entriesOf(k, block);
      const [y, w] = [labelsOf(k, block), weightsOf(k, block)];
      for (let i = 0; i < block.rows; i++) {
        const centred = y[i] - pilot[columns];
        counts.weight += w[i];
        counts.weightSquares += w[i] * w[i];
        if (w[i] > 0) counts.rows++;
        for (let e = starts[i]; e < starts[i + 1]; e++) {
          const weighted = w[i] * values[e];
          const row = at(n, indices[e], 0);
          sums[indices[e]] += weighted;
          for (let f = e; f < starts[i + 1]; f++) products[row + indices[f]] += weighted * values[f];
          products[row + columns] += weighted * centred;
        }
        sums[columns] += w[i] * centred;
        products[products.length - 1] += w[i] * centred * centred;
      }
    }
  });
  return aboutMeans(pilot, counts, sums, products);
}

/** Means of the numeric columns and the label over every eighth block; 0 for the columns that are mostly zero. */
function sparsePilot(part: Part, view: View, folds: readonly number[]): Float64Array {
  const columns = view.columns.length;
  const sums = new Float64Array(columns + 1);
  let weight = 0;
  withKernels((k) => {
    const total = k.allocate(8 * columns);
    for (const block of part.sparseBlocks(view, folds, PILOT_EVERY)) {
      k.sparseGradient(block.offsets, block.indices, block.values, block.rows, block.weight, total);
      sums[columns] += k.dot(block.weight, block.label, block.rows);
      weight += k.sum(block.weight, block.rows);
    }
    sums.set(float64(k, total, columns));
  });
  const dense = (j: number): boolean => j === columns || view.columns[j].take.kind === "number";
  return sums.map((sum, j) => (weight > 0 && dense(j) ? sum / weight : 0));
}

/** Loss, gradient and curvature of logistic regression over the rows of a part, for one candidate's coefficients. */
import { float64, type Kernels, place } from "../../kernels/kernels.ts";
import { labelsOf, weightsOf } from "../block-values.ts";
import type { Block, SparseBlock } from "../learner.ts";
import { blockMargins } from "../margins.ts";

/** Where to measure. `lines` is 1 for two classes (the margin of class 1), else the number of classes. */
export interface Point {
  readonly lines: number;
  /** lines x columns, line by line, of the encoded columns. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** Factor on the weight of the rows of each class, or null for none. */
  readonly classFactors: readonly number[] | null;
  readonly curvature: boolean;
}

export interface LossSums {
  readonly kind: "loss";
  rows: number;
  /** Sums over the rows: of the weights (with class factors), and of weight times log-loss. */
  weight: number;
  loss: number;
  /** Sum of weight (p_k - [y = k]) x_j, the intercept last in each line. */
  readonly gradient: Float64Array;
  /**
   * Sums of weight p_k ([k = l] - p_l) x_i x_j, the intercept as a last column of ones; upper triangles row by row, one for each pair
   * of lines k <= l. Of several classes the last is left out: its blocks are minus the sums of the others. Empty where not asked for.
   */
  readonly curvature: Float64Array;
}

/** Pairs of lines whose curvature is summed. */
export const curvaturePairs = (lines: number): number => (lines === 1 ? 1 : (lines * (lines - 1)) / 2);
export const triangle = (n: number): number => (n * (n + 1)) / 2;

export function emptyLoss(columns: number, { lines, curvature }: Point): LossSums {
  return {
    kind: "loss",
    rows: 0,
    weight: 0,
    loss: 0,
    gradient: new Float64Array(lines * (columns + 1)),
    curvature: new Float64Array(curvature ? curvaturePairs(lines) * triangle(columns + 1) : 0),
  };
}

export function mergeLoss(into: LossSums, other: LossSums): void {
  into.rows += other.rows;
  into.weight += other.weight;
  into.loss += other.loss;
  for (let i = 0; i < into.gradient.length; i++) into.gradient[i] += other.gradient[i];
  for (let i = 0; i < into.curvature.length; i++) into.curvature[i] += other.curvature[i];
}

/** A point in kernel memory with room for the sums of one part; release what was marked before when done. */
export interface PlacedPoint {
  readonly point: Point;
  readonly columns: number;
  readonly weights: number;
  readonly gradient: number;
  readonly curvature: number;
}

export function placePoint(k: Kernels, point: Point, columns: number): PlacedPoint {
  const pairs = point.curvature ? curvaturePairs(point.lines) : 0;
  return {
    point,
    columns,
    weights: place(k, point.weights),
    gradient: k.allocate(8 * point.lines * columns),
    curvature: k.allocate(8 * pairs * (columns * columns + columns)),
  };
}

/** Adds the sums that a part left in kernel memory. */
export function collect(k: Kernels, into: LossSums, { point, columns, gradient, curvature }: PlacedPoint): void {
  const n = columns + 1;
  const sums = float64(k, gradient, point.lines * columns);
  for (let line = 0; line < point.lines; line++) for (let j = 0; j < columns; j++) into.gradient[line * n + j] += sums[line * columns + j];
  const pairs = point.curvature ? curvaturePairs(point.lines) : 0;
  const square = columns * columns;
  const h = float64(k, curvature, pairs * (square + columns));
  for (let pair = 0; pair < pairs; pair++) {
    const from = pair * (square + columns);
    let to = pair * triangle(n);
    for (let i = 0; i < columns; i++) {
      for (let j = i; j < columns; j++) into.curvature[to++] += h[from + i * columns + j];
      into.curvature[to++] += h[from + square + i];
    }
  }
}

/** Adds a block's rows: intercept sums to `into`, the rest to kernel memory, where `collect` finds them. */
export function addBlock(k: Kernels, into: LossSums, placed: PlacedPoint, block: Block): void {
  const { rows, stride, columns, x } = block;
  const mark = k.mark();
  const r = score(k, into, placed.point, block, stride, (line, z) => {
    blockMargins(k, block, placed.weights + 8 * line * columns, placed.point.intercepts[line], z);
  });
  for (let line = 0; line < placed.point.lines; line++) {
    k.gradient(x, stride, rows, columns, r.slopes + 8 * line * stride, placed.gradient + 8 * line * columns);
  }
  if (placed.point.curvature) addCurvature(k, into, placed, block, r);
  k.release(mark);
}

/** The same for sparse rows; gradient only. */
export function addSparseBlock(k: Kernels, into: LossSums, placed: PlacedPoint, block: SparseBlock): void {
  const { rows, columns, offsets, indices, values } = block;
  const mark = k.mark();
  const stride = rows + (rows % 2);
  const r = score(k, into, placed.point, block, stride, (line, z) => {
    blockMargins(k, block, placed.weights + 8 * line * columns, placed.point.intercepts[line], z);
  });
  for (let line = 0; line < placed.point.lines; line++) {
    k.sparseGradient(offsets, indices, values, rows, r.slopes + 8 * line * stride, placed.gradient + 8 * line * columns);
  }
  k.release(mark);
}

/** Addresses, `stride` rows a line. */
interface Scores {
  /** weight (p - [y = line]) */
  readonly slopes: number;
  /** weight p (1 - p) of two classes; of more the probabilities. */
  readonly spread: number;
  readonly weight: number;
}

function score(
  k: Kernels,
  into: LossSums,
  point: Point,
  block: Block | SparseBlock,
  stride: number,
  margins: (line: number, z: number) => void,
): Scores {
  const { rows, label } = block;
  const { lines, classFactors } = point;
  const weight = classFactors === null ? block.weight : factored(k, block, stride, classFactors);
  const z = k.allocate(8 * stride * lines);
  const slopes = k.allocate(8 * stride * lines);
  for (let line = 0; line < lines; line++) margins(line, z + 8 * line * stride);
  into.rows += rows;
  into.weight += k.sum(weight, rows);
  let spread = z;
  if (lines === 1) {
    spread = k.allocate(8 * stride);
    into.loss += k.logistic(z, label, weight, rows, slopes, spread);
  } else into.loss += k.softmax(z, stride, rows, lines, label, weight, slopes);
  const perLine = into.gradient.length / lines;
  for (let line = 0; line < lines; line++) into.gradient[(line + 1) * perLine - 1] += k.sum(slopes + 8 * line * stride, rows);
  return { slopes, spread, weight };
}

function factored(k: Kernels, block: Block | SparseBlock, stride: number, factors: readonly number[]): number {
  const address = k.allocate(8 * stride);
  const [out, weights, labels] = [float64(k, address, block.rows), weightsOf(k, block), labelsOf(k, block)];
  for (let i = 0; i < block.rows; i++) out[i] = weights[i] * factors[labels[i]];
  return address;
}

function addCurvature(k: Kernels, into: LossSums, placed: PlacedPoint, block: Block, scores: Scores): void {
  const { rows, stride, columns, x } = block;
  const { lines } = placed.point;
  const step = 8 * (columns * columns + columns);
  const corner = triangle(columns + 1);
  const add = (pair: number, v: number): void => {
    const h = placed.curvature + pair * step;
    k.gram(x, stride, rows, columns, v, h);
    k.gradient(x, stride, rows, columns, v, h + 8 * columns * columns);
    into.curvature[(pair + 1) * corner - 1] += k.sum(v, rows);
  };
  if (lines === 1) {
    add(0, scores.spread);
    return;
  }
  const v = k.allocate(8 * stride);
  const w = (): Float64Array => float64(k, scores.weight, rows);
  const p = (line: number): Float64Array => float64(k, scores.spread + 8 * line * stride, rows);
  for (let a = 0, pair = 0; a < lines - 1; a++) {
    for (let b = a; b < lines - 1; b++, pair++) {
      const [out, weight, pa, pb] = [float64(k, v, rows), w(), p(a), p(b)];
      for (let i = 0; i < rows; i++) out[i] = weight[i] * pa[i] * (a === b ? 1 - pa[i] : -pb[i]);
      add(pair, v);
    }
  }
}

/**
 * Probabilities of the rows of blocks, `lines` columns of as many each: of class 1 for one line. What it places in kernel memory is the
 * caller's to release.
 */
export function predictorAt(
  k: Kernels,
  point: Omit<Point, "classFactors" | "curvature">,
): (block: Block | SparseBlock, out: Float64Array) => void {
  const { lines, intercepts } = point;
  const weights = place(k, point.weights);
  return (block, out) => {
    const { rows, columns } = block;
    const mark = k.mark();
    const stride = rows + (rows % 2);
    const z = k.allocate(8 * stride * lines);
    for (let line = 0; line < lines; line++) {
      blockMargins(k, block, weights + 8 * line * columns, intercepts[line], z + 8 * line * stride);
    }
    if (lines === 1) k.sigmoid(z, rows, z);
    else {
      // Probabilities do not depend on labels; rows of weight 0 have no loss.
      const zeros = k.allocate(8 * stride);
      k.softmax(z, stride, rows, lines, zeros, zeros, k.claim(8 * stride * lines));
    }
    // Two classes have one output, the probability of the second, whichever family the model is of.
    if (lines === 2) out.set(float64(k, z + 8 * stride, rows));
    else for (let line = 0; line < lines; line++) out.set(float64(k, z + 8 * line * stride, rows), line * rows);
    k.release(mark);
  };
}

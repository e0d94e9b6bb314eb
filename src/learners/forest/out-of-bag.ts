/** A forest judged by the trees that did not draw a row (Breiman 2001, 3.1): an honest figure for one more look at the rows. */
import { float64, uint8 } from "../../kernels/kernels.ts";
import type { BinnedRows, Cuts, Part } from "../learner.ts";
import { leafFinder } from "../trees/ensemble/binned.ts";
import type { Tree } from "../trees/tree.ts";
import { drawTree, weighed } from "./drawn.ts";
import { type Rows, rounding } from "./rules.ts";

export interface OutOfBagScore {
  /** Rows that some tree did not draw. */
  readonly rows: number;
  /** Weighted share of right classes, or share of the variance that is explained. */
  readonly accuracy?: number;
  readonly r2?: number;
}

export interface JudgeBody {
  readonly kind: "judge";
  readonly cuts: Cuts;
  readonly rows: Rows;
  readonly trees: readonly Tree[];
  readonly seeds: readonly number[];
  /** See `drawBounds`. */
  readonly bounds: Uint32Array;
  readonly threshold: number;
  /** What sums of weight * square are rounded to, so that their order does not matter. */
  readonly quantum: number;
}

/** Sums over the rows that are judged. */
export interface Judged {
  readonly kind: "judge";
  rows: number;
  weight: number;
  /** Weight of rows whose class is right. */
  right: number;
  /** Of weight * square of what was missed, and of weight * (label - centre) and its square. */
  missed: number;
  sum: number;
  squares: number;
}

export const emptyJudged = (): Judged => ({ kind: "judge", rows: 0, weight: 0, right: 0, missed: 0, sum: 0, squares: 0 });

export function mergeJudged(into: Judged, other: Judged): void {
  into.rows += other.rows;
  into.weight += other.weight;
  into.right += other.right;
  into.missed += other.missed;
  into.sum += other.sum;
  into.squares += other.squares;
}

/** Votes that are held at a time: 32 MiB, a part of 32 classes. */
const HELD_VOTES = 2 ** 22;

const rowsAtOnce = (outputs: number): number => Math.max(1, Math.floor(HELD_VOTES / outputs));

/** See `Cost.judged`. */
export const votesCost = (outputs: number) => ({ rowBytes: 8 * outputs + 2, rows: rowsAtOnce(outputs) });

export function judgePart(into: Judged, part: Part, binned: BinnedRows, body: JudgeBody): void {
  const { rows, columns, bins, label, weight, index } = binned;
  const step = rowsAtOnce(outputsOf(body));
  for (let first = 0; first < rows; first += step) {
    judgeRows(into, part, body, {
      rows: Math.min(step, rows - first),
      columns,
      bins: bins + columns * first,
      label: label + 8 * first,
      weight: weight + 8 * first,
      index: index + 4 * first,
    });
  }
}

const outputsOf = ({ rows: { classes } }: JudgeBody): number => (classes > 2 ? classes : 1);

function judgeRows(into: Judged, part: Part, body: JudgeBody, binned: BinnedRows): void {
  const { rows, label, weight } = binned;
  const { classes, centre, quanta, kind } = body.rows;
  const outputs = outputsOf(body);
  const { sums, trees } = votesOf(part, binned, body, outputs);
  const k = part.heap.kernels;
  const [labels, weights] = [float64(k, label, rows), float64(k, weight, rows)];
  const roundWeight = kind === "counts" ? (own: number) => own : rounding(quanta.weight);
  const [roundValue, roundSquare] = [rounding(quanta.value), rounding(body.quantum)];
  for (let i = 0; i < rows; i++) {
    if (trees[i] === 0) continue;
    into.rows += 1;
    into.weight += roundWeight(weights[i]);
    if (classes > 0) {
      if (classOf(sums, i, outputs, trees[i], body.threshold) === labels[i]) into.right += roundWeight(weights[i]);
      continue;
    }
    const own = labels[i] - centre;
    into.missed += roundSquare(weights[i] * square(sums[i] / trees[i] - labels[i]));
    into.sum += roundValue(weights[i] * own);
    into.squares += roundSquare(weights[i] * square(own));
  }
}

/** By row: sums of the predictions of the trees that did not draw it, and how many they are. */
function votesOf(part: Part, binned: BinnedRows, { trees: all, seeds, bounds, cuts, rows: rules }: JudgeBody, outputs: number) {
  const { rows, columns } = binned;
  const k = part.heap.kernels;
  const mark = k.mark();
  const drawn = k.claim(rows);
  const own = weighed(k, binned, rules);
  const sums = new Float64Array(rows * outputs);
  const trees = new Uint16Array(rows);
  all.forEach((tree, t) => {
    const find = leafFinder(tree, cuts);
    drawTree(k, part.firstRow, own, seeds[t], bounds, drawn);
    const [draws, bins, weights] = [uint8(k, drawn, rows), uint8(k, binned.bins, rows * columns), float64(k, binned.weight, rows)];
    for (let i = 0; i < rows; i++) {
      if (draws[i] > 0 || !(weights[i] > 0)) continue;
      const leaf = find(bins, i * columns);
      for (let o = 0; o < outputs; o++) sums[i * outputs + o] += tree.value[leaf * outputs + o];
      trees[i]++;
    }
  });
  k.release(mark);
  return { sums, trees };
}

export function scoreOf({ rows, weight, right, missed, sum, squares }: Judged, classes: number): OutOfBagScore {
  if (classes > 0) return { rows, accuracy: right / weight };
  return { rows, r2: 1 - missed / (squares - (sum * sum) / weight) };
}

function classOf(sums: Float64Array, row: number, outputs: number, trees: number, threshold: number): number {
  if (outputs === 1) return sums[row] / trees > threshold ? 1 : 0;
  let best = 0;
  for (let k = 1; k < outputs; k++) if (sums[row * outputs + k] > sums[row * outputs + best]) best = k;
  return best;
}

const square = (x: number): number => x * x;

/**
 * Scores of two classes, the statistic behind ROC and precision-recall curves: kept per class, merged like any statistic and put in order
 * when the curve is drawn. For up to `EXACT_SCORES` rows; more are counted in bins (score-bins.ts).
 */
import { float64, type Kernels, place, withKernels } from "../kernels/kernels.ts";

/** Rows whose scores are kept one by one: 32 MiB of them, which a reducer puts in order within its memory. */
export const EXACT_SCORES = 4_194_304;

/**
 * Scores of one class. Where every row weighs 1: pieces in any order, because sorting all of them once takes half the time of merging
 * sorted ones. With weights: one piece, ascending, equal scores sharing an entry, because sums of weights follow the order of merging.
 */
export interface ScoreList {
  pieces: Float64Array[];
  /** One a score. */
  weights: Float64Array | null;
}

export interface Scores {
  readonly positives: ScoreList;
  readonly negatives: ScoreList;
}

export const emptyScores = (weighted: boolean): Scores => ({ positives: emptyList(weighted), negatives: emptyList(weighted) });

const emptyList = (weighted: boolean): ScoreList => ({ pieces: [], weights: weighted ? new Float64Array(0) : null });

export const countScores = ({ pieces }: ScoreList): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** Adds finite scores of a class. `weights` is read where the list has weights; null: every score weighs 1. */
export function addScores(into: ScoreList, scores: Float64Array, weights: Float64Array | null): void {
  withKernels((k) => {
    const isWeighted = into.weights !== null && weights !== null;
    addPlaced(k, into, place(k, scores), isWeighted ? place(k, weights) : 0, scores.length);
  });
}

/** Adds n finite scores of a class that lie in kernel memory, which is changed; weights at 0: every score weighs 1. */
export function addPlaced(k: Kernels, into: ScoreList, scores: number, weights: number, n: number): void {
  if (n === 0) return;
  if (into.weights === null) {
    into.pieces.push(float64(k, scores, n).slice());
    return;
  }
  const mark = k.mark();
  const own = weights === 0 ? placeOnes(k, n) : weights;
  k.sortPairs(scores, own, n, k.claim(16 * n));
  const added = sharedEntries(k, scores, own, n);
  k.release(mark);
  mergeLists(into, added);
}

function placeOnes(k: Kernels, n: number): number {
  const ones = k.claim(8 * n);
  float64(k, ones, n).fill(1);
  return ones;
}

export function mergeScores(into: Scores, other: Scores): void {
  for (const side of ["positives", "negatives"] as const) mergeLists(into[side], other[side]);
}

/** Moves scores that weigh 1 to `into`: they are the same in whatever order they come, which sums of weights are not. */
export function poolScores(into: Scores, other: Scores): void {
  if (into.positives.weights !== null || other.positives.weights !== null) return;
  mergeScores(into, other);
  for (const side of ["positives", "negatives"] as const) other[side].pieces = [];
}

/** Both lists have weights, or neither has. */
function mergeLists(into: ScoreList, other: ScoreList): void {
  if (into.weights === null || other.weights === null || countScores(into) === 0 || countScores(other) === 0) {
    into.pieces.push(...other.pieces);
    if (other.weights?.length) into.weights = other.weights;
    return;
  }
  const [[a], [b], weightsA, weightsB] = [into.pieces, other.pieces, into.weights, other.weights];
  const n = a.length + b.length;
  withKernels((k) => {
    const [out, weights] = [k.claim(8 * n), k.claim(8 * n)];
    k.mergePairs(place(k, a), place(k, weightsA), a.length, place(k, b), place(k, weightsB), b.length, out, weights);
    Object.assign(into, sharedEntries(k, out, weights, n));
  });
}

/** Equal scores as one entry with the sum of their weights. */
function sharedEntries(k: Kernels, scores: number, weights: number, n: number): ScoreList {
  const entries = k.shareEntries(scores, weights, n);
  return { pieces: [float64(k, scores, entries).slice()], weights: float64(k, weights, entries).slice() };
}

/** The scores of a list in kernel memory, ascending, and their weights; 0 where every score weighs 1. */
export interface PlacedScores {
  readonly scores: number;
  readonly count: number;
  readonly weights: number;
}

/** In scratch memory, which the caller gives back. */
export function placeAscending(k: Kernels, list: ScoreList): PlacedScores {
  const { pieces, weights } = list;
  const count = countScores(list);
  const scores = k.claim(8 * count);
  let at = scores;
  for (const piece of pieces) {
    float64(k, at, piece.length).set(piece);
    at += 8 * piece.length;
  }
  if (weights !== null) return { scores, count, weights: place(k, weights) };
  const mark = k.mark();
  k.sort(scores, count, k.claim(8 * count));
  k.release(mark);
  return { scores, count, weights: 0 };
}

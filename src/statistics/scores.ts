/**
 * Scores of two classes, the statistic behind ROC and precision-recall curves: per class the scores in ascending order, merged like
 * any statistic. For up to `EXACT_SCORES` rows; more are counted in bins (score-bins.ts).
 */
import { float64, type Kernels, place, withKernels } from "../kernels/kernels.ts";

/** Rows whose scores are kept one by one: 32 MiB of them, which a reducer merges within its memory. */
export const EXACT_SCORES = 4_194_304;

/** Scores of one class, ascending. With weights, one per score, equal scores share an entry; without, `weights` is null and every score weighs 1. */
export interface ScoreList {
  scores: Float64Array;
  weights: Float64Array | null;
}

export interface Scores {
  readonly positives: ScoreList;
  readonly negatives: ScoreList;
}

export const emptyScores = (weighted: boolean): Scores => ({ positives: emptyList(weighted), negatives: emptyList(weighted) });

const emptyList = (weighted: boolean): ScoreList => ({ scores: new Float64Array(0), weights: weighted ? new Float64Array(0) : null });

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
  const mark = k.mark();
  const scratch = k.claim(weights === 0 ? 8 * n : 16 * n);
  if (weights === 0) k.sort(scores, n, scratch);
  else k.sortPairs(scores, weights, n, scratch);
  const added =
    into.weights === null
      ? { scores: float64(k, scores, n).slice(), weights: null }
      : sharedEntries(k, scores, weights === 0 ? placeOnes(k, n) : weights, n);
  k.release(mark);
  keep(into, merged(into, added));
}

function placeOnes(k: Kernels, n: number): number {
  const ones = k.claim(8 * n);
  float64(k, ones, n).fill(1);
  return ones;
}

export function mergeScores(into: Scores, other: Scores): void {
  for (const side of ["positives", "negatives"] as const) keep(into[side], merged(into[side], other[side]));
}

/** Moves scores that weigh 1 to `into`: a sorted list is the same in whatever order it was merged, which sums of weights are not. */
export function poolScores(into: Scores, other: Scores): void {
  if (into.positives.weights !== null || other.positives.weights !== null) return;
  mergeScores(into, other);
  for (const side of ["positives", "negatives"] as const) keep(other[side], emptyList(false));
}

function keep(into: ScoreList, list: ScoreList): void {
  ({ scores: into.scores, weights: into.weights } = list);
}

/** The scores of both, ascending. */
export function merged(a: ScoreList, b: ScoreList): ScoreList {
  if (b.scores.length === 0) return a;
  if (a.scores.length === 0) return b;
  const [na, nb] = [a.scores.length, b.scores.length];
  return withKernels((k) => {
    const [keysA, keysB] = [place(k, a.scores), place(k, b.scores)];
    const out = k.claim(8 * (na + nb));
    if (a.weights === null && b.weights === null) {
      k.merge(keysA, na, keysB, nb, out);
      return { scores: float64(k, out, na + nb).slice(), weights: null };
    }
    const weightsOf = ({ weights }: ScoreList, n: number): number => (weights === null ? placeOnes(k, n) : place(k, weights));
    const [weightsA, weightsB] = [weightsOf(a, na), weightsOf(b, nb)];
    const payload = k.claim(8 * (na + nb));
    k.mergePairs(keysA, weightsA, na, keysB, weightsB, nb, out, payload);
    return sharedEntries(k, out, payload, na + nb);
  });
}

/** Equal scores as one entry with the sum of their weights. */
function sharedEntries(k: Kernels, scores: number, weights: number, n: number): ScoreList {
  const entries = k.shareEntries(scores, weights, n);
  return { scores: float64(k, scores, entries).slice(), weights: float64(k, weights, entries).slice() };
}

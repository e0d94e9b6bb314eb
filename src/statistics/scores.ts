/**
 * Scores of two classes, the statistic behind ROC and precision-recall curves: per class the scores in ascending order, merged like
 * any statistic. Exact while the rows fit (`EXACT_SCORES`); beyond, scores are first rounded down to bin edges taken from a sample
 * (`binEdges`), which bounds the memory by the number of bins and the error by `areaUnderRocBound` (curves.ts).
 */
import { float64, type Kernels, place, withKernels } from "../kernels/kernels.ts";

/** Rows whose scores are kept one by one: 32 MiB of them, which a reducer merges within its memory. */
export const EXACT_SCORES = 4_194_304;

/** Bins beyond that: the area under the ROC is then off by 1e-6 or so, and the statistic is 16 MiB a class. */
export const SCORE_BINS = 1_048_576;

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

/**
 * Merges the scores of each class. With edges a list that has grown past them is rounded down to its bins, which bounds it; earlier would
 * only cost time, for rounding and merging may change places: a bin is the same bin before and after.
 */
export function mergeScores(into: Scores, other: Scores, edges: Float64Array | null): void {
  for (const side of ["positives", "negatives"] as const) {
    const both = merged(into[side], other[side]);
    keep(into[side], edges !== null && both.scores.length > edges.length ? rounded(both, edges) : both);
  }
}

/** Every score rounded down to the last edge that is not above it, or up to the first; equal ones share an entry. */
export function rounded({ scores, weights }: ScoreList, edges: Float64Array): ScoreList {
  const n = scores.length;
  return withKernels((k) => {
    const keys = place(k, scores);
    k.roundDown(keys, n, place(k, edges), edges.length);
    return sharedEntries(k, keys, weights === null ? placeOnes(k, n) : place(k, weights), n);
  });
}

function keep(into: ScoreList, list: ScoreList): void {
  ({ scores: into.scores, weights: into.weights } = list);
}

function merged(a: ScoreList, b: ScoreList): ScoreList {
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

/**
 * Lower edges, ascending and distinct, of at most `bins` bins that hold about equally many rows each, judged by a sample of the rows.
 * A score below the first edge belongs to the first bin. An empty sample gives the one edge 0.
 */
export function binEdges(sample: Scores, bins = SCORE_BINS): Float64Array {
  const all = merged(withoutWeights(sample.positives), withoutWeights(sample.negatives)).scores;
  if (all.length === 0) return Float64Array.of(0);
  const wanted = Math.min(bins, all.length);
  const edges = new Float64Array(wanted);
  let n = 0;
  for (let bin = 0; bin < wanted; bin++) {
    const edge = all[Math.floor((bin * all.length) / wanted)];
    if (n === 0 || edge > edges[n - 1]) edges[n++] = edge;
  }
  return edges.slice(0, n);
}

const withoutWeights = ({ scores }: ScoreList): ScoreList => ({ scores, weights: null });

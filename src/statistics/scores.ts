/**
 * Scores of two classes, the statistic behind ROC and precision-recall curves: per class the scores in ascending order, merged like
 * any statistic. Exact while the rows fit (`EXACT_SCORES`); beyond, scores are first rounded down to bin edges taken from a sample
 * (`binEdges`), which bounds the memory by the number of bins and the error by `areaUnderRocBound` (curves.ts).
 */
import { float64, place, withKernels } from "../kernels/kernels.ts";

/** Rows whose scores are kept one by one: 32 MiB of them, which a reducer merges within its memory. */
export const EXACT_SCORES = 4_194_304;

/** Bins beyond that: the area under the ROC is then off by 1e-6 or so, and the statistic is 16 MiB a class. */
export const SCORE_BINS = 1_048_576;

/**
 * Scores of one class. Blocks of them as they came, or, once sorted, one block in ascending order. With weights (one per score)
 * equal scores share an entry once sorted; without, `weights` is null and every score weighs 1.
 */
export interface ScoreList {
  sorted: boolean;
  scores: Float64Array[];
  weights: Float64Array[] | null;
}

export interface Scores {
  readonly positives: ScoreList;
  readonly negatives: ScoreList;
}

/** One class in ascending order; `weights` null: every score weighs 1. */
interface SortedList {
  readonly scores: Float64Array;
  readonly weights: Float64Array | null;
}

interface WeightedList extends SortedList {
  readonly weights: Float64Array;
}

export interface SortedScores {
  readonly positives: SortedList;
  readonly negatives: SortedList;
}

export const emptyScores = (weighted: boolean): Scores => ({ positives: emptyList(weighted), negatives: emptyList(weighted) });

const emptyList = (weighted: boolean): ScoreList => ({ sorted: true, scores: [], weights: weighted ? [] : null });

/**
 * Adds a block of finite scores to a class; the arrays belong to the list from here on. `weights` is read where the list has weights.
 * Sorting waits until a merge or a curve needs it, so that a part is sorted once and not once a block.
 */
export function addScores(into: ScoreList, scores: Float64Array, weights: Float64Array | null): void {
  if (scores.length === 0) return;
  into.sorted = false;
  into.scores.push(scores);
  if (into.weights !== null) into.weights.push(weights ?? new Float64Array(scores.length).fill(1));
}

export function mergeScores(into: Scores, other: Scores): void {
  mergeLists(into.positives, other.positives);
  mergeLists(into.negatives, other.negatives);
}

function mergeLists(into: ScoreList, other: ScoreList): void {
  const merged = mergeSorted(sortedList(into), sortedList(other));
  into.sorted = true;
  into.scores = [merged.scores];
  into.weights = merged.weights && [merged.weights];
}

/** Both classes in ascending order; the statistic stays as it is. */
export const sortedScores = (scores: Scores): SortedScores => ({
  positives: sortedList(scores.positives),
  negatives: sortedList(scores.negatives),
});

function sortedList(list: ScoreList): SortedList {
  const scores = concatenate(list.scores);
  const weights = list.weights && concatenate(list.weights);
  return list.sorted ? { scores, weights } : sort(scores, weights);
}

function sort(scores: Float64Array, weights: Float64Array | null): SortedList {
  const n = scores.length;
  return withKernels((k) => {
    const keys = place(k, scores);
    const payload = weights && place(k, weights);
    const scratch = k.allocate(payload === null ? 8 * n : 16 * n);
    if (payload === null) {
      k.sort(keys, n, scratch);
      return { scores: float64(k, keys, n).slice(), weights: null };
    }
    k.sortPairs(keys, payload, n, scratch);
    return shareEntries(float64(k, keys, n), float64(k, payload, n));
  });
}

function mergeSorted(a: SortedList, b: SortedList): SortedList {
  if (b.scores.length === 0) return a;
  if (a.scores.length === 0) return b;
  const [na, nb] = [a.scores.length, b.scores.length];
  return withKernels((k) => {
    const [keysA, keysB] = [place(k, a.scores), place(k, b.scores)];
    const out = k.allocate(8 * (na + nb));
    if (a.weights === null || b.weights === null) {
      k.merge(keysA, na, keysB, nb, out);
      return { scores: float64(k, out, na + nb).slice(), weights: null };
    }
    const [weightsA, weightsB] = [place(k, a.weights), place(k, b.weights)];
    const payload = k.allocate(8 * (na + nb));
    k.mergePairs(keysA, weightsA, na, keysB, weightsB, nb, out, payload);
    return shareEntries(float64(k, out, na + nb), float64(k, payload, na + nb));
  });
}

/** Adds up the weights of equal scores. -0 equals 0 and stands before it, so the two share an entry too. */
function shareEntries(scores: Float64Array, weights: Float64Array): WeightedList {
  let entries = 0;
  for (let i = 0; i < scores.length; i++) {
    if (entries > 0 && scores[i] === scores[entries - 1]) {
      weights[entries - 1] += weights[i];
    } else {
      scores[entries] = scores[i];
      weights[entries++] = weights[i];
    }
  }
  return { scores: scores.slice(0, entries), weights: weights.slice(0, entries) };
}

function concatenate(blocks: readonly Float64Array[]): Float64Array {
  if (blocks.length === 1) return blocks[0];
  const all = new Float64Array(blocks.reduce((n, block) => n + block.length, 0));
  let start = 0;
  for (const block of blocks) {
    all.set(block, start);
    start += block.length;
  }
  return all;
}

/**
 * Lower edges, ascending and distinct, of at most `bins` bins that hold about equally many rows each, judged by a sample of the rows.
 * A score below the first edge belongs to the first bin. An empty sample gives the one edge 0.
 */
export function binEdges(sample: Scores, bins = SCORE_BINS): Float64Array {
  const all = mergeSorted(withoutWeights(sample.positives), withoutWeights(sample.negatives)).scores;
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

const withoutWeights = (list: ScoreList): SortedList => sortedList({ sorted: false, scores: list.scores, weights: null });

/**
 * Adds finite scores of a class rounded down to the edges of their bins (below the first edge: up to it). Sorting first makes the way
 * through the edges one walk: looking each score up among 2^20 edges costs ten times as much in cache misses.
 */
export function addBinned(into: ScoreList, scores: Float64Array, weights: Float64Array | null, edges: Float64Array): void {
  if (scores.length === 0) return;
  const sorted = sort(scores, weights);
  let edge = 0;
  for (let low = 0, high = edges.length; high - low > 1; edge = low) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= sorted.scores[0]) low = middle;
    else high = middle;
  }
  for (let i = 0; i < sorted.scores.length; i++) {
    while (edge + 1 < edges.length && edges[edge + 1] <= sorted.scores[i]) edge++;
    sorted.scores[i] = edges[edge];
  }
  const binned = shareEntries(sorted.scores, sorted.weights ?? new Float64Array(sorted.scores.length).fill(1));
  const merged = mergeSorted(sortedList(into), binned);
  into.sorted = true;
  into.scores = [merged.scores];
  into.weights = [merged.weights ?? binned.weights];
}

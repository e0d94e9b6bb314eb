/**
 * Scores of two classes, the statistic behind ROC and precision-recall curves: kept per class, merged like any statistic and put in order
 * when the curve is drawn. For up to `EXACT_SCORES` rows; more are counted in bins (score-bins.ts).
 */
import { float64, type Kernels, place, withKernels } from "../kernels/kernels.ts";

/** Rows whose scores are kept one by one: 32 MiB of them, which a reducer puts in order within its memory. */
export const EXACT_SCORES = 4_194_304;

/**
 * Scores of one class. Where every row weighs 1: pieces as they came, which a task puts in order at its end, because sorting many at once
 * takes half the time of merging sorted ones. With weights: one piece, ascending, equal scores sharing an entry, because sums of weights
 * follow the order of merging.
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

/** Moves scores that weigh 1 to the first, as one piece in order: they are the same however they came, which sums of weights are not. */
export function poolScores([first, ...others]: readonly Scores[]): void {
  for (const side of ["positives", "negatives"] as const) {
    const list = first[side];
    if (list.weights !== null) return;
    for (const other of others) {
      list.pieces.push(...other[side].pieces);
      other[side].pieces = [];
    }
    if (list.pieces.length > 0) list.pieces = [ascending(list)];
  }
}

/** All scores of a list whose rows weigh 1. */
export const ascending = (list: ScoreList): Float64Array =>
  withKernels((k) => {
    const { scores, count } = placeAscending(k, list);
    return float64(k, scores, count).slice();
  });

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

/** Sorted pieces up to which merging them takes less than sorting all anew (3 and 18 ns a score, each time their number halves and once). */
const MOST_MERGED = 32;

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
  if (pieces.length <= MOST_MERGED && pieces.every(isAscending))
    return { scores: mergePieces(k, pieces, scores, count), count, weights: 0 };
  const mark = k.mark();
  k.sort(scores, count, k.claim(8 * count));
  k.release(mark);
  return { scores, count, weights: 0 };
}

function isAscending(scores: Float64Array): boolean {
  for (let i = 1; i < scores.length; i++) if (scores[i] < scores[i - 1]) return false;
  return true;
}

/** Merges pieces that lie one after another, two by two; answers where they are then. */
function mergePieces(k: Kernels, pieces: readonly Float64Array[], scores: number, count: number): number {
  let [from, to] = [scores, pieces.length > 1 ? k.claim(8 * count) : scores];
  for (let sizes = pieces.map(({ length }) => length); sizes.length > 1; [from, to] = [to, from]) {
    const joined: number[] = [];
    let first = 0;
    for (let i = 0; i < sizes.length; i += 2) {
      const [a, b] = [sizes[i], sizes[i + 1] ?? 0];
      k.merge(from + 8 * first, a, from + 8 * (first + a), b, to + 8 * first);
      first += a + b;
      joined.push(a + b);
    }
    sizes = joined;
  }
  return from;
}

/**
 * Scores of two classes counted in bins, for more rows than are kept one by one. Knots at equal shares of a sample cut the scores into
 * stretches, each of which is cut into bins of equal width, so a bin holds about an equal share of the rows and a row finds its bin by one
 * short search. Where scores repeat each one is a knot, so that the bins do not join what the model tells apart.
 */
import { float64, type Kernels, place, uint32 } from "../kernels/kernels.ts";
import { type Drawn, drawBy, type Walk } from "./curves.ts";
import { ascending, type Scores } from "./scores.ts";

/** Bins at most: the area under the ROC is then off by 1e-6 or so (`areaUnderRocBound` says how much). */
export const SCORE_BINS = 1_048_576;

/** Quantiles of the sample that become knots: 8 KiB that travel with the question, and 1,024 bins from each to the next. */
const KNOTS = 1_024;

/** Rows whose scores are sampled: 128 from knot to knot, so the rows there vary by a tenth or so. */
export const SAMPLED_SCORES = 131_072;

/** Rows of one class by bin. */
interface Side {
  /** One entry a row while they are fewer than the bins, with weights where rows have some; then `counts` takes their place. */
  bins: Uint32Array;
  weights: Float64Array | null;
  /** Rows of each bin, while no bin can have more than a uint32 counts; or their weight. */
  counts: Uint32Array | Float64Array | null;
  /** All of them. */
  rows: number;
}

export interface ScoreBins {
  readonly positives: Side;
  readonly negatives: Side;
}

export const emptyBins = (weighted: boolean): ScoreBins => ({ positives: emptySide(weighted), negatives: emptySide(weighted) });

const emptySide = (weighted: boolean): Side => ({
  bins: new Uint32Array(0),
  weights: weighted ? new Float64Array(0) : null,
  counts: null,
  rows: 0,
});

/** Ascending, distinct, at least one. An empty sample gives the one knot 0. */
export function knotsOf(sample: Scores, most = KNOTS): Float64Array {
  const all = ascending({ pieces: [...sample.positives.pieces, ...sample.negatives.pieces], weights: null });
  if (all.length === 0) return Float64Array.of(0);
  const stretches = Math.min(most, all.length) - 1;
  const knots = Float64Array.from({ length: stretches + 1 }, (_, s) => all[Math.floor((s * (all.length - 1)) / Math.max(1, stretches))]);
  return knots.filter((knot, s) => s === 0 || knot > knots[s - 1]);
}

/** Bins between two knots; the last knot has one more to itself. */
const binsEach = (knots: Float64Array): number => (knots.length === 1 ? 1 : Math.floor((SCORE_BINS - 1) / (knots.length - 1)));

/** Adds the scores of a class that lie in kernel memory, as many float64; weights at 0: every score weighs 1. */
export function addToBins(k: Kernels, into: Side, knots: Float64Array, scores: number, weights: number, n: number): void {
  const mark = k.mark();
  const [bins, scratch] = [k.claim(4 * n), k.claim(4 * n)];
  k.findBins(scores, n, place(k, knots), knots.length, binsEach(knots), bins);
  // In order, so that counting goes through the memory of the counts and does not leap about in it, which takes five times as long.
  if (into.weights === null) k.sortBins(bins, n, scratch);
  mergeSide(into, { bins: uint32(k, bins, n), weights: into.weights && weightsAt(k, weights, n), counts: null, rows: n });
  k.release(mark);
}

function weightsAt(k: Kernels, weights: number, n: number): Float64Array {
  return weights === 0 ? new Float64Array(n).fill(1) : float64(k, weights, n);
}

/** Adds `other`. Which of the two forms comes out follows from the number of rows, and sums are in the order of merging. */
export function mergeBins(into: ScoreBins, other: ScoreBins): void {
  mergeSide(into.positives, other.positives);
  mergeSide(into.negatives, other.negatives);
}

/** Moves the rows of `other` to `into` where they weigh 1: counts add up to the same in any order, which sums of weights do not. */
export function poolBins(into: ScoreBins, other: ScoreBins): void {
  if (into.positives.weights !== null || other.positives.weights !== null) return;
  mergeBins(into, other);
  Object.assign(other.positives, emptySide(false));
  Object.assign(other.negatives, emptySide(false));
}

function mergeSide(into: Side, other: Side): void {
  const rows = into.rows + other.rows;
  if (into.counts === null && other.counts === null && rows <= SCORE_BINS) {
    if (into.weights !== null && other.weights !== null) into.weights = joined(new Float64Array(rows), into.weights, other.weights);
    into.bins = joined(new Uint32Array(rows), into.bins, other.bins);
    into.rows = rows;
    return;
  }
  const counts = countsOf(into, rows);
  addCounts(counts, other);
  Object.assign(into, { ...emptySide(into.weights !== null), counts, rows });
}

function joined<T extends Uint32Array | Float64Array>(out: T, a: T, b: T): T {
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** The counts of a side, in memory of half the size while all of `rows` can be in one bin: they are read and sent many times. */
function countsOf(side: Side, rows: number): Uint32Array | Float64Array {
  const Storage = side.weights === null && rows <= 0xffff_ffff ? Uint32Array : Float64Array;
  if (side.counts instanceof Storage) return side.counts;
  const counts = new Storage(SCORE_BINS);
  addCounts(counts, side);
  return counts;
}

function addCounts(into: Uint32Array | Float64Array, { bins, weights, counts }: Side): void {
  if (counts !== null) for (let bin = 0; bin < SCORE_BINS; bin++) into[bin] += counts[bin];
  else if (weights !== null) for (let i = 0; i < bins.length; i++) into[bins[i]] += weights[i];
  else for (let i = 0; i < bins.length; i++) into[bins[i]]++;
}

/** Areas and curve as if every row had the score of its bin's lower end. */
export function drawBins({ positives, negatives }: ScoreBins, knots: Float64Array, points: number): Drawn {
  const walk: Walk = (k, out, to, apart) =>
    k.binAreas(place(k, countsOf(positives, positives.rows)), place(k, countsOf(negatives, negatives.rows)), SCORE_BINS, out, to, apart);
  const { areas, curve } = drawBy(walk, points, SCORE_BINS);
  const each = binsEach(knots);
  return { areas, curve: { ...curve, thresholds: curve.thresholds.map((bin) => lowerEnd(bin, knots, each)) } };
}

function lowerEnd(bin: number, knots: Float64Array, each: number): number {
  const knot = Math.floor(bin / each);
  const within = bin - knot * each;
  return within === 0 ? knots[knot] : knots[knot] + ((knots[knot + 1] - knots[knot]) * within) / each;
}

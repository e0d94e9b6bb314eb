/**
 * Where LightGBM's bins end (`BinMapper::FindBin`, `GreedyFindBin`). Values around zero have a bin of their own, also where there are none;
 * the negative and the positive ones share the others by their rows. A bin is full when it has the mean of the rows that are left; a value
 * of as many rows is alone; and no bin that could be filled ends with fewer than three. Rows count, not their weights.
 */
import type { CutNumbers } from "./cuts.ts";

/** `kZeroThreshold`, a float32. */
const ZERO = Math.fround(1e-35);
/** `min_data_in_bin`. */
const LEAST_ROWS = 3;

/** Missing values take one of the bins. */
export const lightgbmCuts: CutNumbers = ({ sample: { values } }, rows, maxBins) => {
  const most = rows > values.length ? maxBins - 1 : maxBins;
  const negative = values.filter((value) => value < -ZERO);
  const positive = values.filter((value) => value > ZERO);
  const share = negative.length / (negative.length + positive.length);
  const cuts = negative.length > 0 && most > 1 ? [...greedyCuts(negative, Math.max(1, Math.floor(share * (most - 1)))), -ZERO] : [];
  const left = most - 1 - cuts.length;
  if (positive.length > 0 && left > 0) cuts.push(ZERO, ...greedyCuts(positive, left));
  return Float64Array.from(cuts);
};

/** Of ascending values, so that they have `most` bins at most. */
function greedyCuts(sorted: Float64Array, most: number): number[] {
  const [values, counts] = distinctOf(sorted);
  const cuts: number[] = [];
  const cutAfter = (i: number): void => {
    const cut = nextAbove((values[i] + values[i + 1]) / 2);
    if (cuts.length === 0 || cut > nextAbove(cuts[cuts.length - 1])) cuts.push(cut);
  };
  let rows = 0;
  if (values.length <= most) {
    for (let i = 0; i < values.length - 1; i++) {
      rows += counts[i];
      const before = cuts.length;
      if (rows >= LEAST_ROWS) cutAfter(i);
      if (cuts.length > before) rows = 0;
    }
    return cuts;
  }
  const bins = Math.max(1, Math.min(most, Math.floor(sorted.length / LEAST_ROWS)));
  const isBig = counts.map((count) => count >= sorted.length / bins);
  let binsLeft = bins - isBig.filter(Boolean).length;
  let rowsLeft = counts.reduce((sum, count, i) => (isBig[i] ? sum : sum + count), 0);
  let full = rowsLeft / binsLeft;
  let ended = 0;
  for (let i = 0; i < values.length - 1 && ended < bins - 1; i++) {
    if (!isBig[i]) rowsLeft -= counts[i];
    rows += counts[i];
    if (!isBig[i] && rows < full && !(isBig[i + 1] && rows >= Math.max(1, full / 2))) continue;
    cutAfter(i);
    ended++;
    rows = 0;
    if (isBig[i]) continue;
    binsLeft--;
    full = rowsLeft / binsLeft;
  }
  return cuts;
}

/** Neighbouring float64 are one value, the upper. */
function distinctOf(sorted: Float64Array): [values: number[], counts: number[]] {
  const [values, counts]: [number[], number[]] = [[], []];
  sorted.forEach((value, i) => {
    if (i > 0 && value <= nextAbove(sorted[i - 1])) {
      values[values.length - 1] = value;
      counts[counts.length - 1]++;
    } else {
      values.push(value);
      counts.push(1);
    }
  });
  return [values, counts];
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The next float64. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (!Number.isFinite(value)) return value;
  float[0] = value;
  bits[0] += value > 0 ? 1n : -1n;
  return float[0];
}

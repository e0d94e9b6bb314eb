/**
 * Rows of a small node, as bins with their derivatives: where they take no more bytes than a histogram they travel instead of one, and the
 * reducer grows all that is below the node by itself, without a round. Sums are exact, so it does not matter who adds them up.
 */
import type { Layout } from "./layout.ts";

export interface SmallRows {
  readonly columns: number;
  /** Row by row. */
  readonly bins: Uint8Array;
  readonly pairs: Float64Array;
  /** What each counts for. */
  readonly counts: Float64Array;
}

/** Bytes that rows of a node may take even where a histogram would take less: a round saved is worth them. */
export const SMALL_BYTES = 2 ** 16;

/** Rows of a node up to which they travel; 0 where nodes do not know their rows. */
export function smallLimit({ size, rows, bins }: Layout): number {
  return rows === "none" ? 0 : Math.floor(Math.max(8 * size, SMALL_BYTES) / (bins.length + 24));
}

export function joinRows(a: SmallRows, b: SmallRows): SmallRows {
  const bins = new Uint8Array(a.bins.length + b.bins.length);
  const pairs = new Float64Array(a.pairs.length + b.pairs.length);
  const counts = new Float64Array(a.counts.length + b.counts.length);
  bins.set(a.bins);
  bins.set(b.bins, a.bins.length);
  pairs.set(a.pairs);
  pairs.set(b.pairs, a.pairs.length);
  counts.set(a.counts);
  counts.set(b.counts, a.counts.length);
  return { columns: b.columns, bins, pairs, counts };
}

export function histogramOf({ columns, bins, pairs, counts }: SmallRows, { starts, total, rows, size }: Layout): Float64Array {
  const histogram = new Float64Array(size);
  const first = Uint32Array.from(starts);
  addPairs(histogram, columns, bins, pairs, first);
  if (rows === "plane") addCounts(histogram.subarray(2 * total), columns, bins, counts, first);
  return histogram;
}

// Loops stand in functions of their own: code that is compiled while a loop runs is thrown away where its function goes on after it.

function addPairs(histogram: Float64Array, columns: number, bins: Uint8Array, pairs: Float64Array, first: Uint32Array): void {
  for (let i = 0, row = 0; row < bins.length; i += 2, row += columns) {
    const [g, h] = [pairs[i], pairs[i + 1]];
    for (let j = 0; j < columns; j++) {
      const at = 2 * (first[j] + bins[row + j]);
      histogram[at] += g;
      histogram[at + 1] += h;
    }
  }
}

function addCounts(plane: Float64Array, columns: number, bins: Uint8Array, counts: Float64Array, first: Uint32Array): void {
  for (let i = 0, row = 0; row < bins.length; i++, row += columns) {
    for (let j = 0; j < columns; j++) plane[first[j] + bins[row + j]] += counts[i];
  }
}

/** The rows that go left at a split, and those that go right. */
export function partRows(rows: SmallRows, column: number, goesLeft: Uint8Array): [SmallRows, SmallRows] {
  const [left, right] = sidesOf(rows, column, goesLeft);
  return [pick(rows, left), pick(rows, right)];
}

function sidesOf({ columns, bins, counts }: SmallRows, column: number, goesLeft: Uint8Array): [Uint32Array, Uint32Array] {
  const [left, right] = [new Uint32Array(counts.length), new Uint32Array(counts.length)];
  let n = 0;
  for (let i = 0; i < counts.length; i++) {
    if (goesLeft[bins[i * columns + column]] === 1) left[n++] = i;
    else right[i - n] = i;
  }
  return [left.subarray(0, n), right.subarray(0, counts.length - n)];
}

function pick(rows: SmallRows, chosen: Uint32Array): SmallRows {
  const pairs = new Float64Array(2 * chosen.length);
  copyPairs(rows.pairs, chosen, pairs);
  return { ...pickBins(rows, chosen), pairs };
}

function pickBins({ columns, bins, counts }: Omit<PartRows, "pairsOf">, chosen: Uint32Array): Omit<SmallRows, "pairs"> {
  const own = new Uint8Array(chosen.length * columns);
  copyBins(bins, columns, chosen, own);
  return { columns, bins: own, counts: Float64Array.from(chosen, (row) => counts[row]) };
}

function copyBins(bins: Uint8Array, columns: number, chosen: Uint32Array, out: Uint8Array): void {
  for (let i = 0, to = 0; i < chosen.length; i++) {
    for (let from = chosen[i] * columns, end = from + columns; from < end; from++) out[to++] = bins[from];
  }
}

function copyPairs(pairs: Float64Array, chosen: Uint32Array, out: Float64Array): void {
  for (let i = 0; i < chosen.length; i++) {
    out[2 * i] = pairs[2 * chosen[i]];
    out[2 * i + 1] = pairs[2 * chosen[i] + 1];
  }
}

/** Rows of a part, whose pairs are brought where they are wanted. */
interface PartRows {
  readonly columns: number;
  readonly bins: Uint8Array;
  readonly counts: ArrayLike<number>;
  pairsOf(rows: Uint32Array): Float64Array;
}

/** Some rows of a part. Rows that count for nothing stay. */
export function smallRowsOf(all: PartRows, rows: Uint32Array): SmallRows {
  const own = rows.filter((row) => all.counts[row] > 0);
  return { ...pickBins(all, own), pairs: all.pairsOf(own) };
}

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
  for (let i = 0; i < counts.length; i++) {
    const [g, h] = [pairs[2 * i], pairs[2 * i + 1]];
    for (let j = 0; j < columns; j++) {
      const bin = starts[j] + bins[i * columns + j];
      histogram[2 * bin] += g;
      histogram[2 * bin + 1] += h;
      if (rows === "plane") histogram[2 * total + bin] += counts[i];
    }
  }
  return histogram;
}

/** The rows that go left at a split, and those that go right. */
export function partRows(rows: SmallRows, column: number, goesLeft: Uint8Array): [SmallRows, SmallRows] {
  const { columns, bins, counts } = rows;
  const sides: [number[], number[]] = [[], []];
  for (let i = 0; i < counts.length; i++) sides[goesLeft[bins[i * columns + column]] === 1 ? 0 : 1].push(i);
  return [pick(rows, sides[0]), pick(rows, sides[1])];
}

function pick(rows: SmallRows, chosen: readonly number[]): SmallRows {
  const pairs = new Float64Array(2 * chosen.length);
  chosen.forEach((i, at) => {
    pairs[2 * at] = rows.pairs[2 * i];
    pairs[2 * at + 1] = rows.pairs[2 * i + 1];
  });
  return { ...pickBins(rows, chosen), pairs };
}

function pickBins({ columns, bins, counts }: Omit<PartRows, "pairsOf">, chosen: readonly number[]): Omit<SmallRows, "pairs"> {
  const own = { columns, bins: new Uint8Array(chosen.length * columns), counts: new Float64Array(chosen.length) };
  chosen.forEach((i, at) => {
    own.bins.set(bins.subarray(i * columns, (i + 1) * columns), at * columns);
    own.counts[at] = counts[i];
  });
  return own;
}

/** Rows of a part, whose pairs are brought where they are wanted. */
interface PartRows {
  readonly columns: number;
  readonly bins: Uint8Array;
  readonly counts: ArrayLike<number>;
  pairsOf(rows: readonly number[]): Float64Array;
}

/** Some rows of a part. Rows that count for nothing stay. */
export function smallRowsOf(all: PartRows, rows: readonly number[]): SmallRows {
  const own = rows.filter((row) => all.counts[row] > 0);
  return { ...pickBins(all, own), pairs: all.pairsOf(own) };
}

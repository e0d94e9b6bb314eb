/**
 * The profile of the training rows, `profile.json`: what each column looked like, for people, and to tell by how far new rows differ.
 * Counts and moments are of all training rows where a feature needs them anyway; of other columns, and bins always, they are of a sample.
 * Rows count alike, whatever their weight.
 */

import type { Counts } from "../statistics/counts.ts";
import { distinct } from "../statistics/counts.ts";
import type { Summary } from "../statistics/moments.ts";

export interface Profile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export type ColumnProfile = NumberProfile | TextProfile;

interface Common {
  readonly name: string;
  /** Share of the rows without a value. */
  readonly missing: number;
  /** Values that the shares below come from. */
  readonly counted: number;
}

/** Numbers are null where there is no value. */
export interface NumberProfile extends Common {
  readonly type: "number" | "date";
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  /**
   * Upper edges of the bins, ascending; the last bin has none. Deciles, or the values themselves where there are ten at most. A value is
   * in the first bin whose edge is not below it.
   */
  readonly edges: readonly number[];
  /** Of the values, by bin; one more than edges, or empty without a value. */
  readonly shares: readonly number[];
}

export interface TextProfile extends Common {
  readonly type: "string";
  /** About, where they are many. */
  readonly distinct: number;
  /** The most frequent values; empty where they are too many to be counted. */
  readonly values: readonly string[];
  /** Of the values, and of all others together last; empty where there are no values. */
  readonly shares: readonly number[];
}

const BINS = 10;
const VALUES = 50;

/** `sorted` are the values of a sample, ascending, without missing ones. */
export function numberProfile(name: string, type: "number" | "date", summary: Summary, sorted: Float64Array): NumberProfile {
  const { n, mean, m2, missing } = summary;
  const edges = edgesOf(sorted);
  const ends = [...edges.map((edge) => endOf(sorted, edge)), sorted.length];
  const known = (value: number): number | null => (n > 0 ? value : null);
  return {
    name,
    type,
    missing: share(missing, n + missing),
    min: known(summary.min),
    max: known(summary.max),
    mean: known(mean),
    standardDeviation: known(Math.sqrt(m2 / n)),
    counted: sorted.length,
    edges,
    shares: sorted.length === 0 ? [] : ends.map((end, bin) => (end - (bin === 0 ? 0 : ends[bin - 1])) / sorted.length),
  };
}

function edgesOf(sorted: Float64Array): number[] {
  const values = new Set<number>();
  for (let i = 0; i < sorted.length && values.size <= BINS; i++) values.add(sorted[i]);
  if (values.size <= BINS) return [...values];
  const deciles = Array.from({ length: BINS - 1 }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / BINS) - 1]);
  return [...new Set(deciles)];
}

/** How many of the values, ascending, are not above the edge. */
function endOf(sorted: Float64Array, edge: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] <= edge) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Place of the value's bin. */
export function binOf(edges: readonly number[], value: number): number {
  let [from, to] = [0, edges.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (edges[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

export function textProfile(name: string, counts: Counts): TextProfile {
  const { keys, n, missing, level } = counts;
  const order = level > 0 ? [] : keys.map((_, i) => i).sort((a, b) => counts.counts[b] - counts.counts[a] || a - b);
  const top = order.slice(0, VALUES);
  const shares = top.map((i) => counts.counts[i] / n);
  const others = order.slice(VALUES).reduce((sum, i) => sum + counts.counts[i], 0);
  return {
    name,
    type: "string",
    missing: share(missing, n + missing),
    distinct: distinct(counts),
    counted: n,
    values: top.map((i) => keys[i]),
    shares: top.length === 0 ? [] : [...shares, others / n],
  };
}

const share = (part: number, all: number): number => (all > 0 ? part / all : 0);

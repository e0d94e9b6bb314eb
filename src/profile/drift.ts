/**
 * How far new rows differ from the training rows, column by column: the population stability index and the share of missing values.
 *
 * PSI = sum over bins of (a - e) ln(a / e), with e the shares in training and a those of the new rows (Siddiqi, "Credit Risk Scorecards",
 * 2006: above 0.25 the population has changed). Half a row is added to every bin, so that none is empty. Equal populations give about
 * (1/n + 1/m) chi² with one degree of freedom less than bins, n and m the rows of either side (Yurdakul & Naranjo, "Statistical
 * properties of the population stability index", 2020); a column of few rows is named only beyond what chance gives once in 1,000.
 */
import type { Table } from "../data/columns.ts";
import { log } from "../kernels/kernels.ts";
import { binOf, type ColumnProfile, type Profile } from "./profile.ts";
import { sampledRows } from "./sample.ts";

/** New rows that are looked at. */
const SAMPLE_ROWS = 65_536;
const CHANGED_PSI = 0.25;
const CHANGED_MISSING = 0.1;
/** Of the normal distribution, passed by chance once in 1,000 by one side, and in 500 by either. */
const CHANCE = 3.09;
/** The normal law is no guide to shares that rest on fewer rows (Cochran 1954). */
const FEW_ROWS = 5;

interface ColumnDrift {
  /** Null where there are no bins: no value on either side, or strings that hardly repeat. */
  readonly psi: number | null;
  /** Share of the new rows without a value, and by how much it is above that of training. */
  readonly missing: number;
  readonly missingChange: number;
}

export interface Drift {
  /** New rows that were compared: all, or a sample. */
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnDrift>>;
  /** Columns that have changed: psi above 0.25, or missing values 0.1 of the rows more or less, and neither by chance. */
  readonly changed: readonly string[];
}

export interface DriftAsk {
  /** Rows of the new data. */
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface DriftStatistic {
  rows: number;
  /** By column: rows of each bin, and of those without a value. */
  readonly counts: readonly Float64Array[];
  readonly missing: Float64Array;
}

/** Null where the data has none of the profile's columns. */
export function askDrift(profile: Profile, columns: readonly { readonly name: string }[], rows: number): DriftAsk | null {
  const there = profile.columns.filter((column) => columns.some(({ name }) => name === column.name));
  return there.length === 0 ? null : { rows, columns: there };
}

export const emptyDrift = ({ columns }: DriftAsk): DriftStatistic => ({
  rows: 0,
  counts: columns.map(({ shares }) => new Float64Array(shares.length)),
  missing: new Float64Array(columns.length),
});

export function mapDrift(into: DriftStatistic, table: Table, firstRow: number, ask: DriftAsk): void {
  const rows = sampledRows(firstRow, table.rows, ask.rows, SAMPLE_ROWS);
  into.rows += rows.length;
  ask.columns.forEach((profile, j) => {
    const bin = binsOf(profile, table);
    for (const row of rows) {
      const place = bin(row);
      if (place < 0) into.missing[j] += 1;
      else if (place < into.counts[j].length) into.counts[j][place] += 1;
    }
  });
}

/** The bin of a row; -1 for a missing value. */
function binsOf(profile: ColumnProfile, { columns }: Table): (row: number) => number {
  const column = columns[profile.name];
  if (column.type !== "string") {
    const { values } = column;
    const edges = profile.type === "string" ? [] : profile.edges;
    return (row) => (Number.isNaN(values[row]) ? -1 : binOf(edges, values[row]));
  }
  const places = new Map((profile.type === "string" ? profile.values : []).map((value, place) => [value, place]));
  const byCode = [...column.dictionary.map((text) => places.get(text) ?? places.size), -1];
  return (row) => byCode[column.codes[row]];
}

export function mergeDrift(into: DriftStatistic, other: DriftStatistic): void {
  into.rows += other.rows;
  into.counts.forEach((counts, j) => {
    other.counts[j].forEach((count, bin) => {
      counts[bin] += count;
    });
    into.missing[j] += other.missing[j];
  });
}

export function finishDrift(found: DriftStatistic, { columns }: DriftAsk): Drift {
  const changed: string[] = [];
  const entries = columns.map((profile, j): [string, ColumnDrift] => {
    const psi = stabilityIndex(profile, found.counts[j]);
    const missing = found.missing[j] / Math.max(1, found.rows);
    const missingChange = missing - profile.missing;
    const n = found.counts[j].reduce((sum, count) => sum + count, 0);
    const isPsi = psi !== null && psi > CHANGED_PSI && psi > chancePsi(profile, n);
    const change = Math.abs(missingChange);
    const isMissing = change >= CHANGED_MISSING && change * found.rows >= FEW_ROWS && change > chanceMissing(profile, missing, found.rows);
    if (isPsi || isMissing) changed.push(profile.name);
    return [profile.name, { psi, missing, missingChange }];
  });
  return { rows: found.rows, columns: Object.fromEntries(entries), changed };
}

function stabilityIndex({ shares, counted }: ColumnProfile, counts: Float64Array): number | null {
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0 || counted === 0 || shares.length === 0) return null;
  const half = shares.length / 2;
  return shares.reduce((sum, share, bin) => {
    const expected = (share * counted + 0.5) / (counted + half);
    const actual = (counts[bin] + 0.5) / (n + half);
    return sum + (actual - expected) * log(actual / expected);
  }, 0);
}

/** Quantile of chi² by Wilson & Hilferty (1931). Half-rows and bins of chance make small samples no worse. */
function chancePsi({ shares, counted }: ColumnProfile, n: number): number {
  const degrees = Math.max(1, shares.length - 1);
  const root = 1 - 2 / (9 * degrees) + CHANCE * Math.sqrt(2 / (9 * degrees));
  return (1 / n + 1 / counted) * degrees * root * root * root;
}

function chanceMissing({ missing, counted }: ColumnProfile, now: number, rows: number): number {
  const trained = counted / Math.max(1e-9, 1 - missing);
  const pooled = (missing * trained + now * rows) / (trained + rows);
  return CHANCE * Math.sqrt(pooled * (1 - pooled) * (1 / trained + 1 / rows));
}

/** The algebra of encoded columns: ((NaN ? fill : raw) - shift) * scale stays of that form through filling, scaling and renaming. */
import type { Summary } from "../statistics/moments.ts";
import { emptyMoments, mergeMoments, summaryOf } from "../statistics/moments.ts";
import type { Take, ViewColumn } from "./view.ts";

/** A column as it comes out of the take; a missing value stays missing. */
export function raw(name: string, source: string, take: Take): ViewColumn {
  return { name, source, take, fill: Number.NaN, shift: 0, scale: 1 };
}

/** Takes that give a number for a missing source value too. */
const total = new Set<Take["kind"]>(["level", "other", "missing", "hash", "equals"]);

/** Whether some source value gives NaN. */
function mayMiss({ fill, take }: ViewColumn): boolean {
  return Number.isNaN(fill) && !total.has(take.kind) && !(take.kind === "index" && take.other !== null);
}

/** NaN becomes `value`, in the units of the column as it is; nothing changes where nothing is missing. */
export function filled(column: ViewColumn, value: number): ViewColumn {
  return mayMiss(column) ? { ...column, fill: value / column.scale + column.shift } : column;
}

/** (column - shift) * scale. The scale must be finite and above 0, so that every column keeps its order and its inverse. */
export function scaled(column: ViewColumn, shift: number, scale: number): ViewColumn {
  return { ...column, shift: column.shift + shift / column.scale, scale: column.scale * scale };
}

/** The same value for every source value, which no scale above 0 can give. Missing values stay missing. */
export function constant(column: ViewColumn, value: number): ViewColumn {
  return { ...raw(column.name, column.source, { kind: "constant", value }), fill: mayMiss(column) ? Number.NaN : value };
}

/** Moments of the column from those of its raw numbers. */
export function summaryAfter(column: ViewColumn, rawSummary: Summary): Summary {
  const { weight, missing } = rawSummary;
  if (column.take.kind === "constant") return moved(column, { ...single(column.take.value, weight), missing });
  if (Number.isNaN(column.fill) || missing === 0) return moved(column, rawSummary);
  const joined = emptyMoments(1);
  for (const part of [rawSummary, single(column.fill, missing)]) mergeMoments(joined, vectors(part));
  return moved(column, { ...summaryOf(joined, 0), missing: 0 });
}

function single(value: number, rows: number): Summary {
  return { n: rows, weight: rows, mean: value, m2: 0, min: value, max: value, missing: 0 };
}

function vectors(summary: Summary): Parameters<typeof mergeMoments>[0] {
  const { n, weight, mean, m2, min, max, missing } = summary;
  const of = (value: number) => Float64Array.of(value);
  return { n: of(n), weight: of(weight), mean: of(mean), m2: of(m2), min: of(min), max: of(max), missing: of(missing) };
}

/** The moments of (x - shift) * scale from those of x. */
function moved({ shift, scale }: ViewColumn, summary: Summary): Summary {
  const move = (value: number) => (value - shift) * scale;
  return { ...summary, mean: move(summary.mean), m2: summary.m2 * scale * scale, min: move(summary.min), max: move(summary.max) };
}

/** What the two stages that make categories share: the values that a column takes in training, and how to look for one. */
import { InputError } from "../ports/errors.ts";
import type { Facts } from "./facts.ts";
import type { FrameColumn, Trace } from "./frame.ts";
import type { StageParams } from "./params.ts";
import type { Known } from "./view.ts";

type Order = StageParams<"stringIndexer">["stringOrderType"];

/** A category is read off the dataset's own values. */
export function mustBeUnscaled({ name, scaled }: Trace, stage: string): void {
  if (scaled) throw new InputError(`${stage} input ${name} must not be scaled before, got a scaled column; move the scaler after ${stage}`);
}

/** What a missing value counts as, as text: an imputed string or number. */
export function missingAs(column: FrameColumn): string | null {
  if (column.kind === "string") return column.missingAs;
  const fill = column.encoded[0].fill;
  return Number.isNaN(fill) ? null : String(fill);
}

/** Distinct values in training in the given order; equally frequent ones ascending. Numbers are compared as text, as Spark does. */
export function orderedLevels(column: FrameColumn, facts: Facts, order: Order): string[] {
  const { texts, counts, missing } = facts.levels(column);
  const rows = new Map(texts.map((text, i) => [text, counts[i]]));
  const imputed = missingAs(column);
  if (imputed !== null && missing > 0) rows.set(imputed, (rows.get(imputed) ?? 0) + missing);
  if (rows.size === 0)
    throw new InputError(`column ${column.source} must have a value in the training rows, got only missing ones; exclude it`);
  const sign = order === "frequencyAsc" || order === "alphabetAsc" ? 1 : -1;
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  if (order === "alphabetAsc" || order === "alphabetDesc") return [...rows.keys()].sort((a, b) => sign * byText(a, b));
  return [...rows].sort(([a, x], [b, y]) => sign * (x - y) || byText(a, b)).map(([text]) => text);
}

/** The values that pass where others are refused or skipped; an imputed missing value passes as what it became. */
export function knownLevels(column: FrameColumn, levels: readonly string[]): Known {
  const imputed = missingAs(column);
  return { source: column.source, known: imputed !== null && levels.includes(imputed) ? [...levels, null] : levels };
}

/** What a linear model learned, from its `model.json`: coefficients in the units of the data, and effects that can be compared. */

import type { ViewColumn } from "../features/view.ts";
import type { ModelJson } from "../model/format.ts";

export interface Effect {
  /** Name of an encoded column: `age`, `plan=basic`. */
  readonly name: string;
  /** One for each line of the model, per unit of the data. */
  readonly coefficients: readonly number[];
  /** Per unit of the encoded column: a standard deviation where it is standardised, having the category where it is one-hot. */
  readonly effects: readonly number[];
  /** Where the model knows it. */
  readonly standardError: number | null;
}

export interface Effects {
  /** Classes that have a line of their own; one nameless line for two classes and for regression. */
  readonly lines: readonly string[];
  readonly intercepts: readonly number[];
  /** In the order of the view. */
  readonly columns: readonly Effect[];
  /** Whether every column of numbers is brought to a common scale, so that effects can be ranked. */
  readonly comparable: boolean;
}

type ByColumn = Readonly<Record<string, number>>;

/** Null for a model without coefficients. */
export function effectsOf(model: ModelJson): Effects | null {
  const { coefficients, intercept, view } = model;
  if (typeof coefficients !== "object" || coefficients === null) return null;
  const lines = typeof intercept === "number" ? [""] : Object.keys(intercept as ByColumn);
  const byLine =
    typeof intercept === "number"
      ? [coefficients as ByColumn]
      : lines.map((line) => (coefficients as Readonly<Record<string, ByColumn>>)[line]);
  const errors = standardErrorsOf(model);
  return {
    lines,
    intercepts: typeof intercept === "number" ? [intercept] : Object.values(intercept as ByColumn),
    columns: view.columns.map(({ name, scale }, j) => {
      const own = byLine.map((of) => of[name]);
      return {
        name,
        coefficients: own,
        effects: own.map((value) => (scale === 0 ? 0 : value / scale)),
        standardError: errors?.[j] ?? null,
      };
    }),
    comparable: view.columns.every((column) => !isNumber(column) || column.scale !== 1),
  };
}

const isNumber = ({ take }: ViewColumn): boolean => take.kind === "number";

/** By column, the intercept last. */
function standardErrorsOf({ standardErrors, significance }: ModelJson): readonly (number | null)[] | null {
  if (Array.isArray(standardErrors)) return standardErrors;
  const own = (significance as { standardErrors?: unknown } | null | undefined)?.standardErrors;
  return Array.isArray(own) ? own : null;
}

/** The largest first, by the largest effect of any line; columns that have none are left out. As they come where effects cannot be compared. */
export function largest({ columns, comparable }: Effects): Effect[] {
  const size = ({ effects }: Effect): number => Math.max(...effects.map(Math.abs));
  const found = columns.filter((column) => size(column) > 0);
  return comparable ? found.sort((a, b) => size(b) - size(a)) : found;
}

/** Spark's StandardScaler: unit sample standard deviation over the training rows, and zero mean where asked. */
import type { Summary } from "../statistics/moments.ts";
import { constant, scaled } from "./expression.ts";
import { scaler } from "./scaler.ts";
import type { ViewColumn } from "./view.ts";

export interface Standard {
  readonly mean: number;
  /** Sample standard deviation (n - 1). 0 for a constant column, which becomes 0 as in Spark. */
  readonly sd: number;
}

export const standardScaler = scaler("standardScaler", standardOf, ({ withMean, withStd }, column, { mean, sd }) =>
  standardised(column, withMean ? mean : 0, withStd ? sd : 1),
);

/** A deviation too small for its inverse is that of a constant. */
export function standardOf({ weight, mean, m2 }: Summary): Standard {
  const sd = weight > 1 ? Math.sqrt(m2 / (weight - 1)) : 0;
  return { mean, sd: Number.isFinite(1 / sd) ? sd : 0 };
}

export function standardised(column: ViewColumn, mean: number, sd: number): ViewColumn {
  return sd === 0 ? constant(column, 0) : scaled(column, mean, 1 / sd);
}

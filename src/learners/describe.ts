/** Linear models for people: coefficients by column name in the units of the dataset's columns. */
import type { SourceLine } from "./encoding.ts";

/** One line's coefficients by name, in the order of the columns. */
export const byColumn = (columns: readonly string[], values: readonly (number | null)[]): Record<string, number | null> =>
  Object.fromEntries(columns.map((name, j) => [name, values[j]]));

/** Intercepts and then coefficients, line by line, as little-endian float64 in `weights.bin`. */
export const lineWeights = (lines: readonly SourceLine[]): Float64Array =>
  Float64Array.from([...lines.map(({ intercept }) => intercept), ...lines.flatMap(({ coefficients }) => coefficients)]);

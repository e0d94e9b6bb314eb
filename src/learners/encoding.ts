/**
 * Learners ask for source columns and do their own shifting and scaling: views that differ by those only then share one scan, and
 * coefficients are in the units of the dataset from the start.
 */
import type { View } from "../features/view.ts";

/** The view without shift and scale: columns in the units of the dataset. */
export function sourceView(view: View): View {
  return { ...view, columns: view.columns.map((column) => ({ ...column, shift: 0, scale: 1 })) };
}

/** The given columns of a view as (source - shift) * scale. */
export function scaledView(view: View, columns: readonly number[], shift: ArrayLike<number>, scale: ArrayLike<number>): View {
  return { ...view, columns: columns.map((j, k) => ({ ...view.columns[j], shift: shift[k], scale: scale[k] })) };
}

/** A linear function of the columns of a dataset: intercept + sum_j coefficients[j] * source_j. */
export interface SourceLine {
  readonly coefficients: readonly number[];
  readonly intercept: number;
}

/**
 * The same function of the columns of the view, x = (source - shift) * scale. A column of scale 0 is constant and its coefficient 0.
 */
export function inView(view: View, line: SourceLine): SourceLine {
  let intercept = line.intercept;
  const coefficients = view.columns.map(({ shift, scale }, j) => {
    intercept += line.coefficients[j] * shift;
    return scale === 0 ? 0 : line.coefficients[j] / scale + 0;
  });
  return { coefficients, intercept: intercept + 0 };
}

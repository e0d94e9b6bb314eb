/** Contributions of the columns to the predictions of some fold groups of a part, all of it at once: of many rows the caller makes groups. */
import type { View } from "../../features/view.ts";
import { float64, kernels } from "../../kernels/kernels.ts";
import type { LearnerAny } from "../../learners/registry.ts";
import { keptRows } from "./kept-rows.ts";
import { matrixPart, type Rows } from "./part.ts";

export interface Explained {
  /** Offsets of the rows within the part, those that the view skips left out. */
  readonly kept: Uint32Array;
  /** Of each output its columns and its base: one float64 a row. */
  readonly columns: readonly Float64Array[];
}

/** The learner must have an `explainer`. */
export function explainRows(
  rows: Rows,
  folds: readonly number[],
  view: View,
  learner: LearnerAny,
  model: unknown,
  outputs: number,
): Explained {
  const kept = keptRows(rows, view, folds);
  const width = view.columns.length;
  const columns = Array.from({ length: outputs * (width + 1) }, () => new Float64Array(kept.length));
  const explain = learner.explainer?.(model);
  if (explain === undefined) throw new Error(`learner ${learner.name} must explain its predictions`);
  const row = new Float64Array(width);
  const into = new Float64Array(columns.length);
  let start = 0;
  for (const { rows: n, stride, x } of matrixPart(rows).blocks(view, folds)) {
    const values = float64(kernels(), x, stride * width);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < width; j++) row[j] = values[j * stride + i];
      into.fill(0);
      explain(row, into);
      for (let c = 0; c < columns.length; c++) columns[c][start + i] = into[c];
    }
    start += n;
  }
  return { kept, columns };
}

/** Predictions of one fold group of a part, the rows encoded once for all models of the view: what evaluation and scoring both read. */
import type { View } from "../../features/view.ts";
import { float64, kernels, withKernels } from "../../kernels/kernels.ts";
import { WIDE_COLUMNS } from "../../learners/blocks.ts";
import type { Block } from "../../learners/learner.ts";
import type { LearnerAny } from "../../learners/registry.ts";
import { keptRows } from "./kept-rows.ts";
import { matrixPart, type Rows } from "./part.ts";

export interface Predicted {
  /** Offsets of the rows within the part, those that the view skips left out. */
  readonly kept: Uint32Array;
  /** By model: `outputs` columns of one float64 per row. */
  readonly values: readonly Float64Array[];
  /** 1, or the number of classes when there are more than two. */
  readonly outputs: number;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

/** Memory of so many numbers, all 0. */
export type Room = (length: number) => Float64Array;

const fresh: Room = (length) => new Float64Array(length);

/** `every`: of so many blocks only one, for predictions of one output; `kept` then still names all rows. `room`: where the answer lies. */
export function predictRows(
  rows: Rows,
  fold: number,
  view: View,
  classes: readonly string[] | null,
  learner: LearnerAny,
  models: readonly unknown[],
  every = 1,
  room = fresh,
): Predicted {
  const outputs = classes !== null && classes.length > 2 ? classes.length : 1;
  const kept = keptRows(rows, view, fold);
  const values = models.map(() => room(kept.length * outputs));
  const labels = room(kept.length);
  const weights = room(kept.length);
  let start = 0;
  const keep = (n: number, label: number, weight: number, predict: (model: unknown, out: Float64Array) => void): void => {
    labels.set(float64(kernels(), label, n), start);
    weights.set(float64(kernels(), weight, n), start);
    models.forEach((model, m) => {
      const out = outputs === 1 ? values[m].subarray(start, start + n) : new Float64Array(n * outputs);
      predict(model, out);
      for (let k = 0; outputs > 1 && k < outputs; k++) values[m].set(out.subarray(k * n, (k + 1) * n), k * kept.length + start);
    });
    start += n;
  };
  const part = matrixPart(rows);
  const { predictSparse } = learner;
  if (view.columns.length > WIDE_COLUMNS && predictSparse !== undefined) {
    for (const block of part.sparseBlocks(view, fold, every))
      keep(block.rows, block.label, block.weight, (model, out) => predictSparse(model, block, out));
  } else {
    withKernels(() => {
      const predictors = new Map(models.map((model) => [model, predictorOf(learner, model)]));
      for (const block of part.blocks(view, fold, every))
        keep(block.rows, block.label, block.weight, (model, out) => predictors.get(model)?.(block, out));
    });
  }
  if (every === 1) return { kept, values, outputs, labels, weights };
  return {
    kept,
    values: values.map((own) => own.subarray(0, start)),
    outputs,
    labels: labels.subarray(0, start),
    weights: weights.subarray(0, start),
  };
}

/** Allocates in kernel memory. */
const predictorOf = (learner: LearnerAny, model: unknown): ((block: Block, out: Float64Array) => void) =>
  learner.predictor?.(model) ?? ((block, out) => learner.predict(model, block, out));

/** Predictions of some fold groups of a part, the rows encoded once for all models of the view: what evaluation and scoring both read. */
import type { View } from "../../features/view.ts";
import { float64, withKernels } from "../../kernels/kernels.ts";
import { WIDE_COLUMNS } from "../../learners/blocks.ts";
import type { Block, SparseBlock } from "../../learners/learner.ts";
import type { LearnerAny } from "../../learners/registry.ts";
import { predictedRows } from "../../plan/memory.ts";
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

/** 1, or the number of classes when there are more than two. */
export const outputsOf = (classes: readonly string[] | null): number => (classes !== null && classes.length > 2 ? classes.length : 1);

/** `every`: of so many blocks only one, for predictions of one output; `kept` then still names all rows. `room`: where the answer lies. */
export function predictRows(
  rows: Rows,
  folds: readonly number[],
  view: View,
  classes: readonly string[] | null,
  learner: LearnerAny,
  models: readonly unknown[],
  every = 1,
  room = fresh,
): Predicted {
  const outputs = outputsOf(classes);
  const kept = keptRows(rows, view, folds);
  const values = models.map(() => room(kept.length * outputs));
  const labels = room(kept.length);
  const weights = room(kept.length);
  let start = 0;
  predictBlocks(rows, folds, view, outputs, learner, models, every, (block) => {
    const n = block.labels.length;
    labels.set(block.labels, start);
    weights.set(block.weights, start);
    block.values.forEach((own, m) => {
      for (let k = 0; k < outputs; k++) values[m].set(own.subarray(k * n, (k + 1) * n), k * kept.length + start);
    });
    start += n;
  });
  if (every === 1) return { kept, values, outputs, labels, weights };
  return {
    kept,
    values: values.map((own) => own.subarray(0, start)),
    outputs,
    labels: labels.subarray(0, start),
    weights: weights.subarray(0, start),
  };
}

/** Predictions of the rows at places [start, end) of the group. */
export interface PredictedStep extends Predicted {
  readonly start: number;
  readonly end: number;
}

/** The same of one model, of as many rows at a time as there is room for: all at once but of many classes. Without rows one step of none. */
export function* predictedSteps(
  rows: Rows,
  fold: number,
  view: View,
  classes: readonly string[] | null,
  learner: LearnerAny,
  model: unknown,
): Generator<PredictedStep> {
  const all = rows.groups[fold];
  const step = predictedRows(outputsOf(classes));
  for (let start = 0; start === 0 || start < all.length; start += step) {
    const end = Math.min(all.length, start + step);
    const some = { ...rows, groups: rows.groups.with(fold, all.subarray(start, end)) };
    yield { start, end, ...predictRows(some, [fold], view, classes, learner, [model]) };
  }
}

/** `values` by model, `outputs` columns of a float64 for each row. */
export type PredictedBlock = Pick<Predicted, "values" | "labels" | "weights">;

/** The same block by block, each of which the next overwrites. */
export function predictBlocks(
  rows: Rows,
  folds: readonly number[],
  view: View,
  outputs: number,
  learner: LearnerAny,
  models: readonly unknown[],
  every: number,
  each: (block: PredictedBlock) => void,
): void {
  const part = matrixPart(rows);
  const { sparsePredictor } = learner;
  withKernels((k) => {
    const rooms: Float64Array[] = [];
    const predict = <B extends Block | SparseBlock>(blocks: Iterable<B>, predictors: ReadonlyMap<unknown, Predictor<B>>): void => {
      for (const block of blocks) {
        const length = block.rows * outputs;
        const values = models.map((model, m) => {
          if (rooms[m] === undefined || rooms[m].length < length) rooms[m] = new Float64Array(length);
          const out = rooms[m].subarray(0, length).fill(0);
          predictors.get(model)?.(block, out);
          return out;
        });
        each({ values, labels: float64(k, block.label, block.rows), weights: float64(k, block.weight, block.rows) });
      }
    };
    // Placed before the blocks, in kernel memory that these release as they end.
    if (view.columns.length > WIDE_COLUMNS && sparsePredictor !== undefined) {
      const predictors = new Map(models.map((model) => [model, sparsePredictor(model)]));
      predict(part.sparseBlocks(view, folds, every), predictors);
    } else {
      const predictors = new Map(models.map((model) => [model, predictorOf(learner, model)]));
      predict(part.blocks(view, folds, every), predictors);
    }
  });
}

type Predictor<B> = (block: B, out: Float64Array) => void;

/** Allocates in kernel memory. */
const predictorOf = (learner: LearnerAny, model: unknown): Predictor<Block> =>
  learner.predictor?.(model) ?? ((block, out) => learner.predict(model, block, out));

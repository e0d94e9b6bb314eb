/** Metrics of three and more classes; `weighted` ones are means over the classes by their rows, as Spark's. */
import { kernels } from "../kernels/kernels.ts";
import { accuracy, addToConfusion, classRates } from "../statistics/confusion.ts";
import { checkClasses, checkLength, checkPredictions } from "./block.ts";
import {
  type ClassStatistic,
  classWarnings,
  clipped,
  constantClasses,
  describeClasses,
  emptyClasses,
  meanLogLoss,
  weightedMean,
} from "./classes.ts";
import type { Evaluated, EvaluationAsk } from "./evaluation.ts";

export const multiclass = {
  empty: (ask: EvaluationAsk): ClassStatistic => emptyClasses("multiclass", ask.classes.length, null),

  /** The class of the largest probability is predicted; of equal ones the first. */
  add(into: ClassStatistic, ask: EvaluationAsk, predictions: Float64Array, labels: Float64Array, weights: Float64Array): void {
    const rows = labels.length;
    const classes = ask.classes.length;
    checkLength(predictions, rows, classes);
    checkClasses(labels, classes);
    const wantsLoss = ask.metrics.includes("logLoss");
    into.rows += rows;
    for (let first = 0; first < rows; first += TILE) {
      const n = Math.min(TILE, rows - first);
      if (!chooseClasses(predictions, rows, first, n, classes)) checkPredictions(predictions, rows, classes);
      addToConfusion(into.confusion, labels.subarray(first, first + n), chosen, weights.subarray(first, first + n), n);
      if (wantsLoss) into.logLoss = addLosses(into.logLoss, predictions, rows, labels, weights, first, n);
    }
  },

  finish(statistic: ClassStatistic, ask: EvaluationAsk): Evaluated {
    const rates = classRates(statistic.confusion);
    const weightedF1 = weightedMean(rates, ({ f1 }) => f1);
    const known: Record<string, number | null> = {
      accuracy: accuracy(statistic.confusion),
      f1: weightedF1,
      weightedF1,
      weightedPrecision: weightedMean(rates, ({ precision }) => precision),
      weightedRecall: weightedMean(rates, ({ recall }) => recall),
      logLoss: meanLogLoss(statistic),
    };
    const metrics = Object.fromEntries(ask.metrics.map((name) => [name, known[name] ?? null]));
    return { ...describeClasses(statistic, ask), metrics, warnings: classWarnings(statistic, ask, metrics) };
  },

  constant: (statistic: ClassStatistic, ask: EvaluationAsk): ClassStatistic => constantClasses(statistic, ask, null),
};

/** Rows whose largest probabilities stay in the nearest cache while the columns of the classes pass by one after the other. */
const TILE = 1_024;
const largest = new Float64Array(TILE);
const chosen = new Uint32Array(TILE);

/** Sets `chosen`; false where some prediction is not finite. */
function chooseClasses(predictions: Float64Array, rows: number, first: number, n: number, classes: number): boolean {
  let usable = true;
  largest.fill(Number.NEGATIVE_INFINITY, 0, n);
  for (let k = 0; k < classes; k++) {
    const from = k * rows + first;
    for (let i = 0; i < n; i++) {
      const value = predictions[from + i];
      if (!(Math.abs(value) < Number.POSITIVE_INFINITY)) usable = false;
      if (value > largest[i]) {
        largest[i] = value;
        chosen[i] = k;
      }
    }
  }
  return usable;
}

/** A sum of its own: V8 writes those of an object to memory row by row. */
function addLosses(
  sum: number,
  predictions: Float64Array,
  rows: number,
  labels: Float64Array,
  weights: Float64Array,
  first: number,
  n: number,
): number {
  const { log } = kernels();
  let loss = sum;
  for (let i = first; i < first + n; i++) loss += weights[i] * -log(clipped(predictions[labels[i] * rows + i]));
  return loss;
}

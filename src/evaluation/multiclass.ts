/** Metrics of three and more classes; `weighted` ones are means over the classes by their rows, as Spark's. */
import { accuracy, classRates } from "../statistics/confusion.ts";
import { checkClasses, checkPredictions } from "./block.ts";
import {
  type ClassStatistic,
  classWarnings,
  constantClasses,
  describeClasses,
  emptyClasses,
  logLoss,
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
    checkPredictions(predictions, rows, classes);
    checkClasses(labels, classes);
    into.rows += rows;
    const wantsLoss = ask.metrics.includes("logLoss");
    for (let i = 0; i < rows; i++) {
      let best = 0;
      for (let k = 1; k < classes; k++) if (predictions[k * rows + i] > predictions[best * rows + i]) best = k;
      into.confusion.weight[labels[i] * classes + best] += weights[i];
      if (wantsLoss) into.logLoss += weights[i] * logLoss(predictions[labels[i] * rows + i]);
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

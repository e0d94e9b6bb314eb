import {
  addPredictions,
  askEvaluation,
  type EvaluationAsk,
  type EvaluationRequest,
  type EvaluationStatistic,
  emptyEvaluation,
} from "../../src/evaluation/evaluation.ts";
import { metricsOf } from "../../src/evaluation/names.ts";
import type { Task } from "../../src/learners/learner.ts";

/** Everything asked of a task, with what a test gives instead. */
export function askAll(task: Task, given: Partial<EvaluationRequest> = {}): EvaluationAsk {
  const classes = task === "regression" ? [] : task === "binary" ? ["no", "yes"] : ["a", "b", "c"];
  const shares = { regression: [0], binary: [0.5, 0.5], multiclass: [0.5, 0.25, 0.25] }[task];
  return askEvaluation({
    task,
    metrics: metricsOf(task),
    classes,
    threshold: 0.5,
    weighted: true,
    wantsCurve: true,
    baseline: shares,
    rows: 100,
    ...given,
  });
}

/** The statistic of one block; weights of 1 where none are given. */
export function evaluate(ask: EvaluationAsk, predictions: number[], labels: number[], weights = labels.map(() => 1)): EvaluationStatistic {
  const statistic = emptyEvaluation(ask);
  addPredictions(statistic, ask, Float64Array.from(predictions), Float64Array.from(labels), Float64Array.from(weights));
  return statistic;
}

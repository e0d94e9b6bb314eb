/** What an evaluation asks for: the task's metrics, and the constant prediction that the training rows suggest. */
import type { EvaluationRequest } from "../../evaluation/evaluation.ts";
import { defaultMetrics, type Metric } from "../../evaluation/names.ts";
import type { Task } from "../../learners/learner.ts";
import type { RunContext, RunState } from "../run.ts";
import type { LabelGroup } from "./labels.ts";

/** Regression, or by the number of classes in the training rows. */
export function taskOf(state: RunState): Task {
  if (state.classes === null) return "regression";
  return state.classes.length > 2 ? "multiclass" : "binary";
}

export function evaluationRequest(
  state: RunState,
  { plan }: RunContext,
  training: LabelGroup,
  rows: number,
  metrics: readonly string[],
  wantsCurve: boolean,
): EvaluationRequest {
  const task = taskOf(state);
  const threshold = plan.job.model.params.threshold;
  return {
    task,
    metrics: metrics.length > 0 ? (metrics as readonly Metric[]) : defaultMetrics(task),
    classes: state.classes ?? [],
    threshold: typeof threshold === "number" ? threshold : 0.5,
    weighted: plan.job.weight !== undefined,
    baseline: baselineOf(state, training),
    rows,
    wantsCurve,
  };
}

function baselineOf({ classes }: RunState, training: LabelGroup): number[] {
  if (classes === null) return [training.mean];
  const weights = classes.map((text) => training.classes[text]?.weight ?? 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (all > 0 ? weight / all : 0));
}

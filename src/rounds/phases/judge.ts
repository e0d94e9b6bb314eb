/** Judge: every candidate of the search on the fold it was not trained on; the best setting by mean goes on to be trained on all rows. */
import {
  askEvaluation,
  baseline,
  type Evaluated,
  type EvaluationAsk,
  type EvaluationStatistic,
  finishEvaluation,
  nextEvaluation,
} from "../../evaluation/evaluation.ts";
import type { Metric } from "../../evaluation/names.ts";
import { viewFor } from "../../features/fit.ts";
import { searchOf } from "../../tuning/candidates.ts";
import { type Selection, select } from "../../tuning/select.ts";
import { evaluationRequest } from "../parts/judging.ts";
import { type LabelGroup, trainingLabels } from "../parts/labels.ts";
import type { Phase } from "../phase.ts";
import type { CandidateState, Judged, RunContext, RunState } from "../run.ts";
import { emptyScoring, mapScoring, mergeScoring, poolScoring, type ScoringAsk } from "./scoring.ts";

/** Held-out rows of one round over all its candidates: their scores are the largest statistic of a search, 128 MiB at most. */
export const ROWS_PER_ROUND = 2 ** 24;

type JudgeAsk = ScoringAsk & { readonly candidates: readonly number[] };

export const judgePhase: Phase<JudgeAsk, EvaluationStatistic[]> = {
  ask: (state, context) => questionAbout(nextCandidates(state), state, context),
  ahead: (state, context) => {
    const chosen = nextCandidates(state);
    // A sample is followed by a question about the same candidates.
    if (chosen.some((candidate) => evaluationOf(candidate, state, context).scores.kind === "sample")) return null;
    return questionAbout(nextCandidates(state, chosen), state, context);
  },
  empty: emptyScoring,
  map: mapScoring,
  merge: mergeScoring,
  pool: poolScoring,
  step: (merged, ask, state) => {
    const results = { ...state.judged?.results };
    const asks = { ...state.judged?.asks };
    ask.candidates.forEach((id, t) => {
      const asked = ask.targets[t].ask;
      const next = nextEvaluation(merged[t], asked);
      if (next !== null) asks[id] = next;
      else results[id] = { model: metricsOf(finishEvaluation(merged[t], asked)), baseline: metricsOf(baseline(merged[t], asked)) };
    });
    return { ...state, judged: { results, asks } };
  },
};

/** Candidates are compared by nothing else. */
const metricsOf = ({ metrics }: Evaluated): Pick<Evaluated, "metrics"> => ({ metrics });

function questionAbout(
  chosen: readonly CandidateState[],
  state: RunState,
  context: RunContext,
): { units: readonly number[]; ask: JudgeAsk } | null {
  if (chosen.length === 0) return null;
  const { fit } = state;
  if (fit === null) throw new Error("judging needs fitted features");
  const held = [...new Set(chosen.map(({ fold }) => fold))].sort((a, b) => Number(a) - Number(b));
  const targets = chosen.map((candidate) => ({
    view: held.indexOf(candidate.fold),
    groups: [Number(candidate.fold)],
    model: context.learner.model(candidate.state),
    ask: evaluationOf(candidate, state, context),
  }));
  const units = [...Array(state.dataset?.parts ?? 0).keys()];
  const views = held.map((fold) => viewFor(fit, fold));
  return { units, ask: { classes: state.classes, views, targets, candidates: chosen.map(({ id }) => id) } };
}

/** Those not judged yet, fold by fold so that a round encodes few views, as many as the round's rows allow; without those asked now. */
function nextCandidates(state: RunState, asked: readonly CandidateState[] = []): CandidateState[] {
  const isWaiting = (candidate: CandidateState): boolean =>
    candidate.fold !== null && state.judged?.results[candidate.id] === undefined && !asked.includes(candidate);
  const waiting = state.candidates.filter(isWaiting);
  waiting.sort((a, b) => Number(a.fold) - Number(b.fold) || a.id - b.id);
  const chosen: CandidateState[] = [];
  let rows = 0;
  for (const candidate of waiting) {
    rows += state.labels?.groups[Number(candidate.fold)].rows ?? 0;
    if (chosen.length > 0 && rows > ROWS_PER_ROUND) break;
    chosen.push(candidate);
  }
  return chosen;
}

const evaluationOf = (candidate: CandidateState, state: RunState, context: RunContext): EvaluationAsk =>
  state.judged?.asks[candidate.id] ?? askEvaluation(requestFor(candidate, state, context));

function requestFor({ fold }: CandidateState, state: RunState, context: RunContext) {
  if (state.labels === null) throw new Error("judging needs the labels");
  const metric = context.plan.job.tune?.metric as Metric;
  return evaluationRequest(state, context, trainingLabels(state.labels, fold), state.labels.groups[Number(fold)].rows, [metric], false);
}

/** What training says of the held-out folds by itself, where the learner's statistics hold the search's metric. */
export function judgedInTraining(state: RunState, { plan, learner }: RunContext): Record<string, Judged> {
  const metric = plan.job.tune?.metric as Metric;
  const { labels } = state;
  const results: Record<string, Judged> = {};
  for (const candidate of state.candidates) {
    const metrics = candidate.fold === null ? null : (learner.heldOut?.(candidate.state) ?? null);
    if (metrics === null || metrics[metric] === undefined || labels === null) continue;
    const held = labels.groups[Number(candidate.fold)];
    const constant = constantMetrics(held, trainingLabels(labels, candidate.fold).mean);
    results[candidate.id] = { model: { metrics }, baseline: { metrics: constant } };
  }
  return results;
}

/** Squared-error metrics of one number predicted for every row: variance plus squared bias. */
function constantMetrics({ weight, mean, m2 }: LabelGroup, prediction: number): Record<string, number | null> {
  if (weight === 0) return { mse: null, rmse: null, r2: null };
  const mse = m2 / weight + (mean - prediction) * (mean - prediction);
  return { mse, rmse: Math.sqrt(mse), r2: m2 > 0 ? 1 - (mse * weight) / m2 : null };
}

/** The table of the search, and the setting that won. */
export function selectionOf(state: RunState, { plan }: RunContext): Selection {
  const search = searchOf(plan.job);
  const metric = plan.job.tune?.metric as Metric;
  const value = (id: number, side: "model" | "baseline"): number | null => state.judged?.results[id][side].metrics[metric] ?? null;
  const folds = [...Array(search.folds).keys()];
  const results = search.settings.map((_, setting) => folds.map((fold) => value(setting * search.folds + fold, "model")));
  return select(
    search,
    metric,
    results,
    folds.map((fold) => value(fold, "baseline")),
  );
}

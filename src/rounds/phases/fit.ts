/** Fit: the classes of the label and every feature, from training rows only, by fold. One round for each level of stages that needs statistics. */
import { askFit, emptyFit, type FitAsk, type FitStatistic, mapFit, mergeFit, startFit, stepFit } from "../../features/fit.ts";
import { InputError } from "../../ports/errors.ts";
import { addLabels, emptyLabels, joinGroups, type Labels, mergeLabels } from "../labels.ts";
import type { Phase } from "../phase.ts";
import { foldCount, isClassifier, type RunContext, type RunState } from "../run.ts";

export interface FitPhaseAsk {
  readonly folds: number;
  /** Asked in the first round only. */
  readonly labels: boolean;
  readonly features: FitAsk | null;
}

export interface FitPhaseStatistic {
  readonly labels: Labels | null;
  readonly features: FitStatistic | null;
}

export const fitPhase: Phase<FitPhaseAsk, FitPhaseStatistic> = {
  ask: (state, context) => {
    const features = isFrozen(context) ? null : askFit(state.fit ?? begin(state, context));
    if (state.labels !== null && features === null) return null;
    const units = [...Array(state.dataset?.parts ?? 0).keys()];
    return { units, ask: { folds: foldCount(context), labels: state.labels === null, features } };
  },
  empty: (ask) => ({
    labels: ask.labels ? emptyLabels(ask.folds + 1) : null,
    features: ask.features === null ? null : emptyFit(ask.features),
  }),
  map: async (into, part, ask, context) => {
    const { table, groups, weights } = await context.groups(part);
    const job = context.plan.job;
    if (into.labels !== null) addLabels(into.labels, table, groups, weights, job, isClassifier(context));
    if (into.features !== null && ask.features !== null) mapFit(into.features, { table, groups: groups.slice(0, ask.folds) }, ask.features);
  },
  merge: (into, other) => {
    if (into.labels !== null && other.labels !== null) mergeLabels(into.labels, other.labels);
    if (into.features !== null && other.features !== null) mergeFit(into.features, other.features);
  },
  step: (merged, ask, state, context) => {
    const labels = merged.labels ?? state.labels;
    if (isFrozen(context)) return { ...state, labels };
    if (merged.labels !== null) checkTrainingRows(merged.labels, ask.folds, state);
    const fit = state.fit ?? begin(state, context);
    return { ...state, labels, fit: merged.features === null || ask.features === null ? fit : stepFit(merged.features, ask.features, fit) };
  },
};

/** An update keeps the features of the version before it, and may bring no training rows at all. */
const isFrozen = ({ plan }: RunContext): boolean => plan.update !== undefined;

function begin(state: RunState, context: RunContext) {
  const { job } = context.plan;
  const { split } = job;
  const columns = state.dataset?.columns ?? [];
  const others = [job.label.column, job.weight, split.groupBy, split.kind === "column" ? split.column : undefined];
  return startFit(
    job.features,
    columns,
    others.filter((name) => name !== undefined),
    foldCount(context),
    context.learner.rows,
  );
}

function checkTrainingRows(labels: Labels, folds: number, state: RunState): void {
  const all = joinGroups(labels, [...Array(folds).keys()]);
  if (all.rows > 0) return;
  const rows = state.dataset?.rows ?? 0;
  throw new InputError(
    `training rows must be at least one, got none of ${rows} rows (${labels.dropped} without a label, ${labels.groups[folds].rows} held out)`,
  );
}

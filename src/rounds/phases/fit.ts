/** Fit: the classes of the label, every feature and the profile, from training rows only, by fold. One round for each level of stages that needs statistics. */
import { askFit, emptyFit, type FitAsk, type FitStatistic, mapFit, mergeFit, startFit, stepFit } from "../../features/fit.ts";
import { InputError } from "../../ports/errors.ts";
import {
  askProfile,
  emptyProfile,
  finishProfile,
  mapProfile,
  mergeProfile,
  type ProfileAsk,
  type ProfileStatistic,
} from "../../profile/gather.ts";
import { addLabels, emptyLabels, joinLabels, type Labels, mergeLabels, trainingLabels } from "../parts/labels.ts";
import type { Phase } from "../phase.ts";
import { type Dataset, foldCount, isClassifier, type RunContext, type RunState } from "../run.ts";

export interface FitPhaseAsk {
  readonly folds: number;
  /** Asked in the first round only. */
  readonly labels: boolean;
  readonly features: FitAsk | null;
  /** In the first round of a training. */
  readonly profile: ProfileAsk | null;
}

export interface FitPhaseStatistic {
  readonly labels: Labels | null;
  readonly features: FitStatistic | null;
  readonly profile: ProfileStatistic | null;
}

export const fitPhase: Phase<FitPhaseAsk, FitPhaseStatistic> = {
  ask: (state, context) => {
    const features = isFrozen(context) ? null : askFit(state.fit ?? begin(state, context));
    if (state.labels !== null && features === null) return null;
    const { rows, parts, columns } = datasetOf(state);
    const profile = isFrozen(context) || state.labels !== null ? null : askProfile(rows, columns, features);
    return { units: [...Array(parts).keys()], ask: { folds: foldCount(context), labels: state.labels === null, features, profile } };
  },
  empty: (ask) => ({
    labels: ask.labels ? emptyLabels(ask.folds) : null,
    features: ask.features === null ? null : emptyFit(ask.features),
    profile: ask.profile === null ? null : emptyProfile(ask.profile),
  }),
  map: async (into, part, ask, context) => {
    const { table, firstRow, groups, weights } = await context.groups(part);
    const job = context.plan.job;
    if (into.labels !== null) addLabels(into.labels, table, groups, weights, job, isClassifier(context));
    const training = groups.slice(0, ask.folds);
    if (into.features !== null && ask.features !== null) mapFit(into.features, { table, groups: training }, ask.features);
    if (into.profile !== null && ask.profile !== null) mapProfile(into.profile, table, firstRow, training, ask.profile);
  },
  merge: (into, other) => {
    if (into.labels !== null && other.labels !== null) mergeLabels(into.labels, other.labels);
    if (into.features !== null && other.features !== null) mergeFit(into.features, other.features);
    if (into.profile !== null && other.profile !== null) mergeProfile(into.profile, other.profile);
  },
  step: (merged, ask, state, context) => {
    const labels = merged.labels ?? state.labels;
    if (isFrozen(context)) return { ...state, labels };
    if (merged.labels !== null) checkLabels(merged.labels, ask.folds, state, context);
    const fit = state.fit ?? begin(state, context);
    const features = merged.features === null || ask.features === null ? null : { ask: ask.features, found: merged.features };
    const profile =
      merged.profile === null || ask.profile === null || labels === null
        ? state.profile
        : finishProfile(merged.profile, ask.profile, features, trainingLabels(labels, null).rows);
    return { ...state, labels, profile, fit: features === null ? fit : stepFit(features.found, features.ask, fit) };
  },
};

/** An update keeps the features of the version before it, and may bring no training rows at all. */
const isFrozen = ({ plan }: RunContext): boolean => plan.update !== undefined;

function datasetOf({ dataset }: RunState): Dataset {
  if (dataset === null) throw new Error("fitting needs a loaded dataset");
  return dataset;
}

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

function checkLabels(labels: Labels, folds: number, state: RunState, { plan }: RunContext): void {
  const { mean, m2 } = joinLabels(labels.groups);
  if (!Number.isFinite(mean) || !Number.isFinite(m2))
    throw new InputError(
      `label ${plan.job.label.column} must hold numbers up to about 1e150, got some whose squares are no finite numbers`,
    );
  const all = trainingLabels(labels, null);
  const empty = Array.from({ length: folds }, (_, fold) => fold).find((fold) => labels.groups[fold].rows === 0);
  if (all.rows > 0 && empty === undefined) return;
  if (all.rows > 0)
    throw new InputError(
      `tune.folds must leave rows in every fold, got ${folds} folds and none in fold ${empty} of ${all.rows} training rows`,
    );
  const rows = state.dataset?.rows ?? 0;
  throw new InputError(
    `training rows must be at least one, got none of ${rows} rows (${labels.dropped} without a label, ${labels.groups[folds].rows} held out)`,
  );
}

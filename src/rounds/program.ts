/**
 * What happens next: the current phase's question, or the step into the next phase. Only here do phases follow one another, so a run
 * goes the same way in one function, in many, and after a resume.
 */
import { firstRowOf, type Manifest, manifestKey, partPlaces } from "../data/manifest.ts";
import type { Shape } from "../learners/learner.ts";
import { InputError, NotFoundError } from "../ports/errors.ts";
import { readJson, writeJson } from "../ports/json.ts";
import { finalTrial, searchOf, type Trial, trialsOf } from "../tuning/candidates.ts";
import { keepLimits, spend } from "./limits.ts";
import type { Measured } from "./measure.ts";
import { classesOf, trainingLabels } from "./parts/labels.ts";
import { strataTable, writeStrata } from "./parts/strata.ts";
import { judgedInTraining, selectionOf } from "./phases/judge.ts";
import { acceptBadRows, manifestOf, type ReadStores, startLoad } from "./phases/load.ts";
import { loadWarnings } from "./phases/load-warnings.ts";
import { phaseNamed } from "./phases/registry.ts";
import { checkClasses } from "./planning/go-on.ts";
import { rangesFor } from "./planning/plan-run.ts";
import { readKept } from "./publishing/kept.ts";
import {
  type CandidateState,
  type Dataset,
  isClassifier,
  PHASES,
  type PhaseName,
  type Round,
  type RoundRecord,
  type RunContext,
  type RunState,
  viewOf,
} from "./run.ts";

/** The next round, or null when the model can be published; and the state after any phases that ended on the way. */
export async function nextRound(
  from: RunState,
  context: RunContext,
  stores: ReadStores,
): Promise<{ state: RunState; round: Round | null }> {
  let state = from.phase === "load" && from.load === null ? await beginLoad(from, context, stores) : from;
  while (state.phase !== "publish") {
    const question = phaseNamed(state.phase, context.learner).ask(state, context);
    if (question !== null) return { state, round: { number: state.rounds, phase: state.phase, ...question } };
    state = await leavePhase(state, context, stores);
  }
  return { state, round: null };
}

/** The round after the one that the state asks, where the answer does not change it. */
export function roundAhead(state: RunState, context: RunContext): Round | null {
  const question = phaseNamed(state.phase, context.learner).ahead?.(state, context) ?? null;
  return question === null ? null : { number: state.rounds + 1, phase: state.phase, ...question };
}

/** The state after a round that ended at `dateMillis`, from the merged answer of all its units. BudgetError as `keepLimits`. */
export function endRound(
  merged: unknown,
  round: Round,
  state: RunState,
  context: RunContext,
  measured: Measured,
  dateMillis: number,
): RunState {
  const after = phaseNamed(round.phase, context.learner).step(merged, round.ask, state, context);
  const losses = after.candidates
    .filter((candidate) => candidate.loss.length > 0)
    .map((candidate) => candidate.loss[candidate.loss.length - 1]);
  const record: RoundRecord = {
    phase: round.phase,
    round: round.number,
    units: round.units.length,
    ...measured,
    ...(losses.length > 0 ? { loss: Math.min(...losses) } : {}),
  };
  const spent = spend(state.spent, round, measured, dateMillis, context);
  return keepLimits({ ...after, rounds: state.rounds + 1, spent, history: [...state.history, record] }, context);
}

/** A dataset that an earlier run left is used as it is, with the bad rows that were left out of it. */
async function beginLoad(state: RunState, context: RunContext, stores: ReadStores): Promise<RunState> {
  try {
    const manifest = await readJson<Manifest>(stores.store, manifestKey(context.plan.fingerprint));
    await acceptBadRows(manifest, context, stores);
    return { ...state, phase: afterLoad(context), dataset: datasetOf(manifest, context) };
  } catch (error) {
    if (error instanceof NotFoundError) return { ...state, load: startLoad(context) };
    throw error;
  }
}

async function leavePhase(state: RunState, context: RunContext, stores: ReadStores): Promise<RunState> {
  const { store } = stores;
  switch (state.phase) {
    case "load": {
      if (state.load === null) throw new Error("a load phase ends with its state");
      const manifest = manifestOf(state.load, context);
      await writeJson(store, manifestKey(manifest.fingerprint), manifest);
      await acceptBadRows(manifest, context, stores);
      return { ...state, phase: afterLoad(context), load: null, dataset: datasetOf(manifest, context) };
    }
    case "survey":
      await writeStrata(store, context.plan.run, strataTable(state.survey ?? []));
      return { ...state, phase: "fit", survey: null };
    case "fit": {
      const classes = isClassifier(context) && state.labels !== null ? classesOf(state.labels, context.plan.job) : null;
      const before = context.plan.update === undefined ? null : await readKept(store, context.plan.update.copies.statistic);
      const fitted = { ...state, classes, earlier: before?.labels ?? null };
      const candidates = trialsToTrain(context).map((trial) => candidate(trial, fitted, context, before?.kept));
      return context.plan.job.tune === undefined ? { ...fitted, phase: "train", candidates } : { ...fitted, phase: "search", candidates };
    }
    case "search":
      return { ...state, phase: "judge", judged: { results: judgedInTraining(state, context), asks: {} } };
    case "judge": {
      const search = searchOf(context.plan.job);
      const { winner } = selectionOf(state, context);
      const trained = state.candidates.find(({ setting, fold }) => setting === winner && fold === null);
      const final = trained ?? candidate(finalTrial(search, winner, state.candidates.length), state, context);
      // The last candidate is the model.
      return { ...state, phase: "train", candidates: [...state.candidates.filter((other) => other !== final), final] };
    }
    case "evaluate":
      return { ...state, phase: "publish" };
    default:
      return { ...state, phase: PHASES[PHASES.indexOf(state.phase) + 1] };
  }
}

/** Every setting on every fold; with a learner of one pass also on all rows, where the folds' statistics hold the answer already. */
function trialsToTrain({ plan, learner }: RunContext): Trial[] {
  const search = searchOf(plan.job);
  const trials = trialsOf(search);
  if (plan.job.tune === undefined || learner.onePass !== true) return trials;
  return [...trials, ...search.settings.map((_, setting) => finalTrial(search, setting, trials.length + setting))];
}

function afterLoad({ plan }: RunContext): PhaseName {
  if (plan.score !== undefined) return "score";
  return plan.job.split.stratify ? "survey" : "fit";
}

function datasetOf(manifest: Manifest, { plan }: RunContext): Dataset {
  const { fingerprint, columns, rows, badRows } = manifest;
  if (rows === 0)
    throw new InputError(`data must hold at least one row, got none in ${plan.job.data.paths.join(", ")} (${badRows} bad rows)`);
  const testFromRow = firstRowOf(manifest, plan.source.testFromCut);
  return {
    fingerprint,
    columns,
    rows,
    badRows,
    warnings: loadWarnings(manifest, plan.job),
    parts: partPlaces(manifest).length,
    testFromRow,
  };
}

function candidate(trial: Trial, state: RunState, context: RunContext, kept?: unknown): CandidateState {
  if (state.labels === null) throw new Error("training needs the labels");
  const { id, setting, params, fold, trainFolds } = trial;
  const view = viewOf(state, context, fold);
  const shape: Shape = {
    rows: trainingLabels(state.labels, fold).rows,
    parts: state.dataset?.parts ?? 0,
    columns: view.columns.length,
    classes: state.classes?.length ?? 1,
  };
  const ranges = rangesFor(context.plan, shape);
  const classes = state.classes ?? [];
  const from = context.plan.from === undefined ? null : context.model;
  if (from !== null) checkClasses(classes, from);
  const begun = context.learner.start({ id, params, fold, trainFolds, view, classes, shape, ranges }, kept, from?.model);
  return { id, setting, fold, state: begun, done: false, loss: [] };
}

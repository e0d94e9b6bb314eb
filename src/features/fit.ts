/**
 * Fits features from the training rows: for a held-out fold from those of all others, and from all, each as it would be alone. Because
 * every feature is a function of one dataset column, the moments and counts of the dataset's columns fit a whole chain of stages at once,
 * so one round does, and a median takes a few more.
 */
import type { ColumnType } from "../data/columns.ts";
import { InputError } from "../ports/errors.ts";
import { type Decision, decide, encode, notesOf } from "./auto.ts";
import { factsOf } from "./facts.ts";
import { columnOf, type DatasetColumn, type Frame, startFrame, withColumns } from "./frame.ts";
import { type MedianSearch, narrow, openTargets, startSearch } from "./medians.ts";
import { firstAsk, presentAfter } from "./needs.ts";
import type { Stage } from "./params.ts";
import { remember } from "./remember.ts";
import type { Fitted } from "./stage.ts";
import { type ColumnwiseStage, verbsOf } from "./stages.ts";
import { type FitAsk, type FitStatistic, foldsOfFits } from "./survey.ts";
import { assembled, viewOf } from "./vectorAssembler.ts";
import type { RowKind, View } from "./view.ts";

export { emptyFit, type FitAsk, type FitStatistic, foldsOfFits, mapFit, mergeFit } from "./survey.ts";

export interface FitState {
  readonly stages: "auto" | readonly Stage[];
  readonly columns: readonly DatasetColumn[];
  readonly folds: number;
  readonly rows: RowKind;
  readonly first: FitAsk;
  /** The merged answers to the first ask, until everything is fitted. */
  readonly found: FitStatistic | null;
  readonly medians: readonly MedianSearch[];
  /** What each stage fitted, by stage, for each fit: with fold 0 held out, with fold 1, …, and last without any. */
  readonly fits: readonly (readonly Fitted[])[] | null;
  /** Columns that were left out of the fit on all training rows, and why. */
  readonly notes: readonly string[];
}

/** `exclude` are columns that no feature may read: label, weight, group. InputError when the stages do not suit the columns. */
export function startFit(
  stages: "auto" | readonly Stage[],
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
  exclude: readonly string[],
  folds: number,
  rows: RowKind = "matrix",
): FitState {
  const kept = columns.filter(({ name }) => !exclude.includes(name)).map(({ name, type }) => ({ name, type }));
  return { stages, columns: kept, folds, rows, first: firstAsk(stages, kept, folds), found: null, medians: [], fits: null, notes: [] };
}

/** The next question; null when everything is fitted. */
export function askFit(state: FitState): FitAsk | null {
  if (state.fits !== null) return null;
  if (state.found === null) return state.first;
  return { folds: state.folds, moments: [], strings: [], numbers: [], ranges: openTargets(state.medians) };
}

/** InputError, BudgetError: what the training rows hold cannot be fitted; the message names the column. */
export function stepFit(merged: FitStatistic, ask: FitAsk, state: FitState): FitState {
  const fits = foldsOfFits(state.folds);
  const medians =
    state.found === null
      ? ask.ranges.map((target, j) => startSearch(target, merged.ranges[j], fits))
      : narrow(state.medians, ask, merged, fits);
  const found = state.found ?? merged;
  if (openTargets(medians).length > 0) return { ...state, found, medians };
  const mediansOf = (fit: number) => medians.map(({ ranges }) => ranges[fit]?.from ?? Number.NaN);
  const fitted = fits.map((_, fit) => fitOnce(state, found, fit, mediansOf(fit)));
  const notes = state.stages === "auto" ? notesOf(startFrame(state.columns), decisionsOf(fitted[fitted.length - 1])) : [];
  return { ...state, found: null, medians: [], fits: fitted, notes };
}

/** The view of the fit with this fold held out, or of the fit on all training rows (null). InputError when it has no column. */
export function viewFor(state: FitState, fold: number | null): View {
  const fitted = fittedFor(state, fold);
  const start = startFrame(state.columns);
  if (state.stages === "auto") {
    const decisions = decisionsOf(fitted);
    const columns = [...start.columns.values()].map((column) => ({ ...column, encoded: encode(column, decisions[column.name]) }));
    return viewOf(columns, [], []);
  }
  const frame = through(state.stages, start, (_, i) => fitted[i]);
  const last = state.stages.at(-1);
  return last?.kind === "vectorAssembler"
    ? assembled(last.params, frame, state.rows)
    : viewOf([...frame.columns.values()], frame.skip, frame.fail);
}

/** What every stage of the fit on all training rows learned, by column name, for people to read. */
export function fittedSummary(state: FitState): readonly { readonly stage: string; readonly fitted: Fitted }[] {
  const { stages } = state;
  return fittedFor(state, null).map((fitted, i) => ({ stage: stages === "auto" ? "auto" : stages[i].kind, fitted }));
}

function fittedFor({ fits }: FitState, fold: number | null): readonly Fitted[] {
  const last = fits === null ? 0 : fits.length - 1;
  const fitted = fits?.[fold ?? last];
  if (fitted === undefined || fold === last) throw new InputError(`fold must be one of ${last} held-out folds or null, got ${fold}`);
  return fitted;
}

/** The frame at the end of the stages, each with what it fitted. */
function through(stages: readonly Stage[], start: Frame, fittedOf: (stage: ColumnwiseStage, i: number, frame: Frame) => Fitted): Frame {
  return stages.reduce((frame, stage, i) => {
    if (stage.kind === "vectorAssembler") return frame;
    const { inputs, outputs } = stage.params;
    const fitted = fittedOf(stage, i, frame);
    const made = inputs.map((name, j) =>
      verbsOf(stage).transform(stage.params, columnOf(frame, name, stage.kind), outputs[j], fitted[name]),
    );
    return {
      ...withColumns(
        frame,
        made.map(({ output }) => output),
      ),
      present: presentAfter(frame, stage),
      skip: [...frame.skip, ...made.flatMap(({ skip = [] }) => skip)],
      fail: [...frame.fail, ...made.flatMap(({ fail = [] }) => fail)],
    };
  }, start);
}

function fitOnce(state: FitState, found: FitStatistic, fit: number, medians: readonly number[]): readonly Fitted[] {
  const start = startFrame(state.columns);
  const factsFor = remember((present) => factsOf(state.first, found, fit, medians, JSON.parse(present) as string[]));
  const fitted: Fitted[] = [];
  if (state.stages === "auto") {
    const facts = factsFor("[]");
    return [Object.fromEntries([...start.columns.values()].map((column) => [column.name, decide(column, facts, state.rows)]))];
  }
  through(state.stages, start, (stage, i, frame) => {
    const facts = factsFor(JSON.stringify(frame.present));
    const entries = stage.params.inputs.map((name) => [name, verbsOf(stage).fit(stage.params, columnOf(frame, name, stage.kind), facts)]);
    fitted[i] = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    return fitted[i];
  });
  return fitted;
}

const decisionsOf = (fitted: readonly Fitted[]) => fitted[0] as Readonly<Record<string, Decision>>;

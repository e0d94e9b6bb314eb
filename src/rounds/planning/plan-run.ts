/** Plans a run: one listing, a look at the beginning of the data, then pure arithmetic. */

import { partRows as rowsOfPart } from "../../data/columns.ts";
import { checkJob } from "../../job/check.ts";
import type { Job } from "../../job/job.ts";
import type { Where } from "../../job/problem.ts";
import { blockRows } from "../../learners/blocks.ts";
import type { Cost, Shape } from "../../learners/learner.ts";
import { learnerNamed } from "../../learners/registry.ts";
import type { ModelJson } from "../../model/format.ts";
import type { Cut } from "../../plan/cuts.ts";
import type { Choose, SourceSize } from "../../plan/functions.ts";
import { checkMemory, liveOf, type Memory, memoryOf, NO_TRAINING, type ScoringSizes, type TrainingSizes } from "../../plan/memory.ts";
import type { FromPlan, Functions, Plan } from "../../plan/plan.ts";
import { threadsFor } from "../../plan/threads.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { FEW_CELLS } from "../../statistics/confusion.ts";
import { EXACT_SCORES } from "../../statistics/scores.ts";
import { type Search, searchOf } from "../../tuning/candidates.ts";
import { ROWS_PER_ROUND } from "../phases/judge.ts";
import { checkGroups } from "../tasks.ts";
import { checkGoingOn, jobGoingOn } from "./go-on.ts";
import { type Look, lookAtSource } from "./look.ts";

export interface RunRequest {
  readonly run: string;
  /** Paths in it are keys of the sources. */
  readonly job: Job;
  /** The model that it goes on from. */
  readonly from?: FromPlan;
}

/** Functions for a run: given, or chosen by the size of its source. */
export type FunctionsOf = Functions | Choose;

/** The plan of a training, from `model` on where its request says so. `where` tells the place of a path of the job in its file, for errors. */
export async function planRun(
  sources: ObjectStore,
  request: RunRequest,
  functions: FunctionsOf,
  bundle: string,
  where?: Where,
  model: ModelJson | null = null,
): Promise<Plan> {
  const seen = await lookAtSource(sources, request.job);
  const job = model === null ? request.job : jobGoingOn(request.job, model, seen.columns);
  const look = job === request.job ? seen : await lookAtSource(sources, job);
  checkJob(job, look.columns, where);
  if (model !== null) checkGoingOn(job, model, look.fingerprint, look.columns);
  const { from } = request;
  const earlierBytes = model === null ? undefined : modelBytes(model);
  return { ...planOf(look, { ...request, job }, functions, bundle, { earlierBytes }), ...(from && { from }) };
}

/** Of published models that a run reads. */
interface ModelSizes {
  readonly scoring?: ScoringSizes;
  readonly earlierBytes?: number;
}

/** Of a model as it is written. */
export const modelBytes = ({ model }: ModelJson): number => JSON.stringify(model).length;

/** What follows from a look at the data, for a training or for a scoring. BudgetError where it cannot fit the memory, or a round not the machine. */
export function planOf(look: Look, { run, job }: RunRequest, functionsOf: FunctionsOf, bundle: string, models: ModelSizes = {}): Plan {
  const { source, fingerprint } = look;
  const partRows = job.data.partRows ?? rowsOfPart(source.columns.length);
  const functions = typeof functionsOf === "function" ? functionsOf(sizeOf(look, job)) : functionsOf;
  const threads = threadsFor(source.bytes, functions.threads);
  const busy = { ...functions, threads };
  const memory = plannedMemory(job, look, busy, partRows, models);
  checkMemory(memory);
  checkGroups(memory.sizes.units, { functions: busy, memory });
  return { run, bundle, job, source, fingerprint, partRows, functions: busy, memory };
}

/** Who sets the rows of a part wants a small table spread over more functions. */
function sizeOf(look: Look, { data }: Job): SourceSize {
  const { source, rowBytes } = look;
  const bytes = textBytes(look);
  const parts = data.partRows === undefined ? undefined : Math.ceil(bytes / Math.max(1, rowBytes) / data.partRows);
  return { format: source.format, bytes, ...(parts !== undefined && { parts }) };
}

/** Columns that a text column may become: the levels that are one-hot at most, about. */
const LEVELS = 100;

function plannedMemory(job: Job, look: Look, functions: Functions, partRows: number, { scoring, earlierBytes }: ModelSizes): Memory {
  const { source, rowBytes, rowStrings, textRatio, labelValues } = look;
  const learner = learnerNamed(job.model.learner);
  const rows = Math.ceil(textBytes(look) / Math.max(1, rowBytes));
  const parts = Math.max(1, Math.ceil(rows / partRows));
  const columns = source.columns.reduce(
    (sum, column) => sum + (column.type === "string" && job.features === "auto" && learner.rows === "matrix" ? LEVELS : 1),
    0,
  );
  const cutBytes = source.cuts.map((cut) => unpackedBytes(cut, textRatio)).sort((a, b) => b - a);
  const classes = learner.tasks.includes("regression") ? 1 : Math.max(2, labelValues);
  const units = Math.max(parts, source.cuts.length);
  const search = scoring === undefined ? searchOf(job) : null;
  return memoryOf({
    functions: functions.count,
    threads: functions.threads,
    memoryBytes: functions.memoryBytes,
    format: source.format,
    cuts: source.cuts.length,
    largestCutBytes: cutBytes[0] ?? 0,
    readAtOnceBytes: cutBytes.slice(0, functions.threads).reduce((sum, bytes) => sum + bytes, 0),
    rowBytes,
    rowStrings,
    columns: source.columns.length,
    partRows,
    units,
    training: scoring === undefined ? trainingSizes(job, { rows, parts, columns, classes }, functions, partRows) : NO_TRAINING,
    ...(scoring && { scoring }),
    ...(earlierBytes !== undefined && { earlierBytes }),
    ...(classes > 2
      ? { scoredRows: confusedCells(rows, search, classes, functions.threads * liveOf(units)), scoreBytes: 16 }
      : { scoredRows: classes === 2 ? scoredRows(rows, search) : 0, scoreBytes: job.weight === undefined ? 8 : 16 }),
  });
}

function trainingSizes(job: Job, shape: Shape, { count }: Functions, partRows: number): TrainingSizes {
  const learner = learnerNamed(job.model.learner);
  const search = searchOf(job);
  const { statisticBytes, stateBytes, ranged, kept, gathered, judged } = learner.cost(shape, search.settings[0] as never);
  const ownBytes = judged === undefined ? 0 : judged.rowBytes * Math.min(judged.rows, partRows, shape.rows);
  return {
    candidates: search.settings.length * search.folds,
    // What judges held-out folds by the statistics of training asks them once for all settings.
    statistics: search.folds * (learner.heldOut === undefined ? search.settings.length : 1),
    statisticBytes,
    stateBytes,
    classes: shape.classes,
    ...(gathered && { gathered }),
    ...(ranged && learner.ranges && { ranged }),
    keptBytes: keptBytes(kept, Math.min(shape.rows, Math.ceil(shape.parts / count) * partRows), search),
    judgedBytes: Math.max(ownBytes, predictedBytes(shape, Math.min(partRows, shape.rows), search.settings.length)),
  };
}

/** Of some models by view: of a part where each row has one prediction, else of a block, and there also sums and what becomes of them. */
function predictedBytes({ columns, classes }: Shape, partRows: number, models: number): number {
  if (classes <= 2) return 8 * partRows * (models + 2);
  return 8 * Math.min(partRows, blockRows(columns)) * classes * (models + 2);
}

/**
 * Ranges for the training whose columns and classes are known at last, no fewer than planned. BudgetError where so many columns or classes,
 * of which a look at the data could not tell, do not fit the memory.
 */
export function rangesFor({ job, memory, functions, partRows }: Plan, shape: Shape): number {
  const known = memoryOf({ ...memory.sizes, training: trainingSizes(job, shape, functions, partRows) });
  checkMemory(known);
  return Math.min(Math.max(1, shape.columns), Math.max(memory.ranges, known.ranges));
}

/** Every fold has cuts of its own, so bins of its own. */
function keptBytes(kept: Cost["kept"], rows: number, { folds, settings }: Search): number {
  return kept === undefined ? 0 : rows * folds * (kept.bins + settings.length * kept.carry);
}

const unpackedBytes = (cut: Cut, textRatio: number): number =>
  cut.format === "csv" && cut.pieces.some(({ gzip }) => gzip) ? Math.ceil(cut.bytes * textRatio) : cut.bytes;

const textBytes = ({ source, textRatio }: Look): number => source.cuts.reduce((sum, cut) => sum + unpackedBytes(cut, textRatio), 0);

/** Scores that one round may keep: of the training and the test rows at the end, of every setting on the rows that each of its folds held out in a search; of a scoring all. */
const scoredRows = (rows: number, search: Search | null): number =>
  search === null ? rows : Math.max(Math.min(rows, 2 * EXACT_SCORES), heldRows(rows, search));

/** Rows that one round of a search judges. */
const heldRows = (rows: number, { settings, folds }: Search): number => (folds > 1 ? Math.min(settings.length * rows, ROWS_PER_ROUND) : 0);

/** Cells of confusions that one round may keep, of so many at a time of each statistic: all of few classes, of more no more than it judges rows. */
function confusedCells(rows: number, search: Search | null, classes: number, live: number): number {
  const statistics = search === null ? 1 : Math.max(2, search.settings.length * search.folds);
  const all = statistics * live * classes * classes;
  if (classes * classes <= FEW_CELLS) return all;
  return Math.min(search === null ? rows : Math.max(rows, heldRows(rows, search)), all);
}

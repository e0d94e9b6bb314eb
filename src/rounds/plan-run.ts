/** Plans a run: one listing, a look at the beginning of the data, then pure arithmetic. */

import { partRows as rowsOfPart } from "../data/columns.ts";
import { checkJob } from "../job/check.ts";
import type { Job } from "../job/job.ts";
import type { Where } from "../job/problem.ts";
import { learnerNamed } from "../learners/registry.ts";
import type { ModelJson } from "../model/format.ts";
import { checkMemory, type Memory, memoryOf } from "../plan/memory.ts";
import type { Functions, Plan, SourcePlan } from "../plan/plan.ts";
import { InputError } from "../ports/errors.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { EXACT_SCORES } from "../statistics/scores.ts";
import { searchOf } from "../tuning/candidates.ts";
import { type Look, lookAtSource } from "./look.ts";

export interface RunRequest {
  readonly run: string;
  /** Paths in it are keys of the sources. */
  readonly job: Job;
  readonly functions: Functions;
}

/** The plan of a training. `where` tells the place of a path of the job in its file, for errors. */
export async function planRun(sources: ObjectStore, request: RunRequest, bundle: string, where?: Where): Promise<Plan> {
  const look = await lookAtSource(sources, request.job);
  checkJob(request.job, look.columns, where);
  return planOf(look, request, bundle);
}

/** The plan of a scoring: the job of the model over new data, of which only the model's columns are read, and the label where it is there. */
export async function planScoring(sources: ObjectStore, request: RunRequest, model: ModelJson, bundle: string): Promise<Plan> {
  const needed = [
    ...new Set([...model.view.columns, ...model.view.skipWhere, ...(model.view.failWhere ?? [])].map(({ source }) => source)),
  ];
  const look = await lookAtSource(sources, request.job, [...needed, model.label.column]);
  const missing = needed.filter((name) => !look.source.columns.some((column) => column.name === name));
  if (missing.length > 0) {
    throw new InputError(
      `data must have the columns that model ${model.name} was trained on, got none called ${missing.join(", ")} (there: ${look.columns.map(({ name }) => name).join(", ")})`,
    );
  }
  return { ...planOf(look, request, bundle), score: { output: request.job.output } };
}

function planOf({ source, fingerprint, rowBytes }: Look, { run, job, functions }: RunRequest, bundle: string): Plan {
  const partRows = rowsOfPart(source.columns.length);
  const threads = Math.min(functions.threads, Math.max(1, Math.ceil(source.bytes / BYTES_PER_THREAD)));
  const busy = { ...functions, threads };
  const memory = plannedMemory(job, source, busy, partRows, rowBytes);
  checkMemory(memory);
  return { run, bundle, job, source, fingerprint, partRows, functions: busy, memory };
}

/** Bytes of source below which a second thread costs more to start than it saves. */
const BYTES_PER_THREAD = 8 * 2 ** 20;

/** Columns that a text column may become: the levels that are one-hot at most, about. */
const LEVELS = 100;

function plannedMemory(job: Job, source: SourcePlan, functions: Functions, partRows: number, rowBytes: number): Memory {
  const learner = learnerNamed(job.model.learner);
  const search = searchOf(job);
  const rows = Math.ceil(source.bytes / Math.max(1, rowBytes));
  const parts = Math.max(1, Math.ceil(rows / partRows));
  const columns = source.columns.reduce((sum, column) => sum + (column.type === "string" && job.features === "auto" ? LEVELS : 1), 0);
  const cost = learner.cost({ rows, parts, columns, classes: 2 }, search.settings[0] as never);
  return memoryOf({
    threads: functions.threads,
    memoryBytes: functions.memoryBytes,
    format: source.format,
    largestCutBytes: source.cuts.reduce((most, cut) => Math.max(most, cut.bytes), 0),
    rowBytes,
    columns: source.columns.length,
    partRows,
    units: Math.max(parts, source.cuts.length),
    candidates: search.settings.length * search.folds,
    statisticBytes: cost.statisticBytes,
    stateBytes: cost.stateBytes,
    scoredRows: learner.tasks.includes("binary") ? Math.min(rows, EXACT_SCORES * (search.folds > 1 ? 4 : 1)) : 0,
  });
}

/** Plans a run: one listing, a look at the beginning of the data, then pure arithmetic. */
import { lookAtSource } from "../data/look.ts";
import { checkJob } from "../job/check.ts";
import type { Job } from "../job/job.ts";
import type { Where } from "../job/problem.ts";
import { learnerNamed } from "../learners/registry.ts";
import { partRows as rowsOfPart } from "../data/columns.ts";
import { EXACT_SCORES } from "../statistics/scores.ts";
import { checkMemory, type Memory, memoryOf } from "../plan/memory.ts";
import type { Functions, Plan, SourcePlan } from "../plan/plan.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { searchOf } from "../tuning/candidates.ts";

export interface RunRequest {
  readonly run: string;
  /** Paths in it are keys of the sources. */
  readonly job: Job;
  readonly functions: Functions;
}

/** `where` tells the place of a path of the job in its file, for errors. */
export async function planRun(sources: ObjectStore, { run, job, functions }: RunRequest, bundle: string, where?: Where): Promise<Plan> {
  const { source, fingerprint, columns, rowBytes } = await lookAtSource(sources, job);
  checkJob(job, columns, where);
  const partRows = rowsOfPart(source.columns.length);
  const memory = plannedMemory(job, source, functions, partRows, rowBytes);
  checkMemory(memory);
  return { run, bundle, job, source, fingerprint, partRows, functions, memory };
}

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

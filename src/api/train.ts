/** Training on this machine. */
import { join, resolve } from "node:path";
import { anywhere } from "../adapters/anywhere.ts";
import { fileStore } from "../adapters/local/file-store.ts";
import { checkWritable } from "../adapters/local/writable.ts";
import type { Job } from "../job/job.ts";
import type { MetricsJson, ModelJson } from "../model/format.ts";
import type { Plan } from "../plan/plan.ts";
import { ConflictError, InputError } from "../ports/errors.ts";
import { exists, writeJson } from "../ports/json.ts";
import { checkRun, openCheckpoint } from "../rounds/checkpoint.ts";
import { type Work, workOf } from "../rounds/measure.ts";
import { openRun } from "../rounds/open-run.ts";
import { takeModel, takenModel } from "../rounds/planning/go-on.ts";
import { type FunctionsOf, planRun } from "../rounds/planning/plan-run.ts";
import { checkRunName } from "../rounds/planning/run-name.ts";
import { storeData } from "../rounds/planning/store-data.ts";
import { versionOf } from "../rounds/publishing/publish.ts";
import type { Aws } from "./aws.ts";
import { bundle } from "./bundle.ts";
import { execute, type LocalOptions, localFunctionsOf, newRunName, type Seconds } from "./execute.ts";
import { keyOf } from "./paths.ts";

export type { LocalOptions } from "./execute.ts";

export interface Trained {
  readonly run: string;
  /** Folder of the published model. */
  readonly folder: string;
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly rounds: number;
  readonly work: Work;
  readonly seconds: Seconds;
}

/** Plans a run; nothing is trained, and nothing written but data in memory and the model to go on from. `functionsOf` is given for another place than this machine. */
export async function planLocal(
  job: Job,
  options: LocalOptions & { readonly functionsOf?: FunctionsOf; readonly from?: string } = {},
): Promise<Plan> {
  const root = resolve(options.store ?? ".steplearn");
  const store = fileStore(root);
  const run = options.run ?? newRunName(job.name, new Date());
  checkRunName(run);
  if (await exists(store, `runs/${run}/plan.json`)) throw takenRun(run);
  const { memory, ...data } = job.data;
  const found = memory === undefined ? job : { ...job, data: { ...data, paths: [join(root, await storeData(store, memory))] } };
  const from = options.from === undefined ? undefined : await takeModel(anywhere(), keyOf(options.from, "."), store, run);
  const request = { run, job: placed(found, options.folder ?? "."), ...(from && { from }) };
  const model = await takenModel(store, from);
  return planRun(anywhere(), request, options.functionsOf ?? localFunctionsOf(options), bundle, options.where, model);
}

const takenRun = (run: string): InputError =>
  new InputError(`run must be a new name, got ${run}, which exists; go on with it by: steplearn resume ${run}`);

export interface TrainOptions extends LocalOptions {
  /** Folder of a model of boosted trees (the pinned or latest version, or a version) that trees are added to. */
  readonly from?: string;
  /** A deployed stack, from `aws({ stack })`; this machine where left out. Its own options are `from`, `folder`, `run`, `where` and the hooks. */
  readonly on?: Aws;
}

/** Trains a model and publishes it. Rejects with InputError, NumericError, BudgetError or, where its signal stopped it, Stopped; such a run can be resumed. */
export async function train(job: Job, { on, ...options }: TrainOptions = {}): Promise<Trained> {
  if (on !== undefined) return (await import("./train-remote.ts")).trainRemote(job, on, options);
  const from = performance.now();
  const plan = await planLocal(job, options);
  if (!plan.job.output.startsWith("s3://")) await checkWritable(plan.job.output, "output");
  // Of two that start a run of the same name at once, one is told.
  await writeJson(fileStore(resolve(options.store ?? ".steplearn")), `runs/${plan.run}/plan.json`, plan, "absent").catch(
    (error: unknown) => {
      throw error instanceof ConflictError ? takenRun(plan.run) : error;
    },
  );
  return finish(plan, options, from);
}

/** Goes on with a run from its last checkpoint. */
export async function resume(run: string, options: LocalOptions = {}): Promise<Trained> {
  const from = performance.now();
  const store = fileStore(resolve(options.store ?? ".steplearn"));
  checkRunName(run);
  await checkRun(store, run);
  const { plan } = await openRun(store, run, bundle);
  return finish(plan, options, from);
}

async function finish(plan: Plan, options: LocalOptions, from: number): Promise<Trained> {
  options.onPlan?.(plan);
  const { seconds } = await execute(plan, options, from);
  const store = fileStore(resolve(options.store ?? ".steplearn"));
  const { state } = await openCheckpoint(store, plan.run);
  const { model, metrics } = versionOf(state, await openRun(store, plan.run, bundle));
  return {
    run: plan.run,
    folder: `${plan.job.output}/${plan.run}`,
    model,
    metrics,
    rounds: state.rounds,
    work: workOf(state.history),
    seconds,
  };
}

/** The job with its paths as keys of `anywhere`. */
function placed(job: Job, folder: string): Job {
  const keys = (paths: readonly string[]): string[] => paths.map((path) => keyOf(path, folder));
  const split = job.split.kind === "path" ? { ...job.split, paths: keys(job.split.paths) } : job.split;
  return { ...job, data: { ...job.data, paths: keys(job.data.paths) }, split, output: keyOf(job.output, folder) };
}

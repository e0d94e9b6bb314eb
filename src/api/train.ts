/** Training on this machine: the state machine of AWS, its functions here, on files and threads. */
import { availableParallelism, totalmem } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import { fileStore } from "../adapters/local/file-store.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../adapters/local/orchestrator.ts";
import type { Job } from "../job/job.ts";
import type { Where } from "../job/problem.ts";
import { modelOf } from "../model/publish.ts";
import type { MetricsJson, ModelJson } from "../model/format.ts";
import type { Functions, Plan } from "../plan/plan.ts";
import { InputError } from "../ports/errors.ts";
import { exists, writeJson } from "../ports/json.ts";
import { checkRun, openCheckpoint } from "../rounds/checkpoint.ts";
import { openRun } from "../rounds/open-run.ts";
import { planRun } from "../rounds/plan-run.ts";
import type { PhaseName, RunState } from "../rounds/run.ts";
import { groupMachine } from "../workflow/group.ts";
import { trainingMachine } from "../workflow/machine.ts";
import { bundle } from "./bundle.ts";
import { localFunctions } from "./local.ts";

export interface LocalOptions {
  /** Folder of runs and datasets; `.steplearn` where left out. */
  readonly store?: string;
  /** Folder that the job's paths are relative to; the working folder where left out. */
  readonly folder?: string;
  /** Functions that rounds are spread over; 1 holds everything and runs fused rounds. */
  readonly functions?: number;
  /** Compute threads of a function; as many as the data keeps busy, at most the cores. */
  readonly threads?: number;
  /** Memory of a function; three quarters of this machine's where left out. */
  readonly memoryBytes?: number;
  /** Name of the run; the job's with the time where left out. */
  readonly run?: string;
  /** Place of a path of the job in its file, for errors. */
  readonly where?: Where;
  readonly onPlan?: (plan: Plan) => void;
  readonly onRound?: (state: RunState) => void;
  readonly signal?: AbortSignal;
}

export interface Trained {
  readonly run: string;
  /** Folder of the published model. */
  readonly folder: string;
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly rounds: number;
  /** Wall time by phase. */
  readonly seconds: Readonly<Record<PhaseName | "plan" | "total", number>>;
}

/** Bytes of source below which a second thread costs more to start than it saves. */
const BYTES_PER_THREAD = 8 * 2 ** 20;

/** Plans a run and writes its plan; nothing is trained. */
export async function planLocal(job: Job, options: LocalOptions = {}): Promise<Plan> {
  const root = resolve(options.store ?? ".steplearn");
  const placed = { ...job, ...placePaths(job, resolve(options.folder ?? ".")) };
  const run = options.run ?? runName(job.name, new Date());
  const store = fileStore(root);
  if (await exists(store, `runs/${run}/plan.json`)) throw new InputError(`run must be a new name, got ${run}, which exists; go on with it by: steplearn resume ${run}`);
  const functions = functionsOf(options);
  const plan = await planRun(fileStore("/"), { run, job: placed, functions }, bundle, options.where);
  const threads = options.threads ?? Math.max(1, Math.min(functions.threads, Math.ceil(plan.source.bytes / BYTES_PER_THREAD)));
  return { ...plan, functions: { ...functions, threads } };
}

/** Trains a model and publishes it. Rejects with InputError, NumericError or BudgetError; a stopped run can be resumed. */
export async function train(job: Job, options: LocalOptions = {}): Promise<Trained> {
  const from = performance.now();
  const plan = await planLocal(job, options);
  await writeJson(fileStore(resolve(options.store ?? ".steplearn")), `runs/${plan.run}/plan.json`, plan);
  options.onPlan?.(plan);
  return execute(plan, options, from);
}

/** Goes on with a run from its last checkpoint. */
export async function resume(run: string, options: LocalOptions = {}): Promise<Trained> {
  const from = performance.now();
  const store = fileStore(resolve(options.store ?? ".steplearn"));
  await checkRun(store, run);
  const { plan } = await openRun(store, run, bundle);
  options.onPlan?.(plan);
  return execute(plan, options, from);
}

async function execute(plan: Plan, options: LocalOptions, from: number): Promise<Trained> {
  const root = resolve(options.store ?? ".steplearn");
  const clock = phaseClock(from);
  const onRound = (state: RunState): void => {
    clock.tick(state.history[state.history.length - 1].phase);
    options.onRound?.(state);
  };
  const { count, threads } = plan.functions;
  const cacheBytes = plan.memory.cacheBytes;
  clock.tick("plan");
  const functions = localFunctions(count, { root, threads, cacheBytes }, onRound, () => options.signal?.aborted === true);
  try {
    const output = await runMachine({
      machine: trainingMachine(LOCAL_FUNCTIONS),
      child: groupMachine(LOCAL_FUNCTIONS),
      invoke: functions.invoke,
      execution: { name: plan.run, input: { run: plan.run, generation: 0 } },
      startTime: new Date().toISOString(),
    });
    const store = fileStore(root);
    const { state } = await openCheckpoint(store, plan.run);
    const { model, metrics } = modelOf(state, await openRun(store, plan.run, bundle));
    clock.tick("publish");
    const { folder } = output as { folder: string };
    return { run: plan.run, folder: `/${folder}`, model, metrics, rounds: state.rounds, seconds: clock.seconds() };
  } finally {
    await functions.close();
  }
}

/** Attributes the time between two ticks to the phase that the second one names. */
function phaseClock(from: number) {
  const millis: Record<PhaseName | "plan", number> = { plan: 0, load: 0, fit: 0, search: 0, judge: 0, train: 0, evaluate: 0, publish: 0 };
  let last = from;
  return {
    tick: (phase: PhaseName | "plan"): void => {
      const now = performance.now();
      millis[phase] += now - last;
      last = now;
    },
    seconds: (): Record<PhaseName | "plan" | "total", number> => {
      const seconds = Object.fromEntries(Object.entries(millis).map(([phase, ms]) => [phase, ms / 1_000])) as Record<PhaseName | "plan", number>;
      return { ...seconds, total: (last - from) / 1_000 };
    },
  };
}

function functionsOf({ functions = 1, threads, memoryBytes = Math.floor(totalmem() * 0.75) }: LocalOptions): Functions {
  const each = threads ?? (functions > 1 ? 1 : availableParallelism());
  return { count: functions, fused: functions === 1, slots: functions, threads: each, memoryBytes: Math.floor(memoryBytes / functions) };
}

/** The job's paths as keys of the file store, which begins at the root. */
function placePaths(job: Job, folder: string): Pick<Job, "data" | "split" | "output"> {
  const key = (path: string): string => {
    const absolute = isAbsolute(path) ? path : `${folder}/${path}`;
    const slash = path.endsWith("/") ? "/" : "";
    return relative("/", resolve(absolute)) + slash;
  };
  return {
    data: { ...job.data, paths: job.data.paths.map(key) },
    split: job.split.kind === "path" ? { ...job.split, paths: job.split.paths.map(key) } : job.split,
    output: key(job.output),
  };
}

/** Letters, digits and hyphens, 48 at most: executions are named after it. */
function runName(name: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const millis = String(now.getUTCMilliseconds()).padStart(3, "0");
  return `${name.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 26)}-${time}-${millis}`;
}

/** Runs of a deployed stack, from any machine with credentials: started, stopped, resumed, listed. */
import { anywhere } from "../adapters/anywhere.ts";
import type { ListedExecution } from "../adapters/aws/executions.ts";
import type { RemoteStack } from "../adapters/aws/remote-stack.ts";
import type { Job } from "../job/job.ts";
import { placeJob } from "../job/place.ts";
import type { Where } from "../job/problem.ts";
import { ConflictError, InputError } from "../ports/errors.ts";
import { exists, writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { planKey, requestKey } from "../rounds/begin.ts";
import { executionOf, readOrNull, runOf } from "../rounds/executions.ts";
import { takeModel } from "../rounds/planning/go-on.ts";
import type { RunRequest } from "../rounds/planning/plan-run.ts";
import { checkRunName } from "../rounds/planning/run-name.ts";
import { storeData } from "../rounds/planning/store-data.ts";
import { failureOf } from "../rounds/settle.ts";
import { askStop } from "../rounds/stop.ts";
import { fromEnvironment, namesOf, PREFIXES, STACK_NAME } from "../workflow/stack.ts";
import type { Aws } from "./aws.ts";
import { newRunName } from "./execute.ts";
import { keyOf } from "./paths.ts";
import { uploadData } from "./upload.ts";

export interface Remote extends RemoteStack, Aws {
  /** The stack's bucket: `s3://bucket/`. */
  readonly home: string;
}

/** InputError where there is no such stack, or no credentials. */
export async function openRemote({ stack }: Aws): Promise<Remote> {
  if (!STACK_NAME.test(stack))
    throw new InputError(`stack must be 1 to 40 letters, digits and hyphens that begin with a letter, got ${JSON.stringify(stack)}`);
  const { remoteStack } = await import("../adapters/aws/remote-stack.ts");
  const found = await remoteStack(stack, namesOf(stack), "STEPLEARN_BUCKET");
  return { ...found, stack, home: `s3://${fromEnvironment(found.environment).bucket}/` };
}

export interface StartOptions {
  /** Folder that the job's local paths are relative to. */
  readonly folder?: string;
  readonly run?: string;
  readonly where?: Where;
  /** Folder of a model that trees are added to. */
  readonly from?: string;
}

/** Uploads the job, and its data where they are small files of this machine, and starts it. Answers the run's name, which its execution has too. */
export async function startTraining(
  remote: Remote,
  job: Job,
  { folder = ".", run = newRunName(job.name, new Date()), where, from }: StartOptions = {},
): Promise<string> {
  const { store, home, executions } = remote;
  checkRunName(run);
  if (await exists(store, requestKey(run))) throw new InputError(`run must be a new name, got ${run}, which exists`);
  const { memory, ...data } = job.data;
  const found =
    memory === undefined
      ? job
      : { ...job, data: { ...data, paths: [home + PREFIXES.data + (await storeData(below(store, PREFIXES.data), memory))] } };
  const placed = placeJob(await uploadData(found, folder, remote), { data: home, output: home }, where);
  const model = from === undefined ? undefined : await takeModel(anywhere(), keyOf(from, "."), store, run);
  await writeJson(store, requestKey(run), { run, job: placed, ...(model && { from: model }) } satisfies RunRequest);
  await executions.start(run, { run, generation: 0 });
  return run;
}

/** The part of a store that a stack's functions read tables from. */
const below = (store: ObjectStore, prefix: string): ObjectStore => ({
  ...store,
  info: (key) => store.info(prefix + key),
  write: (key, ...content) => store.write(prefix + key, ...content),
});

/** Asks the run to stop after its round, and ends its execution. InputError where it does not run. */
export async function stopRun({ store, executions }: Remote, run: string): Promise<void> {
  const { execution, generation } = (await executionOf(store, run)) ?? { execution: run, generation: 0 };
  const found = await executions.describe(execution);
  if (found === null) throw unknownRun(run);
  if (found.status !== "RUNNING") throw new InputError(`run must be running to be stopped, got ${run}, which ended as ${found.status}`);
  await askStop(store, run, generation);
  await executions.stop(execution, `run ${run} was stopped by steplearn stop`);
}

/** Starts a run again from its last checkpoint; answers the name of the execution. InputError where it runs, or has nothing left to do. */
export async function resumeRemote({ store, executions }: Remote, run: string): Promise<string> {
  const last = await executionOf(store, run);
  if (last === null && !(await exists(store, requestKey(run)))) throw unknownRun(run);
  let [name, generation] = [last?.execution ?? run, last?.generation ?? 0];
  for (;;) {
    const found = await executions.describe(name);
    if (found?.status === "RUNNING")
      throw new InputError(`run must not be running to be resumed, got ${run}; follow it with: steplearn watch ${run}`);
    if (found?.status === "SUCCEEDED" && continuationOf(found.output) === null)
      throw new InputError(`run must have something left to do, got ${run}, which has published its model`);
    name = `${run}-${++generation}`;
    try {
      await executions.start(name, { run, generation });
      return name;
    } catch (error) {
      // Taken: by another resume, which is running, or by an execution that ended before it could tell of itself.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

/** The execution that goes on where one ended; null where it ended for good. */
export const continuationOf = (output: unknown): string | null => (output as { readonly continuedAs?: string } | null)?.continuedAs ?? null;

export const unknownRun = (run: string): InputError =>
  new InputError(`run must be one of this stack, got ${run}; steplearn runs lists them`);

export interface ListedRun {
  readonly run: string;
  /** running, done, stopped, or the name of the error that it failed with. */
  readonly status: string;
  readonly phase: string | null;
  readonly rounds: number;
  /** ISO 8601. */
  readonly started: string;
  /** Of the last execution. */
  readonly seconds: number;
}

/** The latest runs, newest first; each once, by its last execution. */
export async function listRuns({ store, executions }: Remote, most: number): Promise<ListedRun[]> {
  const listed = await executions.list(2 * most);
  const named = await Promise.all(
    listed.map(async (execution) => ({ ...execution, run: (await runOf(store, execution.name))?.run ?? execution.name })),
  );
  const latest = named.filter(({ run }, i) => named.findIndex((other) => other.run === run) === i).slice(0, most);
  return Promise.all(latest.map((execution) => describeRun(store, execution)));
}

async function describeRun(
  store: Remote["store"],
  { run, name, status, startMillis, stopMillis }: ListedExecution & { run: string },
): Promise<ListedRun> {
  const [pointer, failure] = await Promise.all([
    readOrNull<{ rounds: number; phase: string }>(store, `runs/${run}/state.json`),
    failureOf(store, run),
  ]);
  const own = failure?.execution === name ? failure.name : null;
  return {
    run,
    status: own ?? STATUS[status] ?? status.toLowerCase(),
    phase: status === "RUNNING" ? (pointer?.phase ?? ((await exists(store, planKey(run))) ? "load" : "plan")) : null,
    rounds: pointer?.rounds ?? 0,
    started: new Date(startMillis).toISOString(),
    seconds: ((stopMillis ?? Date.now()) - startMillis) / 1_000,
  };
}

const STATUS: Readonly<Record<string, string>> = {
  RUNNING: "running",
  SUCCEEDED: "done",
  ABORTED: "stopped",
  FAILED: "failed",
  TIMED_OUT: "timed out",
};

/** A run of a deployed stack as it goes on, across the executions that continue it, until its model is published. */
import { fromWire } from "../adapters/local/wire-error.ts";
import type { MetricsJson } from "../model/format.ts";
import { readModel } from "../model/read.ts";
import type { Plan } from "../plan/plan.ts";
import { NotFoundError, Stopped } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import { planKey } from "../rounds/begin.ts";
import { openCheckpoint } from "../rounds/checkpoint.ts";
import { executionOf, readOrNull } from "../rounds/executions.ts";
import { workOf } from "../rounds/measure.ts";
import { PHASES, type PhaseName, type RunState } from "../rounds/run.ts";
import { failureOf } from "../rounds/settle.ts";
import type { Seconds } from "./execute.ts";
import { continuationOf, type Remote, unknownRun } from "./remote.ts";
import type { Trained } from "./train.ts";

export interface FollowOptions {
  readonly onPlan?: (plan: Plan) => void;
  /** Told of every round, also of several since the last look. */
  readonly onRound?: (state: RunState) => void;
  /** Ends the watching, not the run. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks. */
  readonly everyMillis?: number;
  /** The execution to begin with, where the run has just been given a new one. */
  readonly execution?: string;
}

const EVERY_MILLIS = 1_000;

/** Rejects with the run's error where it fails, with Stopped where it was stopped, with the signal's reason when that is aborted. */
export async function followRun(remote: Remote, run: string, options: FollowOptions = {}): Promise<Trained> {
  const { store, root, executions } = remote;
  const { signal, everyMillis = EVERY_MILLIS } = options;
  const look = watcher(remote, run, options);
  let execution = options.execution ?? (await executionOf(store, run))?.execution ?? run;
  for (;;) {
    signal?.throwIfAborted();
    const found = await executions.describe(execution);
    if (found === null) throw unknownRun(run);
    // After the status, so that the rounds before the end are seen.
    await look();
    const { status, error, cause, output, startMillis, stopMillis } = found;
    const next = continuationOf(output);
    if (next !== null) execution = next;
    else if (status === "SUCCEEDED") return trained(root, remote, run, output, ((stopMillis ?? startMillis) - startMillis) / 1_000);
    else if (status !== "RUNNING") throw await runError(remote, run, { status, error, cause });
    else await pause(everyMillis, signal);
  }
}

/** Tells of the plan and of the rounds that have ended since the last look. */
function watcher({ store }: Remote, run: string, { onPlan, onRound }: FollowOptions): () => Promise<void> {
  let planned = false;
  let etag: string | null = null;
  let told: number | null = null;
  return async () => {
    if (!planned) {
      const plan = await readOrNull<Plan>(store, planKey(run));
      if (plan === null) return;
      planned = true;
      onPlan?.(plan);
    }
    const now = await etagOf(store, `runs/${run}/state.json`);
    if (now === null || now === etag) return;
    etag = now;
    const { state } = await openCheckpoint(store, run);
    // Who begins to watch a run that goes on wants to see where it is, not all that was.
    told ??= Math.max(0, state.history.length - 1);
    for (; told < state.history.length; told++) onRound?.({ ...state, history: state.history.slice(0, told + 1) });
  };
}

async function etagOf(store: Remote["store"], key: string): Promise<string | null> {
  try {
    return (await store.info(key)).etag;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

async function trained(root: Remote["root"], { store }: Remote, run: string, output: unknown, total: number): Promise<Trained> {
  const { folder } = output as { readonly folder: string };
  const [model, metrics, { state }] = await Promise.all([
    readModel(root, `${folder}/model.json`),
    readJson<MetricsJson>(root, `${folder}/metrics.json`),
    openCheckpoint(store, run),
  ]);
  return { run, folder, model, metrics, rounds: state.rounds, work: workOf(state.history), seconds: secondsOf(state, total) };
}

/** Of the rounds by phase; the total is the execution's. */
function secondsOf({ history }: RunState, total: number): Seconds {
  const of = (phase: PhaseName): number =>
    history.filter((round) => round.phase === phase).reduce((sum, { millis }) => sum + millis, 0) / 1_000;
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Record<PhaseName, number>;
  return { ...phases, plan: 0, total };
}

/** The run's own sentence, which may lie in the store only: a stopped execution has no cause of its own. */
async function runError(
  { store }: Remote,
  run: string,
  { status, error, cause }: { status: string; error: string; cause: string },
): Promise<Error> {
  const failure = cause === "" || status !== "FAILED" ? await failureOf(store, run) : null;
  const message = failure?.sentence ?? (cause === "" ? `run ${run} ended as ${status}` : cause);
  if (status !== "FAILED") return new Stopped(message);
  return fromWire({ name: failure?.name ?? error, message, stack: "" });
}

const pause = (millis: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

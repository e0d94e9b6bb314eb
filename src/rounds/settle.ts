/** Why a run ended without a model, in one sentence that says how to go on: in the store, in the console, on a terminal. */
import { BudgetError } from "../ports/errors.ts";
import { writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { reasonOf } from "../workflow/failure.ts";
import type { FailAnswer, FailRequest, SettleRequest } from "../workflow/state.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { executionOf, readOrNull, runOf } from "./executions.ts";
import { remedyOf } from "./remedy.ts";
import { askStop } from "./stop.ts";

export interface SettleHost {
  readonly store: ObjectStore;
  resumeCommand(run: string): string;
}

export interface Failure extends FailAnswer {
  readonly execution: string;
}

const failureKey = (run: string): string => `runs/${run}/failure.json`;

/** Null where the run has not failed. */
export const failureOf = (store: ObjectStore, run: string): Promise<Failure | null> => readOrNull(store, failureKey(run));

/** Records the failure that a machine caught. */
export async function recordFailure(host: SettleHost, { execution, state: { error, ...state } }: FailRequest): Promise<FailAnswer> {
  const name = error.Error;
  // Before planning has ended the machine's state is the execution's input, which names no run.
  const run = state.run ?? (await runOf(host.store, execution))?.run ?? execution;
  const but = name === "Stopped" ? "" : "once that is mended ";
  const sentence = `${reasonOf(error)}; ${but}${await remedyOf(host, { ...state, run }, name === "InputError")}`;
  await writeJson(host.store, failureKey(run), { name, sentence, execution } satisfies Failure).catch((fault: unknown) => {
    // A disk without room for what failed has none for the record of it either; the user is told all the same.
    if (!(fault instanceof BudgetError)) throw fault;
  });
  return { name, sentence };
}

/**
 * Settles the run of an execution that was stopped or timed out, after which its machine enters no state: asks the functions under way to stop,
 * and says how to go on. Doing it again changes nothing; null for an execution that another has followed, or that had not begun.
 */
export async function settleRun(host: SettleHost, { execution, status }: SettleRequest): Promise<FailAnswer | null> {
  const { store } = host;
  const told = await runOf(store, execution);
  if (told === null) return null;
  const { run, generation } = told;
  if ((await executionOf(store, run))?.execution !== execution) return null;
  await askStop(store, run, generation);
  const { state } = await openCheckpoint(store, run);
  const what = status === "TIMED_OUT" ? "took longer than an execution may" : "was stopped";
  const name = status === "TIMED_OUT" ? "TimedOut" : "Stopped";
  const sentence = `run ${run} ${what} after ${state.rounds} rounds; ${await remedyOf(host, { run })}`;
  await writeJson(store, failureKey(run), { name, sentence, execution } satisfies Failure);
  return { name, sentence };
}

/** Which execution drives a run, and which run an execution drives: what settles a run that was stopped, and what people look for. */
import { NotFoundError } from "../ports/errors.ts";
import { readJson, writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";

/** The last execution of a run. */
export interface RunExecution {
  readonly run: string;
  readonly generation: number;
  readonly execution: string;
  /** ISO 8601. */
  readonly startTime: string;
}

const ofRun = (run: string): string => `runs/${run}/execution.json`;
const ofExecution = (execution: string): string => `runs/executions/${execution}.json`;

export async function tellExecution(store: ObjectStore, told: RunExecution): Promise<void> {
  await Promise.all([writeJson(store, ofRun(told.run), told), writeJson(store, ofExecution(told.execution), told)]);
}

/** Null where no execution has got so far as to plan. */
export const executionOf = (store: ObjectStore, run: string): Promise<RunExecution | null> => readOrNull(store, ofRun(run));
export const runOf = (store: ObjectStore, execution: string): Promise<RunExecution | null> => readOrNull(store, ofExecution(execution));

/** Null where there is no such object. */
export async function readOrNull<T>(store: ObjectStore, key: string): Promise<T | null> {
  try {
    return await readJson<T>(store, key);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

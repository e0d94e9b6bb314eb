/**
 * The wish that a run stops: a small object, for which whoever drives the run looks between two rounds. Stopping an execution does not stop the
 * functions that it has under way; a later execution of the run, which has a higher generation, does not care.
 */
import { writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { readOrNull } from "./executions.ts";

interface Marker {
  /** Of the last execution that is to stop. */
  readonly generation: number;
}

const stopKey = (run: string): string => `runs/${run}/stop.json`;

export async function askStop(store: ObjectStore, run: string, generation: number): Promise<void> {
  await writeJson(store, stopKey(run), { generation } satisfies Marker);
}

export async function isStopped(store: ObjectStore, run: string, generation: number): Promise<boolean> {
  const marker = await readOrNull<Marker>(store, stopKey(run));
  return marker !== null && marker.generation >= generation;
}

/**
 * What a function keeps of a run between its calls. It decides how long a call takes, never what it answers: a plan does not change, and
 * a checkpoint that another function has moved past makes the conditional write fail.
 */
import type { ObjectStore } from "../ports/object-store.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { openRun } from "./open-run.ts";
import type { Round, RunContext } from "./run.ts";

export interface Held {
  readonly context: RunContext;
  /** The last checkpoint that this function wrote, and the question that follows from it. */
  ahead: Ahead | null;
}

/** How a run goes on: its checkpoint, and the round to map; null when there is nothing left to ask. */
export interface Ahead extends Checkpoint {
  readonly round: Round | null;
}

export type HeldRuns = Map<string, Held>;

/** A function serves one run at a time, or a few that take turns. */
const RUNS = 4;

/** The run with what this function kept of it. CodeChanged as `openRun`. */
export async function heldRun(store: ObjectStore, runs: HeldRuns, run: string, bundle: string): Promise<Held> {
  const found = runs.get(run);
  if (found?.context.plan.bundle === bundle) return found;
  const held: Held = { context: await openRun(store, run, bundle), ahead: null };
  if (runs.size >= RUNS) runs.clear();
  runs.set(run, held);
  return held;
}

/** How to go on after a run has failed, once the reason is mended. */
import type { Plan } from "../plan/plan.ts";
import { NotFoundError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { ArrivalInput, MachineState } from "../workflow/state.ts";

/** `state` is that of the machine as it failed, which before planning has ended is the execution's input. */
export async function remedyOf(store: ObjectStore, { run, ...state }: Partial<MachineState> & ArrivalInput): Promise<string> {
  if (state.score !== undefined || state.update !== undefined) return "upload the object again";
  const plan = run === undefined ? null : await planOrNull(store, run);
  if (plan === null) return "start it again";
  if (plan.update !== undefined) return "upload the object again";
  if (plan.score === undefined) return `go on with: steplearn resume ${run}`;
  return plan.score.input === undefined ? "score the data again" : "upload the object again";
}

async function planOrNull(store: ObjectStore, run: string): Promise<Plan | null> {
  try {
    return await readJson<Plan>(store, `runs/${run}/plan.json`);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

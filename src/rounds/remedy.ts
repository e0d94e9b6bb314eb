/** How to go on after a run has failed, once the reason is mended. */
import type { Plan } from "../plan/plan.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { ArrivalInput, MachineState } from "../workflow/state.ts";
import { readOrNull } from "./executions.ts";

interface RemedyHost {
  readonly store: ObjectStore;
  resumeCommand(run: string): string;
}

/**
 * `state` is that of the machine as it failed, which before planning has ended is the execution's input. A run goes on with the job and the
 * objects that it was planned with, so one that failed for them (`isInput`) is to be started again.
 */
export async function remedyOf(
  { store, resumeCommand }: RemedyHost,
  { run, ...state }: Partial<MachineState> & ArrivalInput,
  isInput = false,
): Promise<string> {
  if (state.score !== undefined || state.update !== undefined) return "upload the object again";
  const plan = run === undefined ? null : await readOrNull<Plan>(store, `runs/${run}/plan.json`);
  if (plan === null) return "start it again";
  if (plan.update !== undefined) return "upload the object again";
  if (plan.score === undefined) return isInput ? "start it again" : `go on with: ${resumeCommand(run as string)}`;
  return plan.score.input === undefined ? "score the data again" : "upload the object again";
}

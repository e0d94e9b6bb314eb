/** An update goes on as another run where a version was published while it trained: on that version, under a name of its own. */

import type { Plan } from "../../plan/plan.ts";
import { InputError } from "../../ports/errors.ts";
import { eventsOf, type MachineState } from "../../workflow/state.ts";
import type { HeldRuns } from "../held.ts";
import { doneState, takeUp } from "../take-up.ts";
import type { Stores } from "./plan-scoring.ts";
import { planUpdate } from "./plan-update.ts";

interface UpdateHost extends Stores {
  readonly bundle: string;
  readonly held: HeldRuns;
  readonly maxEvents?: number;
}

export async function updateAnew(host: UpdateHost, { run: before, job, update, functions }: Plan, events: number): Promise<MachineState> {
  const paths = (update?.objects ?? []).map(({ key }) => key);
  const run = await planUpdate(host, { folder: job.output, paths, functions }, host.bundle);
  // Refused, though nobody else has published.
  if (run === before) throw new InputError(`object ${job.output}/latest.json must be readable once it is written, got the one before`);
  const after = events + eventsOf("fused", 0);
  return run === null ? doneState(host.bundle, after) : takeUp(host, run, 0, after);
}

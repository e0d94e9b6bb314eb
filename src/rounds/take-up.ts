/** A planned run as the machine takes it up, from its beginning or from its last checkpoint. */
import type { MachineState } from "../workflow/state.ts";
import { askRound } from "./distribute.ts";
import { type HeldRuns, heldRun } from "./held.ts";
import { nextState } from "./machine-state.ts";
import type { ReadStores } from "./phases/load.ts";

interface TakingUp extends ReadStores {
  readonly bundle: string;
  readonly held: HeldRuns;
  readonly maxEvents?: number;
}

export async function takeUp(host: TakingUp, run: string, generation: number, events: number): Promise<MachineState> {
  const { context } = await heldRun(host.store, host.held, run, host.bundle);
  const ahead = context.plan.functions.fused ? null : await askRound(host, context);
  return nextState(context, ahead, { generation, events, stretchSeconds: null, maxEvents: host.maxEvents });
}

/** Where there is no run, for there is nothing to do. */
export const doneState = (bundle: string, events: number): MachineState => ({
  run: "none",
  generation: 0,
  round: 0,
  groups: [],
  groupsAtOnce: 1,
  bundle,
  events,
  next: "done",
});

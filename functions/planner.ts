/** Plans a new run from its request or an object's arrival, or takes up one that has a state already. */

import { exists, readJson, writeJson } from "../src/ports/json.ts";
import { planArrival } from "../src/rounds/arrival.ts";
import { askRound } from "../src/rounds/distribute.ts";
import { nextState } from "../src/rounds/machine-state.ts";
import { openRun } from "../src/rounds/open-run.ts";
import { planRun, type RunRequest } from "../src/rounds/plan-run.ts";
import type { MachineState, PlanRequest } from "../src/workflow/state.ts";
import { eventsOf } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function planner({ input }: PlanRequest, host: Host): Promise<MachineState> {
  const { run, generation } = "run" in input ? input : { run: await planArrival(input, host, host.functions, host.bundle), generation: 0 };
  const planKey = `runs/${run}/plan.json`;
  if (!(await exists(host.store, planKey))) {
    const request = await readJson<RunRequest>(host.store, `runs/${run}/request.json`);
    await writeJson(host.store, planKey, await planRun(host.sources, request, host.bundle));
  }
  const context = await openRun(host.store, run, host.bundle);
  const ahead = context.plan.functions.fused ? null : await askRound(host.store, context);
  return nextState(context, ahead, { generation, events: eventsOf("plan", 0), stretchSeconds: null, maxEvents: host.maxEvents });
}

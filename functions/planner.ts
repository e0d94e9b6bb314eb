/** Plans a new run from its request or an object's arrival, or takes up one that has a state already. */

import { exists, readJson, writeJson } from "../src/ports/json.ts";
import { beginRun, planKey, requestKey } from "../src/rounds/begin.ts";
import { askRound } from "../src/rounds/distribute.ts";
import { tellExecution } from "../src/rounds/executions.ts";
import { nextState } from "../src/rounds/machine-state.ts";
import { openRun } from "../src/rounds/open-run.ts";
import { planRun, type RunRequest } from "../src/rounds/plan-run.ts";
import type { MachineState, PlanRequest } from "../src/workflow/state.ts";
import { eventsOf } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function planner(request: PlanRequest, host: Host): Promise<MachineState> {
  const { run, generation } = await beginRun(request, host);
  await tellExecution(host.store, { run, generation, execution: request.execution, startTime: request.startTime });
  if (!(await exists(host.store, planKey(run)))) {
    const asked = await readJson<RunRequest>(host.store, requestKey(run));
    await writeJson(host.store, planKey(run), await planRun(host.sources, asked, await host.functions(), host.bundle));
  }
  const context = await openRun(host.store, run, host.bundle);
  const ahead = context.plan.functions.fused ? null : await askRound(host.store, context);
  return nextState(context, ahead, {
    generation,
    events: eventsOf("plan", 0),
    stretchSeconds: null,
    maxEvents: host.maxEvents,
  });
}

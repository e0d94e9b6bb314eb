/** Plans a new run from its request or an object's arrival, or takes up one that has a state already. */

import { exists, readJson } from "../src/ports/json.ts";
import { beginRun, planKey, requestKey } from "../src/rounds/begin.ts";
import { tellExecution } from "../src/rounds/executions.ts";
import { takenModel } from "../src/rounds/planning/go-on.ts";
import { planRun, type RunRequest } from "../src/rounds/planning/plan-run.ts";
import { writePlan } from "../src/rounds/planning/plan-scoring.ts";
import { doneState, takeUp } from "../src/rounds/take-up.ts";
import type { MachineState, PlanRequest } from "../src/workflow/state.ts";
import { eventsOf } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function planner(request: PlanRequest, host: Host): Promise<MachineState> {
  const begun = await beginRun(request, host);
  if (begun === null) return doneState(host.bundle, eventsOf("plan", 0));
  const { run, generation } = begun;
  await tellExecution(host.store, { run, generation, execution: request.execution, startTime: request.startTime });
  if (!(await exists(host.store, planKey(run)))) {
    const asked = await readJson<RunRequest>(host.store, requestKey(run));
    const model = await takenModel(host.store, asked.from);
    // Two tries at once may see other objects and another concurrency; what the first has planned may be under way already.
    await writePlan(host.store, await planRun(host.sources, asked, await host.functions(), host.bundle, undefined, model));
  }
  return takeUp(host, run, generation, eventsOf("plan", 0));
}

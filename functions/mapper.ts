/** Maps one task of a round; or, where one function holds everything, runs round after round by itself. */

import { Stopped } from "../src/ports/errors.ts";
import { mapTask, type Shipment } from "../src/rounds/distribute.ts";
import { runFused } from "../src/rounds/fused.ts";
import { heldRun } from "../src/rounds/held.ts";
import { eventsOf, type FusedRequest, type MachineState, type TaskRequest } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function mapper(request: TaskRequest | FusedRequest, host: Host): Promise<Shipment | MachineState> {
  const { context } = await heldRun(host.store, host.held, request.run, request.bundle);
  if (!("fused" in request)) return mapTask(host.store, context, request.round, request.task, host.mappers, host.affinity, host.nowMillis);
  const { state, next } = await runFused(host, context, request.generation);
  if (next === "stopped") throw new Stopped(`run ${request.run} was stopped after ${state.rounds} rounds`);
  const { run, generation, bundle, events } = request;
  return { run, generation, bundle, round: state.rounds, groups: [], groupsAtOnce: 1, events: events + eventsOf("fused", 0), next };
}

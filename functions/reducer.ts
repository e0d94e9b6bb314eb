/** Combines the tasks of a group, or joins all of a round, steps and says what follows. */
import { combineTasks, reduceRound, type Shipment } from "../src/rounds/distribute.ts";
import { nextState } from "../src/rounds/machine-state.ts";
import { openRun } from "../src/rounds/open-run.ts";
import { type CombineRequest, eventsOf, type MachineState, type ReduceRequest } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function reducer(request: CombineRequest | ReduceRequest, host: Host): Promise<Shipment | MachineState> {
  const context = await openRun(host.store, request.run, request.bundle);
  const answers = request.answers as readonly Shipment[];
  if (request.verb === "combine") return combineTasks(host.store, context, request.round, request.group.number, answers);
  const state = await reduceRound(host.store, context, request.round, answers);
  host.onRound?.(state);
  const { since, generation } = request;
  const stretchSeconds = since === undefined ? null : (host.dateMillis() - Date.parse(since)) / 1_000;
  const events = request.events + (since === undefined ? eventsOf("round", answers.length) : 0);
  const told = await nextState(host.store, context, { generation, events, stretchSeconds, maxEvents: host.maxEvents });
  return since === undefined || told.next === "again" ? told : { ...told, events: events + eventsOf("stretch", 1) };
}

/** Combines the tasks of a group, or joins all of a round, steps and says what follows. */
import { Stopped } from "../src/ports/errors.ts";
import { combineTasks, reduceRound, type Shipment } from "../src/rounds/distribute.ts";
import { heldRun } from "../src/rounds/held.ts";
import { nextState } from "../src/rounds/machine-state.ts";
import { isStopped } from "../src/rounds/stop.ts";
import { type CombineRequest, eventsOf, type MachineState, type ReduceRequest } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function reducer(request: CombineRequest | ReduceRequest, host: Host): Promise<Shipment | MachineState> {
  const held = await heldRun(host.store, host.held, request.run, request.bundle);
  const answers = request.answers as readonly Shipment[];
  if (request.verb === "combine") return combineTasks(host.store, held.context, request.round, request.group.number, answers);
  const [ahead, stop] = await Promise.all([
    reduceRound(host, held, request.round, answers, host.dateMillis()),
    isStopped(host.store, request.run, request.generation),
  ]);
  host.onRound?.(ahead.state);
  if (stop) throw new Stopped(`run ${request.run} was stopped after ${ahead.state.rounds} rounds`);
  const { since, generation } = request;
  const stretchSeconds = since === undefined ? null : (host.dateMillis() - Date.parse(since)) / 1_000;
  const events = request.events + (since === undefined ? eventsOf("round", answers.length) : 0);
  const told = nextState(held.context, ahead, { generation, events, stretchSeconds, maxEvents: host.maxEvents });
  return since === undefined || told.next === "again" ? told : { ...told, events: events + eventsOf("stretch", 1) };
}

/** Runs of the machine whose functions answer by script. */
import { type Handlers, inlineFunctions } from "../../../src/adapters/local/functions.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../../src/adapters/local/orchestrator.ts";
import type { Execution } from "../../../src/ports/orchestrator.ts";
import { groupMachine } from "../../../src/workflow/group.ts";
import { trainingMachine } from "../../../src/workflow/machine.ts";
import type { FailRequest, MachineState } from "../../../src/workflow/state.ts";

export const machine = trainingMachine(LOCAL_FUNCTIONS);
export const child = groupMachine(LOCAL_FUNCTIONS);
export const startTime = "2026-11-22T20:00:00.000Z";

export const stateOf = (more: Partial<MachineState>): MachineState => ({
  run: "r1",
  generation: 0,
  round: 0,
  groups: [],
  groupsAtOnce: 2,
  bundle: "b1",
  events: 8,
  next: "publish",
  ...more,
});

type Calls = { name: string; payload: Record<string, unknown>; slot: number }[];

/** Functions that answer by script and a record of what they were asked. Whatever a test does not script fails it. */
export function scripted(handlers: Partial<Handlers>) {
  const calls: Calls = [];
  const missing = async (payload: unknown) => {
    throw new Error(`unexpected call with ${JSON.stringify(payload)}`);
  };
  const fail = async (payload: unknown) => {
    const { state } = payload as FailRequest;
    return { name: state.error.Error, sentence: `run ended: ${state.error.Error}` };
  };
  const all = { planner: missing, mapper: missing, reducer: missing, publisher: fail, ...handlers };
  const { invoke } = inlineFunctions({ count: 4, create: () => all });
  return {
    calls,
    of: (name: string) => calls.filter((call) => call.name === name).map((call) => call.payload),
    run: (more: Partial<Execution> = {}) =>
      runMachine({
        machine,
        child,
        startTime,
        invoke: (name, payload, slot, signal) => {
          calls.push({ name, payload: payload as Record<string, unknown>, slot });
          return invoke(name, payload, slot, signal);
        },
        execution: { name: "r1", input: { run: "r1", generation: 0 }, ...more },
      }),
  };
}

/** Publishes one model, and says of a run that failed that it can be resumed. */
export const publishing: Handlers["publisher"] = async (payload) => {
  if ((payload as { verb: string }).verb === "publish") return { model: "models/x/1" };
  const { state } = payload as FailRequest;
  return { name: state.error.Error, sentence: "resume it" };
};

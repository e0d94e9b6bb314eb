/** The machines of the project on the clock of a simulation: what Step Functions adds to the calls, and what it bills. */
import { interpret, localMachine } from "../../src/adapters/local/interpreter.ts";
import { CLOUD } from "../../src/plan/cloud.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { trainingMachine } from "../../src/workflow/machine.ts";
import type { Clock } from "./clock.ts";
import { dateOf, type SimulatedFunctions } from "./functions.ts";

export interface Orchestrated {
  readonly transitions: number;
  readonly children: number;
  readonly childSeconds: number;
}

const { standard, express } = CLOUD;
/** States from the answer of one call to the next one: of the parent before a task, before a child and after it; of a child before each call. */
const BEFORE_TASK = 2;
const BEFORE_CHILD = 2;
const AFTER_CHILD = 2;
const IN_CHILD = 2;

const names = {
  planner: "planner",
  mapper: "mapper",
  fused: "fused",
  combiner: "combiner",
  reducer: "reducer",
  publisher: "publisher",
  group: "group",
};

/** Runs a planned run from its start to its model. */
export async function runMachines(clock: Clock, functions: SimulatedFunctions, run: string): Promise<Orchestrated> {
  const parent = localMachine(trainingMachine(names));
  const child = localMachine(groupMachine(names));
  let [transitions, children, childSeconds] = [0, 0, 0];
  const signal = new AbortController().signal;
  const call = (waitSeconds: number) => async (parameters: unknown) => {
    const { FunctionName, Payload } = parameters as { FunctionName: string; Payload: unknown };
    await clock.sleep(waitSeconds);
    return { Payload: await functions.invoke(FunctionName, Payload) };
  };
  const context = () => ({ Execution: { Id: run, Name: run }, StateMachine: { Id: "simulated" }, Started: dateOf(clock).toISOString() });

  const startChild = async (parameters: unknown) => {
    await clock.sleep(BEFORE_CHILD * standard.transition + express.start);
    const from = clock.now();
    const output = await interpret({
      machine: child,
      input: JSON.parse((parameters as { Input: string }).Input),
      context: context(),
      handlers: { "lambda:invoke": call(IN_CHILD * express.transition) },
      signal,
      onState: undefined,
    });
    children += 1;
    childSeconds += clock.now() - from;
    await clock.sleep(AFTER_CHILD * standard.transition);
    return { Status: "SUCCEEDED", Output: JSON.stringify(output) };
  };

  let following: unknown = { run, generation: 0 };
  const continueIn = async (parameters: unknown) => {
    following = (parameters as { Input: unknown }).Input;
    return {};
  };
  while (following !== undefined) {
    const input: unknown = following;
    following = undefined;
    await interpret({
      machine: parent,
      input,
      context: context(),
      handlers: {
        "lambda:invoke": call(BEFORE_TASK * standard.transition),
        "sfn:startSyncExecution": startChild,
        "states:startExecution": continueIn,
      },
      signal,
      onState: () => {
        transitions += 1;
      },
    });
  }
  return { transitions, children, childSeconds };
}

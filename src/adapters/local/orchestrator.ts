/**
 * Runs the machines that AWS runs, with aws-local-stepfunctions as interpreter. What the services would do around it is done here: functions
 * get JSON and answer JSON, their errors come as Lambda's, a child ends with a status, a continuation follows its predecessor.
 */
import type { Asl, Execution, Invoke } from "../../ports/orchestrator.ts";
import { interpret, localMachine, type TaskHandler } from "./interpreter.ts";
import { callFunction, machineError } from "./service-error.ts";

/** Names to build the machines from for `runMachine`: a function's name, or a mapper's with its slot. */
export const LOCAL_FUNCTIONS = {
  planner: "planner",
  mapper: "mapper",
  fused: "mapper-0",
  combiner: "reducer",
  reducer: "reducer",
  publisher: "publisher",
  group: "group",
} as const;

export interface MachineRun {
  readonly machine: Asl;
  /** What `machine` starts as its synchronous children. */
  readonly child: Asl;
  readonly invoke: Invoke;
  readonly execution: Execution;
  /** ISO 8601, `$$.Execution.StartTime`; a continuation gets the time at which it starts. */
  readonly startTime: string;
  /** Is given what the machine sends to its dead-letter queue. */
  readonly onDeadLetter?: (message: unknown) => void;
}

interface StartRequest {
  readonly Name: string;
  readonly Input: unknown;
}

/**
 * Runs an execution and whatever continues it; answers the output of the last. Waits between tries are a hundredth of the ASL's, and nothing times
 * out: a laptop's task that takes long is slow, not lost.
 *
 * Rejects with the machine's error under its name, of its class where `ports/errors.ts` has it, its `cause` the error that a function threw; with
 * the signal's reason as soon as it is aborted. Functions under way then finish unheard.
 */
export async function runMachine({ machine, child, invoke, execution, startTime, onDeadLetter }: MachineRun): Promise<unknown> {
  const stop = new AbortController();
  const signal = execution.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, execution.signal]);
  // A group that fails for good ends the run, yet groups beside it would go on: as the interpreter knows nothing of them, they are stopped here.
  const children = new AbortController();
  const childSignal = AbortSignal.any([signal, children.signal]);
  const thrown = new Map<string, Error>();
  let following: StartRequest | undefined = { Name: execution.name, Input: execution.input };
  let time = startTime;

  const lambda =
    (to: AbortSignal): TaskHandler =>
    (parameters) =>
      callFunction(invoke, parameters as { FunctionName: string; Payload: unknown }, to, thrown);

  const startSync: TaskHandler = async (parameters) => {
    const { Name, Input } = parameters as { Name: string; Input: string };
    try {
      const output = await interpret({
        machine: group,
        input: JSON.parse(Input),
        context: contextOf(Name, new Date().toISOString()),
        handlers: { "lambda:invoke": lambda(childSignal) },
        signal: childSignal,
        onState: execution.onState,
      });
      return { Status: "SUCCEEDED", Output: JSON.stringify(output) };
    } catch (error) {
      // A stopped group that answers would end the round in its name.
      if (childSignal.aborted) return new Promise(() => {});
      return { Status: "FAILED", Error: (error as Error).name, Cause: (error as Error).message };
    }
  };

  const startExecution: TaskHandler = async (parameters) => {
    following = parameters as StartRequest;
    return { ExecutionArn: following.Name, StartDate: new Date().toISOString() };
  };

  const sendMessage: TaskHandler = async (parameters) => {
    onDeadLetter?.((parameters as { readonly MessageBody: unknown }).MessageBody);
    return {};
  };

  const parent = localMachine(machine);
  const onState: Execution["onState"] = (state, input) => {
    if (parent.failures.has(state)) children.abort();
    execution.onState?.(state, input);
  };
  const group = localMachine(child);
  let output: unknown;
  try {
    while (following !== undefined) {
      const { Name, Input }: StartRequest = following;
      following = undefined;
      output = await interpret({
        machine: parent,
        input: Input,
        context: contextOf(Name, time, Input),
        handlers: {
          "lambda:invoke": lambda(signal),
          "sfn:startSyncExecution": startSync,
          "states:startExecution": startExecution,
          "sqs:sendMessage": sendMessage,
        },
        signal,
        onState,
      });
      time = new Date().toISOString();
    }
    return output;
  } catch (error) {
    signal.throwIfAborted();
    throw machineError(error as Error, thrown);
  } finally {
    stop.abort();
  }
}

/** `Started` stands in for `Execution.StartTime`, which the interpreter stamps itself. */
function contextOf(name: string, startTime: string, input?: unknown) {
  return { Execution: { Id: name, Name: name, Input: input }, StateMachine: { Id: "local" }, Started: startTime };
}

/** aws-local-stepfunctions as we use it: handlers by resource, quick retries, no timeouts, errors as they were thrown. */
import type { StateMachineDefinition } from "aws-local-stepfunctions";
import type { Asl, AslState, Execution } from "../../ports/orchestrator.ts";
import { terminal, unknownResource } from "./service-error.ts";

/** Does what a task's resource does, with its resolved parameters. */
export type TaskHandler = (parameters: unknown) => Promise<unknown>;

/** The interpreter ends a task without a timeout after a minute, and a timer cannot wait longer than 24.8 days. */
const NEVER_SECONDS = 2_000_000;
/** A hundredth of the wait: there is no service to give time to. */
const WAIT_MILLIS_A_SECOND = 10;

export interface LocalMachine {
  readonly definition: StateMachineDefinition;
  readonly tasks: Readonly<Record<string, AslState>>;
  /** Names of the states that end it, or an iteration of its maps, as failed. */
  readonly failures: ReadonlySet<string>;
}

/** A machine made ready for `interpret`. The interpreter writes its own `$$.Execution.StartTime` over ours, so ours goes by `$$.Started`. */
export function localMachine(machine: Asl): LocalMachine {
  const localised = JSON.stringify(machine, (key, value) => {
    if (key === "TimeoutSeconds") return NEVER_SECONDS;
    return value === "$$.Execution.StartTime" ? "$$.Started" : value;
  });
  const states = statesOf(machine);
  const ofType = (type: AslState["Type"]) => states.filter(([, { Type }]) => Type === type);
  return {
    definition: JSON.parse(localised),
    tasks: Object.fromEntries(ofType("Task")),
    failures: new Set(ofType("Fail").map(([name]) => name)),
  };
}

function statesOf(machine: Asl): [string, AslState][] {
  return Object.entries(machine.States).flatMap(([name, state]) =>
    state.Type === "Map" ? statesOf(state.ItemProcessor as Asl) : [[name, state] as [string, AslState]],
  );
}

export interface Interpretation {
  readonly machine: LocalMachine;
  readonly input: unknown;
  readonly context: object;
  /** By the end of the resource's name, such as `lambda:invoke`. */
  readonly handlers: Readonly<Record<string, TaskHandler>>;
  readonly signal: AbortSignal;
  readonly onState: Execution["onState"];
}

/** The machine's output. Rejects with an error that carries the machine's error and cause as name and message, or with the signal's reason. */
export async function interpret({ machine, input, context, handlers, signal, onState }: Interpretation): Promise<unknown> {
  signal.throwIfAborted();
  // 5 ms in a bundle, and nothing that a model's user pays who does not train.
  const { StateMachine } = await import("aws-local-stepfunctions");
  const tasks = taskHandlers(machine, handlers);
  const run = new StateMachine(machine.definition, { validationOptions: { noValidate: true } }).run(input as never, {
    context: context as never,
    overrides: { taskResourceLocalHandlers: tasks.handlers as never, retryIntervalOverrides: waits(machine) },
  });
  const stop = () => {
    run.abort();
    tasks.stop();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const events = tell(run.eventLogs, onState);
  events.catch(() => {});
  try {
    const output = await run.result;
    await events;
    return output;
  } catch (error) {
    signal.throwIfAborted();
    throw (error as Error).cause ?? error;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Reads the events even when nobody listens: the interpreter keeps them until they are read. */
async function tell(events: AsyncIterable<{ type: string }>, onState: Execution["onState"]): Promise<void> {
  for await (const event of events) {
    if (event.type !== "StateEntered" || onState === undefined) continue;
    const { state } = event as unknown as { state: { name: string; input: unknown } };
    onState(state.name, state.input);
  }
}

function waits(machine: LocalMachine): Record<string, number[]> {
  const millis = (state: AslState) => (state.Retry ?? []).map((retrier) => retrier.IntervalSeconds * WAIT_MILLIS_A_SECOND);
  return Object.fromEntries(Object.entries(machine.tasks).map(([name, state]) => [name, millis(state)]));
}

/** Handlers by the name of the state. `stop` ends those under way: the interpreter itself would wait for them. */
function taskHandlers(machine: LocalMachine, handlers: Interpretation["handlers"]) {
  const waiting = new Set<(error: Error) => void>();
  const stopped = terminal("States.Stopped", "the execution was stopped");
  let isStopped = false;

  const endable = (handler: TaskHandler): TaskHandler => {
    return (parameters) =>
      new Promise((resolve, reject) => {
        if (isStopped) return reject(stopped);
        waiting.add(reject);
        const done = () => waiting.delete(reject);
        handler(parameters).then(resolve, reject).finally(done);
      });
  };

  return {
    handlers: Object.fromEntries(
      Object.entries(machine.tasks).map(([name, { Resource }]) => {
        const key = Object.keys(handlers).find((end) => Resource?.endsWith(`:${end}`));
        if (key === undefined) throw unknownResource(name, Resource);
        return [name, endable(handlers[key])];
      }),
    ),
    stop() {
      isStopped = true;
      for (const reject of waiting) reject(stopped);
    },
  };
}

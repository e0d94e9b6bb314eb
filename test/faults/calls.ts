/**
 * Calls of functions that end as Lambda and Step Functions say they do on their bad days. Which of them is a script's choice, so that a
 * test says it in a line; what was called and what failed is counted.
 */
import type { Handlers } from "../../src/adapters/local/functions.ts";
import type { FunctionName } from "../../src/ports/orchestrator.ts";
import { draw } from "./draw.ts";

export interface Fault {
  /** As the machine's retriers see it. */
  readonly error: string;
  readonly message: string;
  /** before: nothing happened · during: the function goes on, late and unheard · after: only the answer is lost. */
  readonly moment: "before" | "during" | "after";
}

export const faults = {
  throttled: { error: "Lambda.TooManyRequestsException", message: "Rate Exceeded.", moment: "before" },
  unavailable: { error: "Lambda.ServiceException", message: "The service is unavailable.", moment: "before" },
  answerLost: { error: "Lambda.SdkClientException", message: "The connection was reset.", moment: "after" },
  killed: { error: "Runtime.ExitError", message: "Runtime exited with error: signal: killed", moment: "before" },
  exited: { error: "Runtime.ExitError", message: "Runtime exited with error: exit status 1", moment: "after" },
  timedOut: { error: "Sandbox.Timedout", message: "Task timed out after 40.00 seconds", moment: "during" },
  givenUp: { error: "States.Timeout", message: "", moment: "during" },
  outOfMemory: { error: "Runtime.OutOfMemory", message: "Runtime exited with error: signal: killed", moment: "after" },
} as const satisfies Readonly<Record<string, Fault>>;

/** What happens to a call, the `number`-th of its function from 1; null: nothing. */
export type Script = (name: FunctionName, number: number) => Fault | null;

/** A share of a function's calls, by a seed; which of the faults is drawn, too. */
export function share(seed: number, of: number, name: FunctionName, among: readonly Fault[]): Script {
  return (called, number) => {
    if (called !== name || draw(seed, name, number) >= of) return null;
    return among[Math.floor(among.length * draw(seed + 1, name, number))];
  };
}

/** The given calls of a function. */
export function at(name: FunctionName, numbers: readonly number[], fault: Fault): Script {
  return (called, number) => (called === name && numbers.includes(number) ? fault : null);
}

export interface Trouble {
  /** For each instance of the functions; they count together. */
  readonly wrap: (handlers: Handlers) => Handlers;
  readonly counts: Readonly<Record<FunctionName, { calls: number; failed: number }>>;
}

export function trouble(script: Script): Trouble {
  const none = () => ({ calls: 0, failed: 0 });
  const counts = { planner: none(), mapper: none(), reducer: none(), publisher: none() };
  const troubled =
    (name: FunctionName, handler: Handlers[FunctionName]): Handlers[FunctionName] =>
    async (payload) => {
      const fault = script(name, ++counts[name].calls);
      if (fault === null) return handler(payload);
      counts[name].failed++;
      if (fault.moment === "after") await handler(payload);
      if (fault.moment === "during") handler(payload).catch(() => {});
      throw Object.assign(new Error(fault.message), { name: fault.error });
    };
  return {
    counts,
    wrap: ({ planner, mapper, reducer, publisher }) => ({
      planner: troubled("planner", planner),
      mapper: troubled("mapper", mapper),
      reducer: troubled("reducer", reducer),
      publisher: troubled("publisher", publisher),
    }),
  };
}

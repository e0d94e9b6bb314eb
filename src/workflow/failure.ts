/** Why an execution failed, as one sentence. Our own errors say what must change; those of the services say what happened, so it is added. */

const DIED = "a function died in every try";
const LATE = "a function took longer than it may in every try";
const SMALLER = "give the functions more memory, or the tasks fewer rows (data.partRows)";

/** By the names of `task.ts`: what happened, and what to do. */
const advice: Readonly<Record<string, readonly [happened: string, remedy: string]>> = {
  "Runtime.ExitError": [DIED, SMALLER],
  "Lambda.Unknown": [DIED, SMALLER],
  "Runtime.OutOfMemory": ["a function had too little memory in every try", SMALLER],
  "Sandbox.Timedout": [LATE, SMALLER],
  "States.Timeout": [LATE, SMALLER],
  "Lambda.TooManyRequestsException": [
    "the account lets no more functions run at once",
    "wait for what else runs in it, raise the quota of concurrent executions of Lambda, or let runs take a smaller share of it",
  ],
};

/** `Cause` of a function is JSON with `errorMessage`, those of services and of the machine are text, and that of a timeout is empty. */
export function reasonOf({ Error: name, Cause: cause }: { readonly Error: string; readonly Cause: string }): string {
  const message = messageOf(cause);
  const known = advice[name];
  if (known === undefined) return message === "" ? name : message;
  const [happened, remedy] = known;
  return `${happened} (${message === "" ? name : message}): ${remedy}`;
}

function messageOf(cause: string): string {
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: string } | null;
    return parsed?.errorMessage ?? cause;
  } catch {
    return cause;
  }
}

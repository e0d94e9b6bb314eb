/** What Step Functions and Lambda make of a call: JSON both ways, a size limit, and errors as a name and a JSON cause. */
import { brief } from "../../ports/brief.ts";
import { InputError } from "../../ports/errors.ts";
import type { FunctionName, Invoke } from "../../ports/orchestrator.ts";
import { fromWire, toWire } from "./wire-error.ts";

/** Of the input and output of a state, as UTF-8. */
const STATE_BYTES = 256 * 1_024;

/** Invokes what a `lambda:invoke` task names, and answers as the service does. Keeps the error of a function in `thrown`, by its name. */
export async function callFunction(
  invoke: Invoke,
  { FunctionName, Payload }: { FunctionName: string; Payload: unknown },
  signal: AbortSignal,
  thrown: Map<string, Error>,
): Promise<{ Payload: unknown }> {
  const [name, slot] = FunctionName.split("-");
  const payload = asJson(Payload, `payload of ${FunctionName}`);
  let answer: unknown;
  try {
    answer = await invoke(name as FunctionName, payload, Number(slot ?? 0), signal);
  } catch (error) {
    const { name: errorType, message: errorMessage, stack } = toWire(brief(error));
    // After a stop this is the reason for it, not what a function threw.
    if (error instanceof Error && !signal.aborted) thrown.set(errorType, error);
    throw fromWire({ name: errorType, message: JSON.stringify({ errorType, errorMessage, trace: stack.split("\n") }), stack });
  }
  return { Payload: asJson(answer, `answer of ${FunctionName}`) };
}

/** A copy that shares nothing; what JSON cannot say arrives as it would from the service. */
function asJson(value: unknown, what: string): unknown {
  const text = JSON.stringify(value ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > STATE_BYTES) throw terminal("States.DataLimitExceeded", `${what} must not exceed ${STATE_BYTES} bytes, got ${bytes}`);
  return JSON.parse(text);
}

/** An error that the interpreter neither retries nor catches, even by States.ALL. */
export function terminal(name: string, message: string): Error {
  return Object.assign(fromWire({ name, message, stack: "" }), { isRetryable: false, isCatchable: false });
}

/** The error with which a machine ended, in the words of the function that caused it. */
export function machineError(error: Error, thrown: ReadonlyMap<string, Error>): Error {
  return fromWire({ ...toWire(error), message: sentenceOf(error.message) }, thrown.get(error.name) ?? error);
}

/** A cause that nobody turned into a sentence is the JSON that Lambda gives. */
function sentenceOf(cause: string): string {
  if (!cause.startsWith('{"errorType"')) return cause;
  return (JSON.parse(cause) as { errorMessage: string }).errorMessage;
}

/** Refuses a machine that names a function this machine has not. */
export function unknownResource(state: string, resource: string | undefined): InputError {
  return new InputError(`state ${state} must be a task that the local orchestrator knows, got ${resource}`);
}

/** How a command ends badly: what it prints, and its exit code. */

/** Thrown where a run was asked to stop; its message says how to go on. */
export class Interrupted extends Error {}

/** Programs decide on these. */
export const EXIT = { ok: 0, unexpected: 1, input: 2, budget: 3, numeric: 4, interrupted: 130 } as const;

const CODES: Readonly<Record<string, number>> = {
  InputError: EXIT.input,
  CodeChanged: EXIT.input,
  BudgetError: EXIT.budget,
  NumericError: EXIT.numeric,
  Stopped: EXIT.interrupted,
};

/** By name, as errors may come from another thread. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof Error ? (CODES[error.name] ?? EXIT.unexpected) : EXIT.unexpected;
}

/** One sentence for what the user can mend; for the rest where to report it. Stacks only when asked for. */
export function failureText(error: unknown, withStack: boolean): string {
  if (!(error instanceof Error)) return `steplearn: unexpected error: ${String(error)}`;
  if (withStack) return `steplearn: ${error.stack ?? error.message}${causeText(error.cause)}`;
  if (exitCodeOf(error) !== EXIT.unexpected) return `steplearn: ${error.message}`;
  return `steplearn: unexpected error: ${error.message} (STEPLEARN_DEBUG=1 shows where)`;
}

const causeText = (cause: unknown): string =>
  cause instanceof Error ? `\ncaused by: ${cause.stack ?? cause.message}${causeText(cause.cause)}` : "";

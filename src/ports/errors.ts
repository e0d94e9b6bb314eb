/**
 * Errors on which somebody decides differently. The state machine's retry rules see only the name, so the names are a contract:
 * TransientError is retried; InputError, NumericError, BudgetError, Stopped and CodeChanged never are.
 * They are written out, because a minified bundle renames its classes.
 */

/** The job, the data or the call is wrong; the message says what must change. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The arithmetic left the finite numbers, or a system has no solution. */
export class NumericError extends Error {
  override readonly name = "NumericError";
}

/** The plan or the run goes past memory, money or time. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** Somebody asked the run to stop. It can be resumed. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** A task runs another version of the code than its plan. */
export class CodeChanged extends Error {
  override readonly name = "CodeChanged";
}

/** Worth trying again: throttling, a lost connection. */
export class TransientError extends Error {
  override readonly name = "TransientError";
}

/** No object under that key. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** The condition of a read or a write did not hold. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/**
 * Errors on which somebody decides differently. The state machine's retry rules see only the name, so the names are a contract:
 * TransientError is retried; InputError, NumericError, BudgetError and CodeChanged never are.
 */

class NamedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The job, the data or the call is wrong; the message says what must change. */
export class InputError extends NamedError {}
/** The arithmetic left the finite numbers, or a system has no solution. */
export class NumericError extends NamedError {}
/** The plan or the run goes past memory, money or time. */
export class BudgetError extends NamedError {}
/** A task runs another version of the code than its plan. */
export class CodeChanged extends NamedError {}
/** Worth trying again: throttling, a lost connection. */
export class TransientError extends NamedError {}
/** No object under that key. */
export class NotFoundError extends NamedError {}
/** The condition of a write did not hold. */
export class ConflictError extends NamedError {}

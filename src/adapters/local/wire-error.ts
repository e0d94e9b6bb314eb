/** Errors between threads: structured clones of errors lose the name by which the machine decides, and the class. */
import * as named from "../../ports/errors.ts";

export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: "" };
  return { name: error.name, message: error.message, stack: error.stack ?? "" };
}

const classes: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = named;

/** The error again, of its own class where it is one of `ports/errors.ts`. `cause` is an error whose stack is the one of the other side. */
export function fromWire(wire: WireError, cause: unknown = Object.assign(new Error(wire.message), wire)): Error {
  const Class = Object.hasOwn(classes, wire.name) ? classes[wire.name] : Error;
  const error = new Class(wire.message, { cause });
  error.name = wire.name;
  return error;
}

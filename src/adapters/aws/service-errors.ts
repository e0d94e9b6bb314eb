/** Errors of Step Functions, Lambda and CloudWatch Logs in the words of what to do. */
import { InputError, NotFoundError, TransientError } from "../../ports/errors.ts";
import { isPassing, signInError } from "./clients.ts";

/** Does a request; `action` is the permission that it needs, `on` what it is about. */
export async function asked<T>(action: string, on: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw serviceError(error as Error, action, on);
  }
}

function serviceError(error: Error, action: string, on: string): unknown {
  const of = { cause: error };
  const signIn = signInError(error);
  if (signIn !== null) return signIn;
  if (/^(AccessDenied|AccessDeniedException)$/.test(error.name))
    return new InputError(`${action} on ${on} must be allowed, got ${error.name}`, of);
  if (/^(ResourceNotFoundException|ExecutionDoesNotExist|StateMachineDoesNotExist)$/.test(error.name))
    return new NotFoundError(`${on} must exist, got none`, of);
  if (isPassing(error)) return new TransientError(`${on} must be reachable, got ${error.name}: ${error.message}`, of);
  return error;
}

/** S3's errors under the names of the port, each with what to do. */
import { ConflictError, InputError, NotFoundError, TransientError } from "../../ports/errors.ts";
import { isPassing, signInError } from "./clients.ts";
import { type Place, uriOf } from "./s3-place.ts";

/** Permissions that a request needs. */
const NEEDS = { read: "s3:GetObject", write: "s3:PutObject", list: "s3:ListBucket" } as const;
export type Verb = keyof typeof NEEDS;

export const statusOf = (error: unknown): number => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

/** The error to throw for one of the SDK's. */
export function portError(error: unknown, verb: Verb, place: Place): unknown {
  const known = [ConflictError, InputError, NotFoundError, TransientError].some((Class) => error instanceof Class);
  if (known || !(error instanceof Error)) return error;
  const uri = uriOf(place);
  const of = { cause: error };
  const signIn = signInError(error);
  if (signIn !== null) return signIn;
  if (error.name === "NoSuchBucket") return new InputError(`bucket ${place.Bucket} must exist (of ${uri})`, of);
  if (error.name === "PermanentRedirect" || error.name === "AuthorizationHeaderMalformed")
    return new InputError(`bucket ${place.Bucket} must be reached in its own region, got ${error.message}; set AWS_REGION`, of);
  if (error.name === "NoSuchKey" || statusOf(error) === 404) return new NotFoundError(`object ${uri} must exist`, of);
  if (error.name === "InvalidObjectState")
    return new InputError(`object ${uri} must be readable at once, got one in an archive class; restore it first`, of);
  if (error.name.startsWith("KMS.") || /\bkms:\w+/.test(error.message))
    return new InputError(`the key that encrypts ${uri} must let who asks use it, got ${error.name}: ${error.message}`, of);
  if (statusOf(error) === 403) return forbidden(verb, place, of);
  if (isPassing(error)) return new TransientError(`object ${uri} must be reachable, got ${error.name}: ${error.message}`, of);
  return error;
}

/** Who may not list a bucket is not told that an object is missing. */
function forbidden(verb: Verb, place: Place, of: ErrorOptions): InputError {
  const on = verb === "list" ? `arn:aws:s3:::${place.Bucket}` : `arn:aws:s3:::${place.Bucket}/${place.Key}`;
  const also = verb === "read" ? `, and s3:ListBucket on arn:aws:s3:::${place.Bucket}, without which a missing object looks forbidden` : "";
  return new InputError(`access to ${uriOf(place)} must be allowed, got AccessDenied; it needs ${NEEDS[verb]} on ${on}${also}`, of);
}

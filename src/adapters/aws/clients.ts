/**
 * The SDK's clients as we use them. Region, credentials and an endpoint come from where AWS tools look for them (environment, profile, role);
 * an endpoint of one's own (`AWS_ENDPOINT_URL`, as emulators have) gets buckets in the path, for their names are no hosts there.
 */
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { InputError } from "../../ports/errors.ts";

/** Reads of a function go side by side; the SDK's own bound is 50 sockets. A function may hold 1,024 files and sockets. */
const SOCKETS = 256;
/** Waiting for a free socket counts as connecting. */
const CONNECT_MILLIS = 10_000;
/** Silence after which a connection is taken for dead, and the SDK tries again. */
const SILENT_MILLIS = 15_000;
/** S3 answers 503 while it spreads a prefix that got busy; it takes seconds. */
const ATTEMPTS = 6;

/** What the clients of all services share. */
export const transport = {
  maxAttempts: ATTEMPTS,
  retryMode: "standard",
  requestHandler: {
    connectionTimeout: CONNECT_MILLIS,
    socketTimeout: SILENT_MILLIS,
    httpsAgent: { maxSockets: SOCKETS, keepAlive: true },
    httpAgent: { maxSockets: SOCKETS, keepAlive: true },
  },
} as const;

const ownEndpoint = (): boolean => (process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined;

/** One a process or thread: connections are kept. `more` is for tests. */
export function s3Client(more: S3ClientConfig = {}): S3Client {
  return new S3Client({
    ...transport,
    forcePathStyle: ownEndpoint(),
    followRegionRedirects: true,
    // A checksum of a whole answer would hold it back until its last byte; lengths are checked instead, and TLS guards the bytes.
    responseChecksumValidation: "WHEN_REQUIRED",
    ...more,
  });
}

/** An error of credentials or region in the words of what to do; null for any other. */
export function signInError(error: unknown): InputError | null {
  const { name = "", message = "" } = error as Partial<Error>;
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(name) || /Could not load credentials/i.test(message))
    return new InputError(`AWS credentials must be there, got none (${message}); sign in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID`, {
      cause: error,
    });
  if (
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch)$/.test(
      name,
    )
  )
    return new InputError(`AWS credentials must be valid, got ${name}; sign in again`, { cause: error });
  if (/^(RequestTimeTooSkewed|RequestInTheFuture)$/.test(name))
    return new InputError(`the clock of this machine must be right, got one that AWS refuses (${name}: ${message})`, { cause: error });
  if (/Region is missing/i.test(message))
    return new InputError("the AWS region must be known, got none; set AWS_REGION or a profile that has one", { cause: error });
  return null;
}

const BUSY =
  /^(SlowDown|ServiceUnavailable|InternalError|InternalFailure|InternalServerError|RequestTimeout|RequestTimeoutException|Throttling|ThrottlingException|TooManyRequestsException|TooManyRequests|RequestThrottled|BandwidthLimitExceeded|TimeoutError)$/;
const BROKEN = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_STREAM_PREMATURE_CLOSE|EMFILE)$/;

/** Worth trying again: throttled, a service's own fault, a lost connection. */
export function isPassing(error: unknown): boolean {
  const { name = "", code = "", $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } };
  return BUSY.test(name) || BROKEN.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500;
}

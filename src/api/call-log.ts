/** One line of the log for each call of a function: whose run, which round, how long. Names and numbers only, never values of the data. */
import { Logger } from "@aws-lambda-powertools/logger";

export interface CallLog {
  /** A call that took so long; `error` is what it threw. */
  called(event: unknown, requestId: string, millis: number, error?: Error): void;
}

/** What of a request tells whose it is; everything else stays out of the log. */
const FIELDS = ["run", "generation", "verb", "round", "task", "slot", "fused", "execution"] as const;

export function callLog(stack: string): CallLog {
  const logger = new Logger({ serviceName: stack });
  let calls = 0;
  return {
    called: (event, requestId, millis, error) => {
      const request = event as Readonly<Record<string, unknown>>;
      const named = FIELDS.filter((field) => ["string", "number", "boolean"].includes(typeof request[field]));
      const told = {
        ...Object.fromEntries(named.map((field) => [field, request[field]])),
        requestId,
        millis: Math.round(millis),
        coldStart: calls++ === 0,
      };
      if (error === undefined) logger.info("answered", told);
      else logger.error(`failed: ${error.name}`, told);
    },
  };
}

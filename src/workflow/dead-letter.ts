/** A message to the dead-letter queue. */
import type { AslRetrier, AslState } from "../ports/orchestrator.ts";
import { DOOR_SECONDS } from "./timing.ts";

/** Sends `body`; whether or not that succeeds goes on with `next`, so that the failure which is told of is what the execution ends with. */
export function deadLetter(queueUrl: string, body: object, retrier: AslRetrier, next: string): AslState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage",
    Parameters: { QueueUrl: queueUrl, MessageBody: body },
    ResultPath: "$.told",
    TimeoutSeconds: DOOR_SECONDS,
    Retry: [retrier],
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.untold", Next: next }],
    Next: next,
  };
}

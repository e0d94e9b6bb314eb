/**
 * The door: an Express machine between the event of an object's arrival and the machine that does the work. Events come at least once and in
 * any order, so the execution is named after the hash of bucket, version and key: a name already taken is this very upload, and success.
 *
 *     Arrived? ─▶ Versioned   ─▶ Name ─▶ What? ─▶ Start scoring ─▶ Started
 *             ├─▶ Unversioned ─┘             └──▶ Start update ──▶ Started
 *             └─▶ Empty: a folder that somebody made in the console
 *
 * Input: the event as EventBridge delivers it, whole. AWS writes the key as it is; LocalStack 4.14 percent-encodes it, which the planner
 * finds out by asking which of the two keys exists.
 */
import type { Asl, AslState } from "../ports/orchestrator.ts";
import { deadLetter } from "./dead-letter.ts";
import { ARRIVALS } from "./stack.ts";
import { briefService } from "./task.ts";
import { DOOR_SECONDS } from "./timing.ts";

/** ARNs of the machines, and the URL of the queue that hears of what could not be started. */
export interface Doors {
  readonly scoring: string;
  readonly update: string;
  readonly deadLetters: string;
}

const object = "$.detail.object";
const version = `${object}['version-id']`;
const alreadyStarted = "StepFunctions.ExecutionAlreadyExistsException";

export function doorMachine({ scoring, update, deadLetters }: Doors): Asl {
  const present = (Variable: string) => ({ Variable, IsPresent: true });
  return {
    Comment: "steplearn: starts the work that an object's arrival asks for, once for each upload",
    TimeoutSeconds: 240,
    StartAt: "Arrived?",
    States: {
      "Arrived?": {
        Type: "Choice",
        Choices: [
          { Not: { And: [`${object}.key`, `${object}.size`, `${object}.etag`, "$.detail.bucket.name"].map(present) }, Next: "No arrival" },
          { Variable: `${object}.size`, NumericLessThan: 1, Next: "Empty" },
          { ...present(version), Next: "Versioned" },
          { ...present(`${object}.etag`), Next: "Unversioned" },
        ],
        Default: "No arrival",
      },
      Empty: { Type: "Succeed" },
      Versioned: arrival(version, { "versionId.$": version }),
      Unversioned: arrival(`${object}.etag`, {}),
      // Hexadecimal SHA-1, 40 letters, because a run's name may have 48. It tells uploads apart; nothing is kept secret by it.
      Name: {
        Type: "Pass",
        Parameters: { "arrival.$": "$.arrival", "hash.$": "States.Hash($.identity, 'SHA-1')" },
        Next: "What?",
      },
      "What?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.arrival.key", StringMatches: `${ARRIVALS.score}*`, Next: "Start scoring" },
          { Variable: "$.arrival.key", StringMatches: `${ARRIVALS.update}*`, Next: "Start update" },
        ],
        Default: "No arrival",
      },
      "Start scoring": start(scoring, "score"),
      "Start update": start(update, "update"),
      Started: { Type: "Succeed" },
      "Tell of failure": deadLetter(
        deadLetters,
        { "object.$": "$.arrival", "error.$": "$.error.Error", "reason.$": "$.error.Cause" },
        briefService,
        "Failed",
      ),
      Failed: { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
      "No arrival": {
        Type: "Fail",
        Error: "UnknownEvent",
        Cause: `the event must be that of an object created under ${ARRIVALS.score} or ${ARRIVALS.update}`,
      },
    },
  };
}

/** What the machines are told of the object, and the text that is the same for every event of one upload and for no other. */
function arrival(upload: string, more: object): AslState {
  return {
    Type: "Pass",
    Parameters: {
      arrival: { "bucket.$": "$.detail.bucket.name", "key.$": `${object}.key`, "etag.$": `${object}.etag`, ...more },
      "identity.$": `States.Format('{}/{}/{}', $.detail.bucket.name, ${upload}, ${object}.key)`,
    },
    Next: "Name",
  };
}

function start(machine: string, what: "score" | "update"): AslState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::states:startExecution",
    Parameters: {
      StateMachineArn: machine,
      "Name.$": `States.Format('${what}-{}', $.hash)`,
      Input: { [`${what}.$`]: "$.arrival" },
    },
    ResultPath: "$.started",
    TimeoutSeconds: DOOR_SECONDS,
    Retry: [{ ...briefService, ErrorEquals: [alreadyStarted], MaxAttempts: 0 }, briefService],
    Catch: [
      { ErrorEquals: [alreadyStarted], ResultPath: "$.exists", Next: "Started" },
      { ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Tell of failure" },
    ],
    Next: "Started",
  };
}

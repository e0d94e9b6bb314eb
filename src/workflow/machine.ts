/**
 * The training machine and its group child as ASL, from the names of the functions: what CDK deploys and what the local orchestrator runs.
 * JSONPath, and only what AWS, LocalStack 4.14 and aws-local-stepfunctions 3 all do (a test refuses the rest): no `IsPresent: false`, no
 * intrinsic in `CausePath`, no parentheses inside a `States.Format` template, no `$$.Map` inside an iteration.
 *
 *     Plan ─▶ Next? ─▶ Round: Map over groups ─▶ [ child: Map over tasks ─▶ Combine ] ─▶ Reduce ─▶ Next?
 *                  ├─▶ Stretch: [ child: Map over tasks ─▶ Reduce, again and again ] ────────────▶ Next?
 *                  ├─▶ Fused rounds ─────────────────────────────────────────────────────────────▶ Next?
 *                  ├─▶ Continue in a new execution
 *                  └─▶ Publish
 *
 * Scoring and updating are the same machine, started by an object's arrival, whose failures also go to the dead-letter queue.
 */
import type { Asl, AslState } from "../ports/orchestrator.ts";
import { deadLetter } from "./dead-letter.ts";
import { groupStates } from "./group.ts";
import { call, type Functions, fields, patientService } from "./task.ts";
import { TASK_SECONDS } from "./timing.ts";

const A_WEEK_SECONDS = 7 * 24 * 3_600;
const failures = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Record failure" }];

const next = (updates: boolean): AslState => ({
  Type: "Choice",
  Choices: [
    // A missing field would be States.Runtime, which no Catch sees and no one records.
    { Not: { Variable: "$.next", IsPresent: true }, Next: "Unknown answer" },
    { Variable: "$.next", StringEquals: "round", Next: "Round" },
    { Variable: "$.next", StringEquals: "stretch", Next: "One group" },
    { Variable: "$.next", StringEquals: "fused", Next: "Fused rounds" },
    { Variable: "$.next", StringEquals: "continue", Next: "Continue" },
    { Variable: "$.next", StringEquals: "publish", Next: "Publish" },
    ...(updates ? [{ Variable: "$.next", StringEquals: "done", Next: "Done" }] : []),
  ],
  Default: "Unknown answer",
});

/** What a child is given; `combine` or `reduce` says what it ends its round with. */
const childInput = (verb: "combine" | "reduce", group: string) => ({
  verb,
  ...fields("run", "generation", "round", "bundle", "events"),
  "group.$": group,
  tries: 0,
});

const take = { Type: "Pass", Parameters: { "v.$": "States.StringToJson($.child.Output)" }, OutputPath: "$.v" } as const;

/** Many groups: a child for each, never retried as a whole; their answers come in the order of the groups. */
function round(groupMachine: string): AslState {
  const states = { ...groupStates(groupMachine, "Group", "Take"), Take: { ...take, End: true } };
  return {
    Type: "Map",
    ItemsPath: "$.groups",
    MaxConcurrencyPath: "$.groupsAtOnce",
    ItemSelector: childInput("combine", "$$.Map.Item.Value"),
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Group", States: states } as Asl,
    ResultPath: "$.answers",
    Catch: failures,
    Next: "Reduce",
  };
}

/** One group: 13 events a stretch, however many rounds the child runs. */
function stretch(groupMachine: string): Record<string, AslState> {
  const states = groupStates(groupMachine, "Stretch", "Take state");
  // A Fail state here would end the execution without a record of it.
  const caught = (name: string, error: object): AslState => ({ Type: "Pass", Parameters: { ...fields("run"), error }, Next: name });
  return {
    "One group": { Type: "Pass", Parameters: childInput("reduce", "$.groups[0]"), Next: "Stretch" },
    ...states,
    Stretch: { ...states.Stretch, Catch: failures },
    "Take state": { ...take, Next: "Next?" },
    "Stretch failed": caught("Record failure", { "Error.$": "$.child.Error", "Cause.$": "$.child.Cause" }),
    "Stretch lost": caught("Record failure", { "Error.$": "$.Error", "Cause.$": "$.Cause" }),
  };
}

function continuation(arrival: Arrived | undefined): AslState {
  const exists = "StepFunctions.ExecutionAlreadyExistsException";
  return {
    Type: "Task",
    Resource: "arn:aws:states:::states:startExecution",
    Parameters: {
      "StateMachineArn.$": "$$.StateMachine.Id",
      "Name.$": "States.Format('{}-{}', $.run, $.generation)",
      Input: {
        ...fields("run", "generation"),
        ...(arrival && { [`${arrival.what}.$`]: `$$.Execution.Input.${arrival.what}` }),
        "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id",
      },
    },
    TimeoutSeconds: 60,
    Retry: [
      { ErrorEquals: [exists], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 0, MaxDelaySeconds: 2, JitterStrategy: "FULL" },
      patientService,
    ],
    // The name is taken by this very continuation, of a try whose answer was lost.
    Catch: [{ ErrorEquals: [exists], ResultPath: "$.exists", Next: "Continued" }, ...failures],
    ResultPath: "$.started",
    Next: "Continued",
  };
}

/** The arrival that an execution was started for: the field of its input, and the URL of the queue that hears of its failure. */
interface Arrived {
  readonly what: "score" | "update";
  readonly deadLetters: string;
}

/** The machine of a run. `functions.group` is the child that `groupMachine` builds. */
export const trainingMachine = (functions: Functions): Asl =>
  machine(functions, "rounds of map, merge and step until the model is published");

/** Predicts an object that arrived; input `{ score: Arrival }`. `deadLetters` is the URL of a queue. */
export const scoringMachine = (functions: Functions, deadLetters: string): Asl =>
  machine(functions, "rounds that score an object, until its manifest is written", { what: "score", deadLetters });

/** Merges an object that arrived into a model; input `{ update: Arrival }`. */
export const updateMachine = (functions: Functions, deadLetters: string): Asl =>
  machine(functions, "rounds that bring new rows into a model, until its new version is published", { what: "update", deadLetters });

function machine(functions: Functions, comment: string, arrival?: Arrived): Asl {
  const to = { Catch: failures, Next: "Next?" };
  const ask = fields("run", "generation", "round", "bundle", "events");
  const updates = arrival?.what === "update";
  const plan = { "input.$": "$", "execution.$": "$$.Execution.Name", "startTime.$": "$$.Execution.StartTime" };
  return {
    Comment: `steplearn: ${comment}`,
    TimeoutSeconds: A_WEEK_SECONDS,
    StartAt: "Plan",
    States: {
      Plan: call(functions.planner, plan, TASK_SECONDS.planner, "patient", to),
      "Next?": next(updates),
      Round: round(functions.group),
      Reduce: call(functions.reducer, { verb: "reduce", ...ask, ...fields("answers") }, TASK_SECONDS.reducer, "patient", to),
      ...stretch(functions.group),
      "Fused rounds": call(functions.fused, { fused: true, ...ask }, TASK_SECONDS.fused, "patient", to),
      Continue: continuation(arrival),
      Continued: { Type: "Pass", Parameters: { "continuedAs.$": "States.Format('{}-{}', $.run, $.generation)" }, End: true },
      ...publish(functions.publisher, updates),
      "Unknown answer": {
        Type: "Pass",
        Result: { Error: "UnknownAnswer", Cause: "the next step must be round, stretch, fused, continue or publish" },
        ResultPath: "$.error",
        Next: "Record failure",
      },
      ...recordFailure(functions.publisher, arrival),
      Failed: { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
    },
  };
}

/** A version that was published while an update trained takes the update's rows in instead, by a run of its own. */
function publish(publisher: string, updates: boolean): Record<string, AslState> {
  const publishing = (more: readonly string[], then: object): AslState =>
    call(publisher, { verb: "publish", ...fields("run", "bundle", ...more) }, TASK_SECONDS.publisher, "patient", {
      Catch: failures,
      ...then,
    });
  if (!updates) return { Publish: publishing([], { End: true }) };
  return {
    Publish: publishing(["events"], { Next: "Published?" }),
    "Published?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.next", IsPresent: true, Next: "Next?" },
        { Variable: "$.folder", IsPresent: true, Next: "Done" },
      ],
      Default: "Unknown answer",
    },
    Done: { Type: "Succeed" },
  };
}

/**
 * The publisher turns the error into a sentence and stores it; where it fails itself the error stands as it is. Then the queue is told whose
 * failure nobody may be watching. Neither is entered twice.
 */
function recordFailure(publisher: string, arrival: Arrived | undefined): Record<string, AslState> {
  const next = arrival === undefined ? "Failed" : "Tell of failure";
  const { OutputPath: _, ...task } = call(
    publisher,
    { verb: "fail", "execution.$": "$$.Execution.Name", "state.$": "$" },
    TASK_SECONDS.publisher,
    "patient",
    { Next: next },
  );
  const record = {
    ...task,
    ResultSelector: { "Error.$": "$.Payload.name", "Cause.$": "$.Payload.sentence" },
    ResultPath: "$.error",
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unrecorded", Next: next }],
  };
  if (arrival === undefined) return { "Record failure": record };
  const told = {
    "execution.$": "$$.Execution.Name",
    "object.$": `$$.Execution.Input.${arrival.what}`,
    "error.$": "$.error.Error",
    "reason.$": "$.error.Cause",
  };
  return { "Record failure": record, "Tell of failure": deadLetter(arrival.deadLetters, told, patientService, "Failed") };
}

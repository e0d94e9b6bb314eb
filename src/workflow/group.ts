/** The child that runs one group of tasks, and the states of a parent that start it, judge how it ended and start it again. */
import type { Asl, AslState } from "../ports/orchestrator.ts";
import { GROUP_TASKS, NEXT } from "./state.ts";
import { call, type Functions, fields, RETRIED } from "./task.ts";
import { GROUP_SECONDS, TASK_SECONDS } from "./timing.ts";

/** A child that timed out, or failed with what may pass, is started again so often: its tasks are done twice, with the same bytes. */
const TRIES_AGAIN = 2;

const numbered = (group: string) => ({
  ...fields("run", "generation", "round", "bundle", "events"),
  "group.$": group,
  "tasks.$": `States.ArrayRange(${group}.first, ${group}.last, 1)`,
});

/** Input: the fields of `childInput` in `machine.ts`. Output: the combiner's answer; with verb `reduce` the reducer's, after the last of its rounds. */
export function groupMachine(functions: Omit<Functions, "group">): Asl {
  const reduce = {
    verb: "reduce",
    ...fields("run", "generation", "round", "bundle", "events", "answers"),
    "since.$": "$$.Execution.StartTime",
  };
  const combine = { verb: "combine", ...fields("run", "round", "bundle", "group", "answers") };
  return {
    Comment: "steplearn: the tasks of one group, and its rounds while it is alone",
    TimeoutSeconds: GROUP_SECONDS,
    StartAt: "Number",
    States: {
      Number: { Type: "Pass", Parameters: { ...fields("verb"), ...numbered("$.group") }, Next: "Tasks" },
      Tasks: tasks(functions.mapper),
      "Alone?": {
        Type: "Choice",
        Choices: [
          { Variable: "$.verb", StringEquals: "combine", Next: "Combine" },
          { Variable: "$.verb", StringEquals: "reduce", Next: "Reduce alone" },
        ],
        Default: "Unknown verb",
      },
      Combine: call(functions.combiner, combine, TASK_SECONDS.combiner, "combine", { End: true }),
      "Reduce alone": call(functions.combiner, reduce, TASK_SECONDS.combiner, "combine", { Next: "Again?" }),
      "Again?": {
        Type: "Choice",
        Choices: [
          { Not: { Variable: "$.next", IsPresent: true }, Next: "No answer" },
          { Variable: "$.next", StringEquals: "again", Next: "Number again" },
          { Or: NEXT.filter((next) => next !== "again").map((next) => ({ Variable: "$.next", StringEquals: next })), Next: "Leave" },
        ],
        Default: "No answer",
      },
      "Number again": { Type: "Pass", Parameters: { verb: "reduce", ...numbered("$.groups[0]") }, Next: "Tasks" },
      Leave: { Type: "Succeed" },
      "Unknown verb": { Type: "Fail", Error: "UnknownVerb", Cause: "the verb of a group must be combine or reduce" },
      "No answer": { Type: "Fail", Error: "UnknownAnswer", Cause: `the next step must be one of ${NEXT.join(", ")}` },
    },
  };
}

function tasks(mapper: string): AslState {
  const task = call(
    `States.Format('${mapper}-{}', $.slot)`,
    fields("run", "round", "task", "slot", "bundle"),
    TASK_SECONDS.mapper,
    "task",
    {
      End: true,
    },
  );
  return {
    Type: "Map",
    ItemsPath: "$.tasks",
    MaxConcurrency: GROUP_TASKS,
    ItemSelector: {
      ...fields("run", "round", "bundle"),
      "task.$": "$$.Map.Item.Value",
      "slot.$": "States.MathAdd($.group.slotFrom, $$.Map.Item.Index)",
    },
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "Task", States: { Task: task } } as Asl,
    ResultPath: "$.answers",
    Next: "Alone?",
  };
}

/**
 * The states by which a parent runs a child. A synchronous child's failure is a `Status`, not an error, and has no `Output`. After success the
 * state `then` finds the answer as text in `$.child.Output`.
 */
export function groupStates(machine: string, name: string, then: string): Record<string, AslState> {
  const [ended, again, failed, lose, lost] = [`${name} ended`, `${name} again`, `${name} failed`, `${name} timed out`, `${name} lost`];
  const fewTries = { Variable: "$.tries", NumericLessThan: TRIES_AGAIN };
  return {
    [name]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:startSyncExecution",
      Parameters: {
        StateMachineArn: machine,
        "Name.$": "States.Format('{}-r{}-g{}-{}', $.run, $.round, $.group.number, $.tries)",
        "Input.$": "States.JsonToString($)",
      },
      ResultPath: "$.child",
      TimeoutSeconds: GROUP_SECONDS + 5,
      Retry: [
        {
          ErrorEquals: ["States.TaskFailed", "States.Timeout"],
          IntervalSeconds: 1,
          BackoffRate: 2,
          MaxAttempts: 6,
          MaxDelaySeconds: 20,
          JitterStrategy: "FULL",
        },
      ],
      Next: ended,
    },
    [ended]: {
      Type: "Choice",
      Choices: [
        { Variable: "$.child.Status", StringEquals: "SUCCEEDED", Next: then },
        { And: [{ Variable: "$.child.Status", StringEquals: "TIMED_OUT" }, fewTries], Next: again },
        { Variable: "$.child.Status", StringEquals: "TIMED_OUT", Next: lose },
        { Not: { Variable: "$.child.Error", IsPresent: true }, Next: lose },
        { Not: { Variable: "$.child.Cause", IsPresent: true }, Next: lose },
        { And: [{ Or: RETRIED.map((error) => ({ Variable: "$.child.Error", StringEquals: error })) }, fewTries], Next: again },
        { Variable: "$.child.Status", StringEquals: "FAILED", Next: failed },
      ],
      Default: lose,
    },
    [again]: {
      Type: "Pass",
      Parameters: { ...fields("verb", "run", "generation", "round", "bundle", "events", "group"), "tries.$": "States.MathAdd($.tries, 1)" },
      Next: name,
    },
    [failed]: { Type: "Fail", ErrorPath: "$.child.Error", CausePath: "$.child.Cause" },
    [lose]: {
      Type: "Pass",
      Parameters: {
        ...fields("run"),
        Error: "GroupLost",
        "Cause.$":
          "States.Format('group {} of round {} ended as {} after {} new starts; give the functions more memory or the tasks fewer parts, then resume the run', $.group.number, $.round, $.child.Status, $.tries)",
      },
      Next: lost,
    },
    [lost]: { Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" },
  };
}

/** The state machines, from the same functions that the local orchestrator builds its machines with. */

import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions";
import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Asl } from "../src/ports/orchestrator.ts";
import { doorMachine } from "../src/workflow/door.ts";
import { groupMachine } from "../src/workflow/group.ts";
import { scoringMachine, trainingMachine, updateMachine } from "../src/workflow/machine.ts";
import { namesOf } from "../src/workflow/stack.ts";
import { arnOf, type Grant, OBSERVED, roleFor, use } from "./permissions.ts";
import type { Choices } from "./props.ts";

export interface Machines {
  /** The child that runs the tasks of a group; Express. */
  readonly group: StateMachine;
  readonly training: StateMachine;
  readonly scoring: StateMachine;
  readonly update: StateMachine;
  /** Starts scoring and updates; Express. */
  readonly door: StateMachine;
}

export function machines(scope: Construct, { name, encryptionKey }: Choices, logGroup: LogGroup, deadLetters: Queue): Machines {
  const names = namesOf(name);
  const invoke = (...functions: readonly string[]) => ({
    actions: ["lambda:InvokeFunction"],
    resources: functions.map((one) => arnOf(scope, "lambda", one)),
    why: "mappers are numbered, and the plan says how many a round takes",
  });
  const start = (...stateMachines: readonly string[]) => ({ actions: ["states:StartExecution"], resources: stateMachines });
  const tell = [{ actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] }, ...use(encryptionKey)];
  const create = (id: string, stateMachineName: string, express: boolean, asl: Asl, grants: readonly Grant[]) =>
    new StateMachine(scope, id, {
      stateMachineName,
      stateMachineType: express ? StateMachineType.EXPRESS : StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(asl)),
      role: roleFor(scope, `${id}Role`, "states", [...grants, ...OBSERVED]).withoutPolicyUpdates(),
      // Names and times of states; what they carry stays out of the logs.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });

  const group = create("Group", names.group, true, groupMachine(names), [invoke(`${names.mapper}-*`, names.combiner)]);
  const called = { ...names, group: group.stateMachineArn };
  const rounds = (own: string) => [
    invoke(names.planner, names.fused, names.reducer, names.publisher),
    { actions: ["states:StartSyncExecution"], resources: [group.stateMachineArn] },
    // To continue in a new execution of itself.
    start(arnOf(scope, "states", own)),
  ];
  const training = create("Training", names.training, false, trainingMachine(called), rounds(names.training));
  const scoring = create("Scoring", names.scoring, false, scoringMachine(called, deadLetters.queueUrl), [
    ...rounds(names.scoring),
    ...tell,
  ]);
  const update = create("Update", names.update, false, updateMachine(called, deadLetters.queueUrl), [...rounds(names.update), ...tell]);
  const arrived = { scoring: scoring.stateMachineArn, update: update.stateMachineArn, deadLetters: deadLetters.queueUrl };
  const door = create("Door", names.door, true, doorMachine(arrived), [start(scoring.stateMachineArn, update.stateMachineArn), ...tell]);
  return { group, training, scoring, update, door };
}

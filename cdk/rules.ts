/** What happens by itself: an object's arrival opens the door, and a run that was stopped or timed out is settled, since its machine runs no state. */

import { EventField, type IRuleTarget, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { ARRIVALS } from "../src/workflow/stack.ts";
import type { Machines } from "./machines.ts";
import { roleFor } from "./permissions.ts";

export interface Rules {
  readonly arrivals: Rule;
  readonly stopped: Rule;
}

export function rules(scope: Construct, bucket: IBucket, machines: Machines, publisher: LambdaFunction, deadLetters: Queue): Rules {
  // What EventBridge cannot deliver within a day is kept with its reason.
  const delivery = {
    deadLetterConfig: { arn: deadLetters.queueArn },
    retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
  };
  const { door, training, scoring, update } = machines;
  const role = roleFor(scope, "ArrivalsRole", "events", [{ actions: ["states:StartExecution"], resources: [door.stateMachineArn] }]);
  const toDoor: IRuleTarget = { bind: () => ({ arn: door.stateMachineArn, role, ...delivery }) };
  const arrivals = new Rule(scope, "Arrivals", {
    description: "Objects to score, and new data for models",
    eventPattern: {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: Object.values(ARRIVALS).map((prefix) => ({ prefix })) } },
    },
    targets: [toDoor],
  });

  const settle = { verb: "settle", execution: EventField.fromPath("$.detail.name"), status: EventField.fromPath("$.detail.status") };
  const toPublisher: IRuleTarget = {
    bind: () => ({ arn: publisher.functionArn, input: RuleTargetInput.fromObject(settle), ...delivery }),
  };
  const stopped = new Rule(scope, "Stopped", {
    description: "Runs that somebody stopped or that took too long",
    eventPattern: {
      source: ["aws.states"],
      detailType: ["Step Functions Execution Status Change"],
      detail: {
        status: ["ABORTED", "TIMED_OUT"],
        stateMachineArn: [training, scoring, update].map(({ stateMachineArn }) => stateMachineArn),
      },
    },
    targets: [toPublisher],
  });
  publisher.addPermission("Stopped", { principal: new ServicePrincipal("events.amazonaws.com"), sourceArn: stopped.ruleArn });

  deadLetters.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { "aws:SourceArn": [arrivals.ruleArn, stopped.ruleArn] } },
    }),
  );
  return { arrivals, stopped };
}

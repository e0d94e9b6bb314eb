/** Findings of cdk-nag that are choices of ours, each with its reason, so that an app that checks itself is told nothing by this construct. */
import { Stack, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Grant } from "./permissions.ts";

/** What is so by choice, whatever the deployment chooses. */
export function acknowledgeChoices(steplearn: { readonly bucket: Construct; readonly deadLetters: Construct } & Construct): void {
  Validations.of(steplearn.bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason: "access logs need a second bucket, which costs while nothing runs; whoever wants them sets serverAccessLogsBucket on `bucket`",
  });
  const own = "this queue is where failures end up";
  Validations.of(steplearn.deadLetters).acknowledge(
    { id: "AwsSolutions-SQS3", reason: own },
    { id: "Serverless-SQSRedrivePolicy", reason: own },
  );
  Validations.of(steplearn).acknowledge(
    {
      id: "Serverless-LambdaDLQ",
      reason: "state machines wait for their functions and record what fails; a stopped run is settled by a rule that has the queue",
    },
    { id: "Serverless-LambdaTracing", reason: "the machines are traced with every call; functions report their phases in their answers" },
  );
}

/** One acknowledgement for each resource with a star, under the name by which cdk-nag finds it. */
export function acknowledgeStars(role: Construct, grants: readonly Grant[]): void {
  for (const { actions, resources, why } of grants) {
    for (const resource of resources.map((one) => flat(Stack.of(role).resolve(one)))) {
      if (!resource.includes("*")) continue;
      if (why === undefined) throw new Error(`${role.node.id} must say why it may ${actions.join(", ")} on ${resource}`);
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: why });
      if (actions.some((action) => action.startsWith("lambda:")))
        Validations.of(role).acknowledge({ id: "Serverless-LambdaStarPermissions", reason: why });
    }
  }
}

/** An ARN as cdk-nag writes it: references in angle brackets. */
function flat(arn: unknown): string {
  if (typeof arn === "string") return arn;
  const {
    Ref,
    "Fn::GetAtt": attribute,
    "Fn::Join": join,
  } = arn as { Ref?: string; "Fn::GetAtt"?: string[]; "Fn::Join"?: [string, unknown[]] };
  if (join !== undefined) return join[1].map(flat).join(join[0]);
  return `<${attribute?.join(".") ?? Ref}>`;
}

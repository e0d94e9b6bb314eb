/** Who may do what: one list of statements a role. Wildcards stand only where the name of an object, a slot or a stream is not known before. */

import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { ArnFormat, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { ARRIVALS, PREFIXES } from "../src/workflow/stack.ts";
import type { Choices } from "./props.ts";

/** Kinds of functions that share a role: the slots and the fused mapper, the combiner and the reducer. */
export type RoleKind = "planner" | "mapper" | "reducer" | "publisher";

const { jobs, data, datasets, runs, models, scores } = PREFIXES;
const arrivals = Object.values(ARRIVALS);

/** Prefixes of the own bucket by role. */
export const READS: Readonly<Record<RoleKind, readonly string[]>> = {
  planner: [jobs, data, datasets, runs, models, ...arrivals],
  mapper: [data, datasets, runs, ...arrivals],
  reducer: [datasets, runs],
  publisher: [datasets, runs, models, scores],
};
export const WRITES: Readonly<Record<RoleKind, readonly string[]>> = {
  planner: [runs],
  mapper: [datasets, runs, scores],
  reducer: [datasets, runs],
  publisher: [runs, models, scores],
};

/** Roles that read what a job names. */
const READS_DATA: readonly RoleKind[] = ["planner", "mapper"];

/** A role of one service, with its statements inside, so that nothing adds to them unseen. */
export function roleFor(scope: Construct, id: string, service: string, statements: readonly PolicyStatement[]): Role {
  const { account } = Stack.of(scope);
  const principal = new ServicePrincipal(`${service}.amazonaws.com`);
  return new Role(scope, id, {
    // A service acts for this account only; Lambda assumes roles without saying for whom.
    assumedBy: service === "lambda" ? principal : principal.withConditions({ StringEquals: { "aws:SourceAccount": account } }),
    inlinePolicies: { steplearn: new PolicyDocument({ statements: [...statements] }) },
  });
}

export const allow = (actions: readonly string[], resources: readonly string[], conditions?: object): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions: conditions as never }) });

/** Of a function's role. */
export function functionStatements(
  scope: Construct,
  kind: RoleKind,
  { bucket, logs, key, data }: { bucket: IBucket; logs: ILogGroup; key?: IKey; data: Choices["data"] },
): PolicyStatement[] {
  const below = (prefixes: readonly string[]) => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
  const s3 = (name: string) => Stack.of(scope).formatArn({ service: "s3", region: "", account: "", resource: name });
  const outside = READS_DATA.includes(kind) ? data : [];
  return [
    allow(["s3:GetObject"], below(READS[kind])),
    allow(["s3:PutObject"], below(WRITES[kind])),
    // Without it S3 says of an object that is not there that it is forbidden.
    allow(["s3:ListBucket"], [bucket.bucketArn]),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logs.logGroupArn}`]),
    ...outside.flatMap((from) => [
      allow(["s3:GetObject"], [s3(`${from.bucket}/${from.prefix}*`)]),
      allow(["s3:ListBucket"], [s3(from.bucket)], from.prefix === "" ? undefined : { StringLike: { "s3:prefix": `${from.prefix}*` } }),
    ]),
    ...(key === undefined ? [] : [allow(["kms:Decrypt", "kms:GenerateDataKey"], [key.keyArn])]),
    // The account's free concurrency, by which a plan is measured; the call takes no resource.
    ...(kind === "planner" ? [allow(["lambda:GetAccountSettings"], ["*"])] : []),
  ];
}

/** What every machine with logs and traces needs; AWS takes no resource for these. */
export const observed = (): PolicyStatement[] => [
  allow(
    [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    ["*"],
  ),
  allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"], ["*"]),
];

/** ARN of a machine or function by its name, for statements that must not wait for the resource. */
export const arnOf = (scope: Construct, service: "states" | "lambda", name: string): string =>
  Stack.of(scope).formatArn({
    service,
    resource: service === "states" ? "stateMachine" : "function",
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

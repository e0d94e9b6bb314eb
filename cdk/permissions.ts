/** Who may do what: one list of statements a role. Wildcards stand only where the name of an object, a slot or a stream is not known before. */

import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { ArnFormat, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { ARRIVALS, PREFIXES } from "../src/workflow/stack.ts";
import { acknowledgeStars } from "./nag.ts";
import type { Choices } from "./props.ts";

/** Kinds of functions that share a role: the slots and the fused mapper; the combiner and the reducer. */
export type RoleKind = "planner" | "mapper" | "reducer" | "publisher";

const { jobs, data, datasets, runs, models, scores } = PREFIXES;
const arrivals = Object.values(ARRIVALS);

/** Prefixes of the own bucket by role. Who writes also reads: a condition on what is there is such a read. */
const READS: Readonly<Record<RoleKind, readonly string[]>> = {
  planner: [jobs, data, datasets, runs, models, ...arrivals],
  mapper: [jobs, data, datasets, runs, scores, ...arrivals],
  reducer: [datasets, runs],
  publisher: [datasets, runs, models, scores, ...arrivals],
};
const WRITES: Readonly<Record<RoleKind, readonly string[]>> = {
  planner: [runs],
  mapper: [datasets, runs, scores],
  reducer: [datasets, runs],
  publisher: [runs, models, scores],
};

/** Roles that plan: the publisher does where an update has to go on from a version published meanwhile. */
const PLANS: readonly RoleKind[] = ["planner", "publisher"];
/** Roles that read what a job names. */
const READS_DATA: readonly RoleKind[] = ["planner", "mapper"];

export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why a resource may have a star; must be told where one has. */
  readonly why?: string;
}

/** A role of one service with exactly these statements. A service acts for this account only; Lambda alone does not say for whom it does. */
export function roleFor(scope: Construct, id: string, service: string, grants: readonly Grant[]): Role {
  const { account } = Stack.of(scope);
  const principal = new ServicePrincipal(`${service}.amazonaws.com`);
  const role = new Role(scope, id, {
    assumedBy: service === "lambda" ? principal : principal.withConditions({ StringEquals: { "aws:SourceAccount": account } }),
    inlinePolicies: {
      steplearn: new PolicyDocument({
        statements: grants.map(
          ({ actions, resources, conditions }) =>
            new PolicyStatement({ actions: [...actions], resources: [...resources], conditions: conditions as never }),
        ),
      }),
    },
  });
  acknowledgeStars(role, grants);
  return role;
}

/** What reading and writing takes of what a key of one's own encrypts. */
export const use = (key: IKey | undefined): Grant[] =>
  key === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key.keyArn] }];

/** Of a function's role. */
export function functionGrants(
  scope: Construct,
  kind: RoleKind,
  { bucket, logs, key, data }: { bucket: IBucket; logs: ILogGroup; key?: IKey; data: Choices["data"] },
): Grant[] {
  const below = (prefixes: readonly string[]) => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
  const s3 = (name: string) => Stack.of(scope).formatArn({ service: "s3", region: "", account: "", resource: name });
  const outside = READS_DATA.includes(kind) ? data : [];
  const objects = "objects are named by jobs, datasets and rounds; the prefix bounds what they hold";
  return [
    { actions: ["s3:GetObject"], resources: below(READS[kind]), why: objects },
    { actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: below(WRITES[kind]), why: objects },
    // Without it S3 says of an object that is not there that it is forbidden.
    { actions: ["s3:ListBucket"], resources: [bucket.bucketArn] },
    // The ARN of a group ends in a star for its streams.
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logs.logGroupArn] },
    ...outside.flatMap((from) => [
      {
        actions: ["s3:GetObject"],
        resources: [s3(`${from.bucket}/${from.prefix}*`)],
        why: "the deployment lets jobs read these objects, and no others",
      },
      {
        actions: ["s3:ListBucket"],
        resources: [s3(from.bucket)],
        ...(from.prefix !== "" && { conditions: { StringLike: { "s3:prefix": `${from.prefix}*` } } }),
      },
    ]),
    ...use(key),
    ...(PLANS.includes(kind)
      ? [{ actions: ["lambda:GetAccountSettings"], resources: ["*"], why: "the account's concurrency is no resource; the call takes none" }]
      : []),
  ];
}

const noResource = "AWS takes no resource for the deliveries of logs and for traces";

/** What every machine with logs and traces needs. */
export const OBSERVED: readonly Grant[] = [
  {
    actions: [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    resources: ["*"],
    why: noResource,
  },
  {
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
    resources: ["*"],
    why: noResource,
  },
];

/** ARN of a machine or function by its name, for statements that must not wait for the resource. */
export const arnOf = (scope: Construct, service: "states" | "lambda", name: string): string =>
  Stack.of(scope).formatArn({
    service,
    resource: service === "states" ? "stateMachine" : "function",
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

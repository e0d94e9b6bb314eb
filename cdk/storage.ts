/** The stack's own bucket, its queue of failures and its logs. */

import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { logGroupsOf, namesOf, PREFIXES } from "../src/workflow/stack.ts";
import type { Choices } from "./props.ts";

export function ownBucket(scope: Construct, { encryptionKey, removalPolicy, runRetention }: Choices): Bucket {
  const bucket = new Bucket(scope, "Bucket", {
    versioned: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    removalPolicy,
    lifecycleRules: [
      { id: "partial-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
      // A run's pointer moves with every round, and each move leaves a version that nobody asks for.
      {
        id: "runs",
        prefix: PREFIXES.runs,
        expiration: runRetention,
        noncurrentVersionExpiration: Duration.days(1),
      },
    ],
  });
  // The property of the resource; `eventBridgeEnabled` would deploy a function that sets it.
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}

export function deadLetterQueue(scope: Construct, { name, encryptionKey }: Choices): Queue {
  return new Queue(scope, "DeadLetters", {
    queueName: namesOf(name).deadLetters,
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    ...(encryptionKey === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
  });
}

export type Logs = Readonly<Record<keyof ReturnType<typeof logGroupsOf>, LogGroup>>;

/** One group a kind: 32 slots write streams of one. */
export function logGroups(scope: Construct, { name, logRetention, encryptionKey }: Choices): Logs {
  const groups = Object.entries(logGroupsOf(name)).map(([kind, logGroupName]) => [
    kind,
    new LogGroup(scope, `Logs-${kind}`, { logGroupName, retention: logRetention, removalPolicy: RemovalPolicy.DESTROY, encryptionKey }),
  ]);
  return Object.fromEntries(groups) as Logs;
}

/** Logs and events act by themselves, so the key must let them. */
export function letServicesUse(key: IKey, scope: Construct, name: string): void {
  const { region, account, partition } = Stack.of(scope);
  const groups = `arn:${partition}:logs:${region}:${account}:log-group:/aws/*/${name}*`;
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      resources: ["*"],
      conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": account } },
    }),
  );
}

import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import { describe, expect, it } from "vitest";
import { chosen } from "../../cdk/props.ts";
import { type Json, ofType, synthesised, text } from "./synthesised.ts";

const template = synthesised((stack) => ({
  name: "churn",
  slots: 3,
  memory: { mapper: 1_769, planner: 512 },
  fused: false,
  concurrencyShare: 0.5,
  logRetention: RetentionDays.ONE_WEEK,
  runRetention: Duration.days(7),
  encryptionKey: new Key(stack, "Key"),
  removalPolicy: RemovalPolicy.DESTROY,
}));
const named: Record<string, Json> = Object.fromEntries(
  Object.values(ofType(template, "AWS::Lambda::Function")).map((properties) => [properties.FunctionName, properties]),
);

describe("a choice", () => {
  it("of the name begins all names", () => {
    const names = Object.values(template.resources).flatMap(
      ({ Properties }) =>
        Properties.FunctionName?.Ref ?? Properties.FunctionName ?? Properties.StateMachineName ?? Properties.QueueName ?? [],
    );
    expect(names.filter((name) => typeof name === "string")).toHaveLength(3 + 5 + 5 + 1);
    for (const name of names) if (typeof name === "string") expect(name).toMatch(/^churn-/);
  });

  it("of slots, memory, fused rounds and share reaches the functions and what they are told", () => {
    expect(Object.keys(named).filter((name) => name.startsWith("churn-mapper-"))).toHaveLength(3);
    expect([named["churn-mapper-2"].MemorySize, named["churn-planner"].MemorySize, named["churn-fused"].MemorySize]).toEqual([
      1_769, 512, 3_008,
    ]);
    expect(named["churn-planner"].Environment.Variables).toMatchObject({
      STEPLEARN_STACK: "churn",
      STEPLEARN_SLOTS: "3",
      STEPLEARN_MAPPER_MB: "1769",
      STEPLEARN_FUSED: "false",
      STEPLEARN_CONCURRENCY_SHARE: "0.5",
    });
  });

  it("of times and removal reaches the logs and the bucket", () => {
    for (const { RetentionInDays } of Object.values(ofType(template, "AWS::Logs::LogGroup"))) expect(RetentionInDays).toBe(7);
    const [bucket] = Object.values(template.resources).filter(({ Type }) => Type === "AWS::S3::Bucket");
    expect(bucket.DeletionPolicy).toBe("Delete");
    expect(bucket.Properties.LifecycleConfiguration.Rules[1].ExpirationInDays).toBe(7);
  });

  it("of a key encrypts bucket, queue and logs with it, and lets every role and no other use it", () => {
    const isKey = (value: Json): boolean => JSON.stringify(value).includes("ExportsOutputFnGetAttKey");
    const [bucket] = Object.values(ofType(template, "AWS::S3::Bucket"));
    const [encryption] = bucket.BucketEncryption.ServerSideEncryptionConfiguration;
    expect([encryption.BucketKeyEnabled, encryption.ServerSideEncryptionByDefault.SSEAlgorithm]).toEqual([true, "aws:kms"]);
    expect(isKey(encryption.ServerSideEncryptionByDefault.KMSMasterKeyID)).toBe(true);
    expect(isKey(Object.values(ofType(template, "AWS::SQS::Queue"))[0].KmsMasterKeyId)).toBe(true);
    for (const { KmsKeyId } of Object.values(ofType(template, "AWS::Logs::LogGroup"))) expect(isKey(KmsKeyId)).toBe(true);
    const users = Object.entries(ofType(template, "AWS::IAM::Role")).filter(([, role]) => JSON.stringify(role).includes("kms:Decrypt"));
    expect(users.map(([id]) => id.slice("Steplearn".length, -8))).toEqual(
      expect.arrayContaining(["Roleplanner", "Rolemapper", "Rolereducer", "Rolepublisher", "ScoringRole", "UpdateRole", "DoorRole"]),
    );
    expect(users).toHaveLength(7);
    for (const [, role] of users) {
      const [statement] = role.Policies[0].PolicyDocument.Statement.filter(({ Action }: Json) => Action.includes("kms:Decrypt"));
      expect([statement.Action, isKey(statement.Resource)]).toEqual([["kms:Decrypt", "kms:GenerateDataKey"], true]);
    }
    expect(text(template.outputs.BucketName.Value)).toBe("<Bucket>");
  });

  it.each<[string, object, string]>([
    ["name", { name: "a_b" }, "name must be 1 to 40 letters, digits and hyphens that begin with a letter, got a_b"],
    ["slots", { slots: 0 }, "slots must be an integer from 1 to 256, got 0"],
    ["slots", { slots: 257 }, "slots must be an integer from 1 to 256, got 257"],
    ["slots", { slots: Number.NaN }, "slots must be an integer from 1 to 256, got NaN"],
    ["share", { concurrencyShare: 0 }, "concurrencyShare must be above 0 and at most 1, got 0"],
    ["share", { concurrencyShare: 1.01 }, "concurrencyShare must be above 0 and at most 1, got 1.01"],
    ["memory", { memory: { mapper: 127 } }, "memory.mapper must be an integer from 128 to 10240, got 127"],
    ["memory", { memory: { fused: 10_241 } }, "memory.fused must be an integer from 128 to 10240, got 10241"],
    ["data", { data: ["Bucket"] }, "data must name buckets as `bucket` or `bucket/prefix/`, got Bucket"],
    ["data", { data: [""] }, "data must name buckets as `bucket` or `bucket/prefix/`, got "],
  ])("of %s is checked: %j", (_, props, message) => {
    expect(() => chosen(props, "steplearn")).toThrow(message);
  });

  it("of data may be written as a URL", () => {
    expect(chosen({ data: ["s3://abc/x/", "abc"] }, "steplearn").data).toEqual([
      { bucket: "abc", prefix: "x/" },
      { bucket: "abc", prefix: "" },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { ofType, synthesised } from "./synthesised.ts";

const template = synthesised();

describe("the default template", () => {
  it("has room for other things in a stack of 500 resources", () => {
    expect(Object.keys(template.resources).length).toBeLessThan(400);
  });

  it("asks for no more memory than a new account has, and reserves nothing", () => {
    const functions = Object.values(ofType(template, "AWS::Lambda::Function"));
    expect(functions).toHaveLength(32 + 5);
    for (const { MemorySize, ReservedConcurrentExecutions, Runtime, Architectures } of functions) {
      expect(MemorySize).toBeLessThanOrEqual(3_008);
      expect(ReservedConcurrentExecutions).toBeUndefined();
      expect([Runtime, Architectures]).toEqual(["nodejs24.x", ["arm64"]]);
    }
  });

  /**
   * What each type costs while nothing runs. Functions, machines, roles and rules have no price of their own; a log group, a bucket and a queue
   * cost what is in them (aws.amazon.com/{lambda,step-functions,eventbridge,cloudwatch,s3,sqs}/pricing).
   */
  const FREE_WHEN_IDLE = [
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::StepFunctions::StateMachine",
    "AWS::IAM::Role",
    "AWS::Events::Rule",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
  ];

  it("bills by the hour or the month for nothing but storage", () => {
    const types = new Set(Object.values(template.resources).map(({ Type }) => Type));
    expect([...types].filter((type) => !FREE_WHEN_IDLE.includes(type))).toEqual([]);
  });
});

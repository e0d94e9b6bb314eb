import { describe, expect, it } from "vitest";
import { doorMachine } from "../../src/workflow/door.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { scoringMachine, trainingMachine, updateMachine } from "../../src/workflow/machine.ts";
import { fromEnvironment, namesOf } from "../../src/workflow/stack.ts";
import { FUNCTION_SECONDS } from "../../src/workflow/timing.ts";
import { type Json, ofType, synthesised, text } from "./synthesised.ts";

const template = synthesised();
const functions = Object.values(ofType(template, "AWS::Lambda::Function"));
const functionNamed = (name: string): Json => functions.find(({ FunctionName }) => FunctionName === `steplearn-${name}`);
const [bucket] = Object.values(ofType(template, "AWS::S3::Bucket"));

describe("the default template", () => {
  it("has room for other things in a stack of 500 resources, also with the most slots", () => {
    const count = Object.keys(template.resources).length;
    expect(count).toBe(32 + 32);
    expect(count - 32 + 256).toBeLessThan(400);
  });

  /**
   * What each type costs while nothing runs. Functions, machines, roles, rules and policies have no price of their own; a log group, a bucket
   * and a queue cost what is in them (aws.amazon.com/{lambda,step-functions,eventbridge,cloudwatch,s3,sqs}/pricing).
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

  it("bills by the hour or the month for nothing but storage, and has no custom resource", () => {
    const types = new Set(Object.values(template.resources).map(({ Type }) => Type));
    expect([...types].filter((type) => !FREE_WHEN_IDLE.includes(type))).toEqual([]);
    for (const { ProvisionedConcurrencyConfig, SnapStart, VpcConfig } of functions)
      expect([ProvisionedConcurrencyConfig, SnapStart, VpcConfig]).toEqual([undefined, undefined, undefined]);
  });

  it("tells the bucket, the machines and the queue", () => {
    expect(Object.fromEntries(Object.entries(template.outputs).map(([name, { Value }]) => [name, text(Value)]))).toEqual({
      BucketName: "<Bucket>",
      TrainingMachineArn: "<Training>",
      ScoringMachineArn: "<Scoring>",
      UpdateMachineArn: "<Update>",
      DeadLetterQueueUrl: "<DeadLetters>",
    });
  });
});

describe("functions", () => {
  it("ask for no more memory than a new account has, and reserve nothing", () => {
    expect(functions).toHaveLength(32 + 5);
    for (const { MemorySize, ReservedConcurrentExecutions, Runtime, Architectures } of functions) {
      expect(MemorySize).toBeLessThanOrEqual(3_008);
      expect(ReservedConcurrentExecutions).toBeUndefined();
      expect([Runtime, Architectures]).toEqual(["nodejs24.x", ["arm64"]]);
    }
  });

  it("are one bundle with one role and log group a kind, and the time that the machine leaves them", () => {
    expect(new Set(functions.map(({ Code }) => JSON.stringify(Code))).size).toBe(1);
    const told = (name: string) => {
      const { Handler, Timeout, Role, LoggingConfig } = functionNamed(name);
      return [Handler, Timeout, text(Role), text(LoggingConfig.LogGroup)];
    };
    expect(told("planner")).toEqual(["index.planner", FUNCTION_SECONDS.planner, "<Roleplanner.Arn>", "<Logsplanner>"]);
    expect(told("fused")).toEqual(["index.mapper", FUNCTION_SECONDS.fused, "<Rolemapper.Arn>", "<Logsmapper>"]);
    expect(told("combiner")).toEqual(["index.reducer", FUNCTION_SECONDS.combiner, "<Rolereducer.Arn>", "<Logsreducer>"]);
    expect(told("reducer")).toEqual(["index.reducer", FUNCTION_SECONDS.reducer, "<Rolereducer.Arn>", "<Logsreducer>"]);
    expect(told("publisher")).toEqual(["index.publisher", FUNCTION_SECONDS.publisher, "<Rolepublisher.Arn>", "<Logspublisher>"]);
    for (let slot = 0; slot < 32; slot++)
      expect(told(`mapper-${slot}`)).toEqual(["index.mapper", FUNCTION_SECONDS.mapper, "<Rolemapper.Arn>", "<Logsmapper>"]);
  });

  it("are told the stack's settings", () => {
    const { STEPLEARN_BUCKET, ...others } = functionNamed("planner").Environment.Variables;
    expect(text(STEPLEARN_BUCKET)).toBe("<Bucket>");
    expect(fromEnvironment(others)).toMatchObject({
      stack: "steplearn",
      slots: 32,
      mapperMegabytes: 3_008,
      fusedMegabytes: 3_008,
      fused: true,
      concurrencyShare: 0.8,
      metrics: false,
    });
  });
});

describe("machines", () => {
  const machines = Object.values(ofType(template, "AWS::StepFunctions::StateMachine"));
  const machineNamed = (name: string): Json => machines.find(({ StateMachineName }) => StateMachineName === `steplearn-${name}`);
  const called = { ...namesOf("steplearn"), group: "<Group>" };
  const queue = "<DeadLetters>";

  it.each([
    ["train", "STANDARD", trainingMachine(called)],
    ["score", "STANDARD", scoringMachine(called, queue)],
    ["update", "STANDARD", updateMachine(called, queue)],
    ["group", "EXPRESS", groupMachine(called)],
    ["door", "EXPRESS", doorMachine({ scoring: "<Scoring>", update: "<Update>", deadLetters: queue })],
  ])("%s is deployed as it is built, within the 1 MB of a definition", (name, type, built) => {
    const { DefinitionString, StateMachineType } = machineNamed(name);
    expect(StateMachineType).toBe(type);
    const definition = text(DefinitionString);
    expect(JSON.parse(definition)).toEqual(JSON.parse(JSON.stringify(built)));
    expect(definition.length).toBeLessThan(1_000_000);
  });

  it("are traced and log every state, but nothing of what it carries", () => {
    expect(machines).toHaveLength(5);
    for (const { TracingConfiguration, LoggingConfiguration } of machines) {
      expect(TracingConfiguration).toEqual({ Enabled: true });
      expect([LoggingConfiguration.Level, LoggingConfiguration.IncludeExecutionData]).toEqual(["ALL", false]);
      expect(text(LoggingConfiguration.Destinations[0].CloudWatchLogsLogGroup.LogGroupArn)).toBe("<Logsmachines.Arn>");
    }
  });
});

describe("storage", () => {
  it("is a bucket with versions, for its owner alone, that stays when the stack goes", () => {
    expect(bucket).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    const kept = Object.values(template.resources).find(({ Type }) => Type === "AWS::S3::Bucket");
    expect(kept?.DeletionPolicy).toBe("Retain");
  });

  it("forgets partial uploads and old runs, and nothing else", () => {
    expect(bucket.LifecycleConfiguration.Rules).toEqual([
      { Id: "partial-uploads", Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
      { Id: "runs", Status: "Enabled", Prefix: "runs/", ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ]);
  });

  it("is a queue that keeps failures for two weeks", () => {
    expect(Object.values(ofType(template, "AWS::SQS::Queue"))).toEqual([
      { QueueName: "steplearn-failed", MessageRetentionPeriod: 14 * 24 * 3_600, SqsManagedSseEnabled: true },
    ]);
  });

  it("is one log group a kind, kept for a month and removed with the stack", () => {
    const groups = Object.values(template.resources).filter(({ Type }) => Type === "AWS::Logs::LogGroup");
    expect(groups.map(({ Properties }) => Properties)).toEqual(
      ["lambda/steplearn-planner", "lambda/steplearn-mapper", "lambda/steplearn-reducer", "lambda/steplearn-publisher"]
        .concat("vendedlogs/states/steplearn")
        .map((name) => ({ LogGroupName: `/aws/${name}`, RetentionInDays: 30 })),
    );
    for (const { DeletionPolicy } of groups) expect(DeletionPolicy).toBe("Delete");
  });
});

describe("rules", () => {
  const rules = ofType(template, "AWS::Events::Rule");
  const ruleOf = (id: string): Json => Object.entries(rules).find(([key]) => key.startsWith(`Steplearn${id}`))?.[1];
  const delivery = { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } };

  it("bring what is created under the two prefixes of the own bucket to the door", () => {
    const { EventPattern, Targets, State } = ruleOf("Arrivals");
    const { bucket: from, object } = EventPattern.detail;
    expect([State, EventPattern.source, EventPattern["detail-type"]]).toEqual(["ENABLED", ["aws.s3"], ["Object Created"]]);
    expect([from.name.map(text), object.key]).toEqual([["<Bucket>"], [{ prefix: "score/in/" }, { prefix: "train/in/" }]]);
    expect(Targets).toMatchObject([delivery]);
    // The whole event: the door reads it.
    expect([Targets[0].Input, Targets[0].InputPath, Targets[0].InputTransformer]).toEqual([undefined, undefined, undefined]);
    expect([Targets[0].Arn, Targets[0].RoleArn, Targets[0].DeadLetterConfig.Arn].map(text)).toEqual([
      "<Door>",
      "<ArrivalsRole.Arn>",
      "<DeadLetters.Arn>",
    ]);
  });

  it("bring stopped and timed-out runs to the publisher", () => {
    const { EventPattern, Targets } = ruleOf("Stopped");
    expect([EventPattern.source, EventPattern["detail-type"]]).toEqual([["aws.states"], ["Step Functions Execution Status Change"]]);
    expect([EventPattern.detail.status, EventPattern.detail.stateMachineArn.map(text)]).toEqual([
      ["ABORTED", "TIMED_OUT"],
      ["<Training>", "<Scoring>", "<Update>"],
    ]);
    expect(Targets).toMatchObject([
      {
        ...delivery,
        InputTransformer: {
          InputPathsMap: { "detail-name": "$.detail.name", "detail-status": "$.detail.status" },
          InputTemplate: '{"verb":"settle","execution":<detail-name>,"status":<detail-status>}',
        },
      },
    ]);
    expect([Targets[0].Arn, Targets[0].DeadLetterConfig.Arn].map(text)).toEqual(["<Publisher.Arn>", "<DeadLetters.Arn>"]);
  });
});

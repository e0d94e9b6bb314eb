import { describe, expect, it } from "vitest";
import { type Json, ofType, synthesised, type Template, text } from "./synthesised.ts";

const template = synthesised({ slots: 2, data: ["whole-bucket", "shared-bucket/sales/"] });

/** Statements of every role in the words of this test: what may be done on what, and under which condition. */
function statementsOf(from: Template): Record<string, string[]> {
  const roles = ofType(from, "AWS::IAM::Role");
  return Object.fromEntries(
    Object.entries(roles).map(([id, { Policies }]) => [
      id.replace(/^Steplearn(.+)[0-9A-F]{8}$/, "$1"),
      sorted(Policies.flatMap(({ PolicyDocument }: Json) => PolicyDocument.Statement.flatMap(linesOf))),
    ]),
  );
}

/** In order of their code units. */
const sorted = (lines: readonly string[]): string[] => [...lines].sort((a, b) => (a < b ? -1 : 1));
const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function linesOf({ Effect, Action, Resource, Condition }: Json): string[] {
  const when = Condition === undefined ? "" : ` when ${JSON.stringify(Condition)}`;
  return listOf(Action).flatMap((action) => listOf(Resource).map((resource) => `${Effect} ${action} on ${text(resource)}${when}`));
}

const own = (verb: string, prefixes: readonly string[]) => prefixes.map((prefix) => `Allow s3:${verb} on <Bucket.Arn>/${prefix}/*`);
const writes = (prefixes: readonly string[]) => [...own("PutObject", prefixes), ...own("AbortMultipartUpload", prefixes)];
const lists = "Allow s3:ListBucket on <Bucket.Arn>";
const logs = (kind: string) => [`Allow logs:CreateLogStream on <Logs${kind}.Arn>`, `Allow logs:PutLogEvents on <Logs${kind}.Arn>`];
const s3 = "arn:<AWS::Partition>:s3:::";
const data = [
  `Allow s3:GetObject on ${s3}whole-bucket/*`,
  `Allow s3:ListBucket on ${s3}whole-bucket`,
  `Allow s3:GetObject on ${s3}shared-bucket/sales/*`,
  `Allow s3:ListBucket on ${s3}shared-bucket when {"StringLike":{"s3:prefix":"sales/*"}}`,
];
const here = (service: string, name: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${name}`;
const invoke = (...names: readonly string[]) =>
  names.map((name) => `Allow lambda:InvokeFunction on ${here("lambda", `function:steplearn-${name}`)}`);
const observed = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
].map((action) => `Allow ${action} on *`);
const rounds = (machine: string) => [
  ...invoke("planner", "fused", "reducer", "publisher"),
  "Allow states:StartSyncExecution on <Group>",
  `Allow states:StartExecution on ${here("states", `stateMachine:steplearn-${machine}`)}`,
  ...observed,
];
const tell = "Allow sqs:SendMessage on <DeadLetters.Arn>";

const EXPECTED: Record<string, readonly string[]> = {
  Roleplanner: [
    ...own("GetObject", ["jobs", "data", "datasets", "runs", "models", "score/in", "train/in"]),
    ...writes(["runs"]),
    lists,
    ...logs("planner"),
    ...data,
    "Allow lambda:GetAccountSettings on *",
  ],
  Rolemapper: [
    ...own("GetObject", ["jobs", "data", "datasets", "runs", "score/out", "score/in", "train/in"]),
    ...writes(["datasets", "runs", "score/out"]),
    lists,
    ...logs("mapper"),
    ...data,
  ],
  Rolereducer: [...own("GetObject", ["datasets", "runs"]), ...writes(["datasets", "runs"]), lists, ...logs("reducer")],
  Rolepublisher: [
    ...own("GetObject", ["datasets", "runs", "models", "score/out", "score/in", "train/in"]),
    ...writes(["runs", "models", "score/out"]),
    lists,
    ...logs("publisher"),
    "Allow lambda:GetAccountSettings on *",
  ],
  GroupRole: [...invoke("mapper-*", "combiner"), ...observed],
  TrainingRole: rounds("train"),
  ScoringRole: [...rounds("score"), tell],
  UpdateRole: [...rounds("update"), tell],
  DoorRole: ["Allow states:StartExecution on <Scoring>", "Allow states:StartExecution on <Update>", tell, ...observed],
  ArrivalsRole: ["Allow states:StartExecution on <Door>"],
};

describe("roles", () => {
  it("are one a kind, and no policy adds to them", () => {
    expect(sorted(Object.keys(statementsOf(template)))).toEqual(sorted(Object.keys(EXPECTED)));
    expect(ofType(template, "AWS::IAM::Policy")).toEqual({});
    for (const role of Object.values(ofType(template, "AWS::IAM::Role"))) expect(role.ManagedPolicyArns).toBeUndefined();
  });

  it.each(Object.entries(EXPECTED))("%s may do exactly this", (role, statements) => {
    expect(statementsOf(template)[role]).toEqual(sorted(statements));
  });

  it("may do nothing to data buckets but read, where none is named not even that", () => {
    const none = statementsOf(synthesised({ slots: 1 }));
    for (const [role, statements] of Object.entries(EXPECTED))
      expect(none[role]).toEqual(sorted(statements.filter((line) => !data.includes(line))));
  });

  it("are assumed by one service, for this account", () => {
    const byService = Object.entries(ofType(template, "AWS::IAM::Role")).map(([id, { AssumeRolePolicyDocument }]) => {
      const [{ Effect, Action, Principal, Condition }, ...others] = AssumeRolePolicyDocument.Statement;
      expect([Effect, Action, others]).toEqual(["Allow", "sts:AssumeRole", []]);
      return [id.replace(/^Steplearn(Role)?/, "").replace(/(Role)?[0-9A-F]{8}$/, ""), Principal.Service, Condition];
    });
    const own = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
    expect(byService).toEqual(
      expect.arrayContaining([
        ...["planner", "mapper", "reducer", "publisher"].map((kind) => [kind, "lambda.amazonaws.com", undefined]),
        ...["Group", "Training", "Scoring", "Update", "Door"].map((machine) => [machine, "states.amazonaws.com", own]),
        ["Arrivals", "events.amazonaws.com", own],
      ]),
    );
    expect(byService).toHaveLength(10);
  });
});

describe("resources' own policies", () => {
  it("refuse the bucket and the queue to whoever comes without TLS, the bucket below 1.2 too", () => {
    const [bucket] = Object.values(ofType(template, "AWS::S3::BucketPolicy"));
    expect(bucket.PolicyDocument.Statement.flatMap(linesOf)).toEqual([
      'Deny s3:* on <Bucket.Arn> when {"Bool":{"aws:SecureTransport":"false"}}',
      'Deny s3:* on <Bucket.Arn>/* when {"Bool":{"aws:SecureTransport":"false"}}',
      'Deny s3:* on <Bucket.Arn> when {"NumericLessThan":{"s3:TlsVersion":1.2}}',
      'Deny s3:* on <Bucket.Arn>/* when {"NumericLessThan":{"s3:TlsVersion":1.2}}',
    ]);
    const [queue] = Object.values(ofType(template, "AWS::SQS::QueuePolicy"));
    expect(linesOf(queue.PolicyDocument.Statement[0])).toEqual([
      'Deny sqs:* on <DeadLetters.Arn> when {"Bool":{"aws:SecureTransport":"false"}}',
    ]);
  });

  it("let nobody into the queue but these two rules", () => {
    const [{ PolicyDocument }] = Object.values(ofType(template, "AWS::SQS::QueuePolicy"));
    const allowed = PolicyDocument.Statement.filter(({ Effect }: Json) => Effect === "Allow");
    expect(allowed).toHaveLength(1);
    const [{ Action, Principal, Condition }] = allowed;
    expect([Action, Principal]).toEqual(["sqs:SendMessage", { Service: "events.amazonaws.com" }]);
    expect(Condition.ArnEquals["aws:SourceArn"].map(text)).toEqual(["<Arrivals.Arn>", "<Stopped.Arn>"]);
  });

  it("let only the rule of stopped runs call the publisher, and nobody any other function", () => {
    const permissions = Object.values(ofType(template, "AWS::Lambda::Permission"));
    expect(permissions).toHaveLength(1);
    const [{ Action, Principal, FunctionName, SourceArn }] = permissions;
    expect([Action, Principal, text(FunctionName), text(SourceArn)]).toEqual([
      "lambda:InvokeFunction",
      "events.amazonaws.com",
      "<Publisher.Arn>",
      "<Stopped.Arn>",
    ]);
  });
});

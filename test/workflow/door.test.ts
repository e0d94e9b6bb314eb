import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { interpret, localMachine } from "../../src/adapters/local/interpreter.ts";
import { doorMachine } from "../../src/workflow/door.ts";

const door = localMachine(doorMachine({ scoring: "score-machine", update: "update-machine", deadLetters: "queue" }));

/** As AWS documents it: the key as it is, the version only of a bucket with versions. */
const event = (object: object) => ({
  version: "0",
  id: "2ee9cc15-d022-99ea-1fb8-1b1bac4850f9",
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { version: "0", bucket: { name: "own" }, object: { sequencer: "00617F08299329D189", ...object }, reason: "PutObject" },
});

type Asked = { resource: string; parameters: Record<string, unknown> };

async function open(input: unknown, starts: (tries: number) => Error | undefined = () => undefined) {
  const asked: Asked[] = [];
  let tries = 0;
  const ask = (resource: string) => async (parameters: unknown) => {
    asked.push({ resource, parameters: parameters as Asked["parameters"] });
    const error = resource === "start" ? starts(tries++) : undefined;
    if (error !== undefined) throw error;
    return {};
  };
  const states: string[] = [];
  const handlers = { "states:startExecution": ask("start"), "sqs:sendMessage": ask("send") };
  const result = await interpret({
    machine: door,
    input,
    context: { Execution: { Name: "event" } },
    handlers,
    signal: new AbortController().signal,
    onState: (state) => states.push(state),
  }).then(
    () => "succeeded",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  return { asked, result, states };
}

const named = (name: string) => Object.assign(new Error("taken"), { name });
const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");

describe("the door", () => {
  it.each(["a b+c.csv", "é.csv", "100%20.csv", "~(x)'s {}.csv", "deep/er/$.csv"])("passes the key %s on as it is", async (file) => {
    const key = `score/in/churn/${file}`;
    const { asked, result } = await open(event({ key, size: 5, etag: "e1", "version-id": "v1" }));
    expect(result).toBe("succeeded");
    expect(asked).toEqual([
      {
        resource: "start",
        parameters: {
          StateMachineArn: "score-machine",
          Name: expect.stringMatching(/^score-[0-9a-f]{40}$/),
          Input: { score: { bucket: "own", key, etag: "e1", versionId: "v1" } },
        },
      },
    ]);
  });

  it("names the execution after bucket, version and key, within what a run's name may be long", async () => {
    const key = "score/in/churn/a.csv";
    const { asked } = await open(event({ key, size: 5, etag: "e1", "version-id": "v1" }));
    expect(asked[0].parameters.Name).toBe(`score-${sha1(`own/v1/${key}`)}`);
    expect((asked[0].parameters.Name as string).length).toBeLessThanOrEqual(48);
    const other = await open(event({ key, size: 5, etag: "e1", "version-id": "v2" }));
    expect(other.asked[0].parameters.Name).not.toBe(asked[0].parameters.Name);
  });

  it("takes the etag where the bucket keeps no versions", async () => {
    const { asked } = await open(event({ key: "score/in/m/a", size: 5, etag: "e1" }));
    expect(asked[0].parameters).toMatchObject({
      Name: `score-${sha1("own/e1/score/in/m/a")}`,
      Input: { score: { bucket: "own", key: "score/in/m/a", etag: "e1" } },
    });
  });

  it("starts an update for new training data", async () => {
    const { asked } = await open(event({ key: "train/in/sales/a.csv", size: 5, etag: "e1", "version-id": "v1" }));
    expect(asked.map(({ parameters }) => parameters)).toMatchObject([
      { StateMachineArn: "update-machine", Name: `update-${sha1("own/v1/train/in/sales/a.csv")}`, Input: { update: { etag: "e1" } } },
    ]);
  });

  it("ignores what is empty", async () => {
    const { asked, result, states } = await open(event({ key: "score/in/churn/", size: 0, etag: "e", "version-id": "v" }));
    expect([asked, result, states.at(-1)]).toEqual([[], "succeeded", "Empty"]);
  });

  it("takes a name already taken for success, at once", async () => {
    const taken = () => named("StepFunctions.ExecutionAlreadyExistsException");
    const { asked, result } = await open(event({ key: "score/in/churn/a", size: 5, etag: "e", "version-id": "v" }), taken);
    expect([asked.length, result]).toEqual([1, "succeeded"]);
  });

  it("tries throttled starts again", async () => {
    const throttled = (tries: number) => (tries < 3 ? named("StepFunctions.ThrottlingException") : undefined);
    const { asked, result } = await open(event({ key: "score/in/churn/a", size: 5, etag: "e", "version-id": "v" }), throttled);
    expect([asked.length, result]).toEqual([4, "succeeded"]);
  });

  it("sends what it cannot start to the dead-letter queue, and fails by the name of the reason", async () => {
    const denied = () => named("StepFunctions.AccessDeniedException");
    const { asked, result } = await open(event({ key: "score/in/churn/a", size: 5, etag: "e", "version-id": "v" }), denied);
    expect(asked.at(-1)).toMatchObject({
      resource: "send",
      parameters: {
        QueueUrl: "queue",
        MessageBody: { object: { bucket: "own", key: "score/in/churn/a" }, error: "StepFunctions.AccessDeniedException" },
      },
    });
    expect(result).toMatch(/^StepFunctions\.AccessDeniedException/);
  });

  it.each([
    ["another prefix", event({ key: "models/a", size: 5, etag: "e", "version-id": "v" })],
    ["no object", { detail: { bucket: { name: "own" } } }],
    ["no event", { hello: 1 }],
  ])("fails by name for %s", async (_, input) => {
    const { asked, result } = await open(input);
    expect([asked, result]).toEqual([[], expect.stringMatching(/^UnknownEvent: the event must be/)]);
  });
});

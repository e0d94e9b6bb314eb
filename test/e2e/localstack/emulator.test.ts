/** What the process executor and the repairs of LocalStack promise, with functions of a few lines each. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

const { folder } = inject("emulator");
const lambda = new LambdaClient({ maxAttempts: 1 });
const killing = join(folder, "faults", "mortal.json");

/** A function of the given handler, which may use `globalThis`; answers a caller of it. */
async function deployed(name: string, handler: string, { seconds = 10, logGroup }: { seconds?: number; logGroup?: string } = {}) {
  const code = join(folder, `code-${name}`);
  await mkdir(code);
  await writeFile(join(code, "index.mjs"), handler);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      // LocalStack's word for code that it takes from this folder.
      Code: { S3Bucket: "hot-reload", S3Key: code },
      Timeout: seconds,
      ...(logGroup !== undefined && { LoggingConfig: { LogGroup: logGroup } }),
    }),
  );
  return async (payload: unknown = {}) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
    return { failed: answer.FunctionError !== undefined, value: JSON.parse(new TextDecoder().decode(answer.Payload)) };
  };
}

describe("a function", () => {
  it("gets the call and its context, and answers JSON", async () => {
    const call = await deployed(
      "echo",
      `export const handler = async (event, context) => ({
        event, node: process.version, name: context.functionName, left: context.getRemainingTimeInMillis(), endpoint: process.env.AWS_ENDPOINT_URL,
      });`,
    );
    const { failed, value } = await call({ a: ["é", 1] });
    expect(failed).toBe(false);
    expect(value).toMatchObject({ event: { a: ["é", 1] }, name: "echo", endpoint: inject("emulator").endpoint });
    expect(value.node).toMatch(/^v24\./);
    expect(value.left).toBeGreaterThan(5_000);
    expect(value.left).toBeLessThanOrEqual(10_000);
  });

  it("keeps its memory between calls, and loses it with its process", async () => {
    const call = await deployed(
      "counter",
      "let calls = 0; export const handler = async ({ die }) => { calls++; if (die) process.exit(3); return calls; };",
    );
    expect((await call()).value).toBe(1);
    expect((await call()).value).toBe(2);
    const died = await call({ die: true });
    expect(died.failed).toBe(true);
    expect(died.value.errorType).toBe("Runtime.ExitError");
    expect(died.value.errorMessage).toContain("exit status 3");
    expect((await call()).value).toBe(1);
  });

  it.each([
    ["an error of its own", 'throw Object.assign(new Error("no"), { name: "InputError" });', "InputError", "no"],
    ["a text", 'throw "thrown";', "string", "thrown"],
    [
      "a rejection that nobody awaits",
      'Promise.reject(new Error("lost")); await new Promise(() => {});',
      "Runtime.UnhandledPromiseRejection",
      "lost",
    ],
    ["an exception outside", 'setTimeout(() => { throw new RangeError("late"); }); await new Promise(() => {});', "RangeError", "late"],
    ["a kill", 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});', "Runtime.ExitError", "signal: SIGKILL"],
    ["a loop without end", "for (;;);", "Sandbox.Timedout", "timed out after 1.00 seconds"],
    ["too long an answer", 'return "x".repeat(7_000_000);', "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size"],
  ])("fails by name: %s", async (what, body, errorType, message) => {
    const call = await deployed(`fails-${what.replaceAll(" ", "-")}`, `export const handler = async () => { ${body} };`, { seconds: 1 });
    const { failed, value } = await call();
    expect(failed).toBe(true);
    expect(value.errorType).toBe(errorType);
    expect(value.errorMessage).toContain(message);
  });

  it.each([
    ["syntax", "export const handler = async () => {", "Runtime.UserCodeSyntaxError"],
    ["import", 'import "./nowhere.mjs"; export const handler = async () => 1;', "Runtime.ImportModuleError"],
    ["export", "export const other = 1;", "Runtime.HandlerNotFound"],
  ])("fails by name when it cannot start: %s", async (what, code, errorType) => {
    const call = await deployed(`starts-not-${what}`, code);
    const { failed, value } = await call();
    expect(failed).toBe(true);
    expect(value.errorType).toBe(errorType);
  });

  it("runs as often at once as it is called", async () => {
    const call = await deployed(
      "slow",
      "export const handler = async () => { await new Promise((r) => setTimeout(r, 500)); return process.pid; };",
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => call()));
    expect(new Set(answers.map(({ value }) => value)).size).toBe(12);
  });

  it("logs into the group that it was given", async () => {
    const logs = new CloudWatchLogsClient();
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/of/our/own" }));
    const call = await deployed("logging", 'export const handler = async () => console.warn("seen %d", 7);', { logGroup: "/of/our/own" });
    await call();
    await expect
      .poll(
        async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: "/of/our/own" }))).events?.map(({ message }) => message),
        {
          timeout: 10_000,
        },
      )
      .toEqual(expect.arrayContaining([expect.stringMatching(/\tWARN\tseen 7/), expect.stringMatching(/^REPORT /)]));
  });
});

describe("kills by chance", () => {
  beforeAll(() =>
    writeFile(killing, JSON.stringify({ what: "kill", functions: "mortal", where: { run: "r" }, share: 0.7, seed: 3, by: ["task"] })),
  );
  afterAll(() => rm(killing));

  it("take the calls that seed, payload and number of the call say, in whatever order they come, before or after their work", async () => {
    const works = join(folder, "works");
    const body = `import { appendFileSync } from "node:fs";
      export const handler = async () => { await new Promise((r) => setTimeout(r, 60)); appendFileSync(${JSON.stringify(works)}, "."); return 1; };`;
    const call = await deployed("mortal-a", body);
    const expected = (task: number, nth: number) =>
      createHash("sha256").update(`[3, ${task}] ${nth}`).digest().readUInt32BE(0) / 2 ** 32 < 0.7 ? "killed" : "response";
    const tasks = [0, 1, 2, 3, 4];
    const seen: string[] = [];
    const wanted: string[] = [];
    for (let nth = 1; nth <= 6; nth++) {
      const answers = await Promise.all(tasks.map((task) => call({ run: "r", task })));
      seen.push(...answers.map(({ failed }) => (failed ? "killed" : "response")));
      wanted.push(...tasks.map((task) => expected(task, nth)));
    }
    expect(seen).toEqual(wanted);
    const killed = seen.filter((end) => end === "killed").length;
    expect(killed).toBeGreaterThan(0.5 * seen.length);
    // Some died when their work was done.
    const done = (await readFile(works, "utf8")).length;
    expect(done).toBeGreaterThan(seen.length - killed);
    expect(done).toBeLessThan(seen.length);

    const journal = (await readFile(join(folder, "journal.ndjson"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const ends = journal.filter((line) => line.function === "mortal-a").map((line) => line.ended as string);
    expect(ends.filter((end) => end === "killed")).toHaveLength(killed);
    expect(ends).toHaveLength(wanted.length);
  });

  it("spare other payloads and other functions", async () => {
    const call = await deployed("mortal-c", "export const handler = async () => 1;");
    const other = await deployed("immune", "export const handler = async () => 1;");
    const answers = [
      ...(await Promise.all(Array.from({ length: 6 }, (_, task) => call({ run: "s", task })))),
      await other({ run: "r", task: 1 }),
    ];
    expect(answers.map(({ failed }) => failed)).toEqual(answers.map(() => false));
  });
});

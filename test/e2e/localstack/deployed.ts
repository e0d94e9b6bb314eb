/** The deployed stack as the tests see it: its bucket, its machines and their histories, its queue, and every call of its functions. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect, inject } from "vitest";
import { s3Bucket, s3Root } from "../../../src/adapters/aws/s3-store.ts";
import { NotFoundError } from "../../../src/ports/errors.ts";
import { readJson } from "../../../src/ports/json.ts";

const { folder, outputs, endpoint } = inject("emulator");
export const bucket = outputs.BucketName;
export const machines = { training: outputs.TrainingMachineArn, scoring: outputs.ScoringMachineArn, update: outputs.UpdateMachineArn };
/** The stack's bucket, and all of S3. */
export const store = s3Bucket(bucket);
export const sources = s3Root();
export const sfn = new SFNClient();

const root = join(import.meta.dirname, "../../..");
export const TELCO = await readFile(join(root, "examples/churn/telco_customer_churn.csv.gz"));

/** The job of the example over an object of the stack's bucket, in eight parts. */
export const telcoJob = (name: string, partRows = 881) => ({
  name,
  data: { path: `s3://${bucket}/data/telco.csv.gz`, exclude: ["customerID"], partRows },
  label: { column: "Churn", positive: "Yes" },
  split: { test: 0.2, seed: 42, stratify: true },
  model: { logisticRegression: { regParam: 0.001 } },
});

export async function start(machine: string, input: unknown, name?: string): Promise<string> {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input), name }));
  return executionArn as string;
}

export interface Ended {
  readonly status: string;
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
  /** ARNs of the execution and of those that continued it. */
  readonly executions: readonly string[];
}

/** Waits for the end of an execution and of all that continue it. */
export async function ended(arn: string, seconds = 240): Promise<Ended> {
  const executions = [arn];
  const until = Date.now() + seconds * 1_000;
  for (;;) {
    const executionArn = executions.at(-1) as string;
    const { status = "", output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "RUNNING") {
      if (Date.now() > until) throw new Error(`${executionArn} must end within ${seconds} s`);
      await pause(200);
      continue;
    }
    const answer = output === undefined ? undefined : JSON.parse(output);
    if (answer?.continuedAs === undefined) return { status, output: answer, error, cause, executions };
    executions.push(executionArn.replace(/[^:]*$/, answer.continuedAs));
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

export async function history(executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000, nextToken }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

/** Executions of a machine by name and status, the newest first. */
export async function executionsOf(stateMachineArn: string): Promise<{ name: string; status: string; arn: string }[]> {
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1_000 }));
  return executions.map(({ name = "", status = "", executionArn: arn = "" }) => ({ name, status, arn }));
}

export interface Call {
  readonly function: string;
  readonly ended: "response" | "error" | "exit" | "timeout" | "killed";
  readonly initMilliseconds: number | null;
  readonly megabytes: number;
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** Every call of a function so far. */
export async function calls(): Promise<Call[]> {
  const lines = (await readFile(join(folder, "journal.ndjson"), "utf8")).split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Call);
}

const MODEL_FILES = ["model.json", "metrics.json", "weights.bin"] as const;

/** Files of a model, as text and hexadecimal digits: what is equal is equal byte for byte. */
export async function modelFiles(read: (file: string) => Promise<Uint8Array>): Promise<Record<string, string>> {
  const [model, metrics, weights] = await Promise.all(MODEL_FILES.map(read));
  return {
    "model.json": Buffer.from(model).toString(),
    "metrics.json": Buffer.from(metrics).toString(),
    "weights.bin": Buffer.from(weights).toString("hex"),
  };
}

/** Those that an execution has published. */
export const publishedBy = ({ output }: Ended): Promise<Record<string, string>> => {
  const { folder } = output as { folder: string };
  return modelFiles((file) => store.read(`${folder.slice(`s3://${bucket}/`.length)}/${file}`));
};

/** The built command as a process, with the credentials of the emulator. */
export async function steplearn(...parameters: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "dist/cli.mjs"), ...parameters], { env: process.env });
  return stdout;
}

export async function existing(key: string): Promise<boolean> {
  try {
    await store.info(key);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/** The name of the deployed code, which a plan has to carry: told by the plan of a run that it planned. */
export async function deployedBundle(): Promise<string> {
  await store.write("data/bundle.csv", new TextEncoder().encode("x,y\n1,2\n2,4\n3,7\n"));
  const form = { name: "bundle", data: `s3://${bucket}/data/bundle.csv`, label: "y", split: "none", model: { linearRegression: {} } };
  await ended(await start(machines.training, form));
  for await (const { key } of store.list("runs/bundle-"))
    if (key.endsWith("/plan.json")) return (await readJson<{ bundle: string }>(store, key)).bundle;
  throw new Error("a run must leave its plan");
}

/** Waits until an object is there. */
export const arrived = (key: string, seconds = 120): Promise<void> =>
  expect.poll(() => existing(key), { timeout: seconds * 1_000, interval: 250, message: `s3://${bucket}/${key}` }).toBe(true);

interface Letter {
  readonly object: { readonly bucket: string; readonly key: string };
  readonly error: string;
  readonly reason: string;
}

/** Messages of the dead-letter queue, which stay in it. */
export async function deadLetters(): Promise<Letter[]> {
  const url = new URL(`${endpoint}/_aws/sqs/messages`);
  url.searchParams.set("QueueUrl", outputs.DeadLetterQueueUrl);
  const answer = (await (await fetch(url, { headers: { Accept: "application/json" } })).json()) as {
    ReceiveMessageResponse: { ReceiveMessageResult: { Message?: { Body: string } | { Body: string }[] } | null };
  };
  const messages = [answer.ReceiveMessageResponse.ReceiveMessageResult?.Message ?? []].flat();
  return messages.map(({ Body }) => JSON.parse(Body) as Letter);
}

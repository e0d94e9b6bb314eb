/**
 * `npm run try:aws`: the whole of it on this machine. Starts the emulator, deploys the stack, trains on the example by the deployed machines,
 * uploads new customers, shows their scores, and stays for more until Ctrl-C.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { deploy } from "./deploy.ts";
import { findMeans, startEmulator } from "./emulator.ts";

const ROOT = join(import.meta.dirname, "..");
const SCORED = "telco-churn/new-customers.csv";
const SCORING_SECONDS = 120;

const means = await findMeans();
if ("missing" in means) {
  console.error(means.missing);
  process.exit(1);
}
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stopping.abort());
const emulator = await startEmulator(means, console.log);
try {
  await Promise.race([tour(), emulator.ended, stopped()]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await emulator.stop();
}

async function tour(): Promise<void> {
  const { environment, endpoint } = emulator;
  console.log(`LocalStack ${emulator.how} at ${endpoint}; now deploying the stack, as \`npm run deploy\` does to an account`);
  const { BucketName: bucket } = await deploy(emulator, "steplearn");

  console.log(`\n$ steplearn train examples/churn/job.yaml --on aws --watch`);
  await steplearn("train", "examples/churn/job.yaml", "--on", "aws", "--watch");

  console.log(`\nUploading examples/churn/new-customers.csv to s3://${bucket}/score/in/${SCORED}`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = environment;
  const s3 = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true });
  const Body = await readFile(join(ROOT, "examples/churn/new-customers.csv"));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `score/in/${SCORED}`, Body }));
  const manifest = await manifestOf(s3, bucket);
  console.log(`Scored by itself, under s3://${bucket}/score/out/${SCORED}:\n${manifest}`);

  const exports = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  console.log(`\nIt stays until Ctrl-C. In another shell:
  export ${exports.join(" ")}
  npx steplearn runs
  npx steplearn train your-job.yaml --on aws --watch`);
  await stopped();
}

/** Waits until the scoring is over, which its manifest tells. */
async function manifestOf(s3: S3Client, bucket: string): Promise<string> {
  for (const from = Date.now(); Date.now() - from < SCORING_SECONDS * 1_000; ) {
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `score/out/${SCORED}/manifest.json` })).catch(() => null);
    if (found?.Body) return found.Body.transformToString();
    await setTimeout(500);
  }
  throw new Error(`s3://${bucket}/score/in/${SCORED} must be scored within ${SCORING_SECONDS} s; the emulator's log: ${emulator.folder}`);
}

async function steplearn(...parameters: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, "dist/cli.mjs"), ...parameters], {
    cwd: ROOT,
    env: { ...process.env, ...emulator.environment },
    stdio: "inherit",
  });
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  if (code !== 0) throw new Error(`steplearn ${parameters.join(" ")} must succeed, got exit status ${code}`);
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.signal.aborted) resolve();
    else stopping.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

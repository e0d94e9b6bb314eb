/** Deploys the stack to the emulator and removes it again, by the CDK's own command. */
import { spawn } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Emulator } from "./emulator.ts";

const ASSETS = "cdk-assets";
const ROOT = join(import.meta.dirname, "..");

/** What a deployed stack answers, by the names of its outputs. */
export type Outputs = Readonly<Record<string, string>>;

/** `choices` are the context of `cdk/app.ts`. Rejects with the end of what the command printed. */
export async function deploy(emulator: Emulator, stack: string, choices: Readonly<Record<string, string>> = {}): Promise<Outputs> {
  await createAssetsBucket(emulator);
  const outputs = join(emulator.folder, "outputs.json");
  await cdk(emulator, stack, choices, ["deploy", "--method=direct", "--require-approval=never", `--outputs-file=${outputs}`]);
  return JSON.parse(await readFile(outputs, "utf8"))[stack];
}

/** Where the CDK uploads code to, in place of a bootstrapped account. */
export async function createAssetsBucket(emulator: Emulator): Promise<void> {
  const s3 = new S3Client({
    endpoint: emulator.endpoint,
    region: emulator.environment.AWS_REGION,
    credentials: { accessKeyId: emulator.environment.AWS_ACCESS_KEY_ID, secretAccessKey: emulator.environment.AWS_SECRET_ACCESS_KEY },
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: ASSETS }));
}

/** The code is not built again for it. */
export function destroy(emulator: Emulator, stack: string, choices: Readonly<Record<string, string>> = {}): Promise<void> {
  return cdk(emulator, stack, choices, ["destroy", "--force", "--build=true"]);
}

async function cdk(
  emulator: Emulator,
  stack: string,
  choices: Readonly<Record<string, string>>,
  command: readonly string[],
): Promise<void> {
  const context = Object.entries({ ...choices, stack, assets: ASSETS }).flatMap(([name, value]) => ["--context", `${name}=${value}`]);
  const parameters = [
    createRequire(import.meta.url).resolve("aws-cdk/bin/cdk"),
    ...command,
    stack,
    ...context,
    `--output=${join(emulator.folder, "cdk.out")}`,
    "--ci",
  ];
  const child = spawn(process.execPath, parameters, {
    cwd: ROOT,
    env: { ...process.env, ...emulator.environment, CDK_DISABLE_CLI_TELEMETRY: "true", CDK_DISABLE_VERSION_CHECK: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (said += piece));
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  await appendFile(join(emulator.folder, "cdk.log"), said);
  if (code !== 0)
    throw new Error(`cdk ${command[0]} must succeed, got exit status ${code}:\n${said.trim().split("\n").slice(-30).join("\n")}`);
}

/**
 * The app behind `npx cdk deploy`. Choices come as context (`-c data=bucket,other/prefix/ -c slots=8`), the stack's name as `-c stack=name`.
 *
 * With AWS_ENDPOINT_URL set it deploys to an emulator with the caller's own credentials, without bootstrapping: assets go to the bucket that
 * `-c assets=` names, `cdk-assets` where left out.
 */
import { App, CliCredentialsStackSynthesizer, RemovalPolicy } from "aws-cdk-lib/core";
import { SteplearnStack } from "./stack.ts";

const app = new App();
const choice = (name: string): string | undefined => app.node.tryGetContext(name);
const flag = (name: string): boolean | undefined => {
  const given = choice(name);
  if (given === undefined) return undefined;
  if (!["true", "false"].includes(`${given}`)) throw new Error(`${name} must be true or false, got ${given}`);
  return `${given}` === "true";
};
const count = (name: string): number | undefined => (choice(name) === undefined ? undefined : Number(choice(name)));
const emulated = process.env.AWS_ENDPOINT_URL !== undefined;

try {
  new SteplearnStack(app, choice("stack") ?? "steplearn", {
    ...(emulated && { synthesizer: new CliCredentialsStackSynthesizer({ fileAssetsBucketName: choice("assets") ?? "cdk-assets" }) }),
    data: choice("data")?.split(","),
    slots: count("slots"),
    maxEvents: count("maxEvents"),
    fused: flag("fused"),
    dashboard: flag("dashboard"),
    alarms: flag("alarms"),
    ...(choice("removal") === "destroy" && { removalPolicy: RemovalPolicy.DESTROY }),
  });
} catch (error) {
  // A choice that cannot be is a sentence, as on the command line.
  process.stderr.write(`steplearn: ${(error as Error).message}\n`);
  process.exit(1);
}

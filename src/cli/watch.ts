/** `steplearn watch`: follows a run of a deployed stack, from any machine with credentials. */
import { Command } from "commander";
import { remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { type CommonOptions, jsonOption } from "./options.ts";

const HELP = `
Example:
  steplearn watch churn-20261122-101500-042

Ctrl-C ends the watching; the run goes on.`;

export const watchCommand = (): Command =>
  new Command("watch")
    .summary("follow a run on AWS to its end")
    .description("Follows a run on AWS, across the executions that continue it, and prints its report.")
    .argument("<run>", "name of the run, as train or runs printed it")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (run: string, { stack, json }: CommonOptions & StackOptions) => {
      const [{ follow }, remote] = await Promise.all([import("./follow.ts"), remoteOf({ stack })]);
      await follow(remote, run, { json });
    });

/** `steplearn stop`: ends a run of a deployed stack, which can be resumed. */
import { Command } from "commander";
import { commandOf, remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { type CommonOptions, jsonOption } from "./options.ts";
import { printResult } from "./output.ts";

const HELP = `
Example:
  steplearn stop churn-20261122-101500-042`;

export const stopCommand = (): Command =>
  new Command("stop")
    .summary("stop a run on AWS")
    .description("Stops a run on AWS: its execution at once, the functions under way after their round. It can be resumed.")
    .argument("<run>", "name of the run, as train or runs printed it")
    .addOption(stackOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (run: string, { stack, json }: CommonOptions & StackOptions) => {
      const [{ stopRun }, remote] = await Promise.all([import("../api/remote.ts"), remoteOf({ stack })]);
      await stopRun(remote, run);
      printResult(
        json === true,
        { run, status: "stopped" },
        () => `stopped ${run}; go on with: ${commandOf("resume", run, stack)} --on aws`,
      );
    });

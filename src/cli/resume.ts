/** `steplearn resume`: goes on with a run that was stopped, killed or failed. */
import { Command } from "commander";
import { checkPlace, onOption, remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { jsonOption, type StoreOptions, storeOption } from "./options.ts";

interface ResumeOptions extends StoreOptions, StackOptions {
  readonly on: string;
  readonly watch?: true;
}

const HELP = `
Examples:
  steplearn resume churn-20261122-101500-042
  steplearn resume churn-20261122-101500-042 --on aws

The run goes on from its last checkpoint, with the same result as if it had never stopped.`;

export const resumeCommand = (): Command =>
  new Command("resume")
    .summary("go on with a run that was stopped")
    .description("Goes on with a run that was stopped, killed or failed, from its last checkpoint.")
    .argument("<run>", "name of the run, as train printed it")
    .addOption(storeOption())
    .addOption(onOption())
    .addOption(stackOption())
    .option("--watch", "on aws: follow the run to its end")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (run: string, { store, json, on, stack, watch }: ResumeOptions, command: Command) => {
      checkPlace(command, on);
      if (on === "aws") {
        const [{ resumeRemote }, remote] = await Promise.all([import("../api/remote.ts"), remoteOf({ stack })]);
        const execution = await resumeRemote(remote, run);
        const { told } = await import("./follow.ts");
        await told(remote, run, { execution, watch, json });
        return;
      }
      const [{ resume }, { runTraining }] = await Promise.all([import("../api/train.ts"), import("./run-training.ts")]);
      await runTraining((hooks) => resume(run, { store, ...hooks }), { store, json });
    });

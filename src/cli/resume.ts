/** `steplearn resume`: goes on with a run that was stopped, killed or failed. */
import { Command } from "commander";
import { jsonOption, type StoreOptions, storeOption } from "./options.ts";

const HELP = `
Example:
  steplearn resume churn-20261122-101500-042

The run goes on from its last checkpoint, with the same result as if it had never stopped.`;

export const resumeCommand = (): Command =>
  new Command("resume")
    .summary("go on with a run that was stopped")
    .description("Goes on with a run that was stopped, killed or failed, from its last checkpoint.")
    .argument("<run>", "name of the run, as train printed it")
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (run: string, { store, json }: StoreOptions) => {
      const [{ resume }, { runTraining }] = await Promise.all([import("../api/train.ts"), import("./run-training.ts")]);
      await runTraining((hooks) => resume(run, { store, ...hooks }), { store, json });
    });

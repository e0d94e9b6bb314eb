/** `steplearn runs`: what a deployed stack has trained, and is training. */
import { Command } from "commander";
import { listing } from "../report/runs.ts";
import { remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { type CommonOptions, jsonOption, positiveInteger } from "./options.ts";
import { printResult } from "./output.ts";

interface RunsOptions extends CommonOptions, StackOptions {
  readonly last: number;
}

const HELP = `
Examples:
  steplearn runs --last 50
  steplearn runs --stack experiments --last 5`;

export const runsCommand = (): Command =>
  new Command("runs")
    .summary("list the runs of a deployed stack")
    .description("Lists the latest trainings of a stack on AWS, newest first.")
    .addOption(stackOption())
    .option("--last <n>", "how many", positiveInteger, 20)
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async ({ stack, last, json }: RunsOptions) => {
      const [{ listRuns }, remote] = await Promise.all([import("../api/remote.ts"), remoteOf({ stack })]);
      const runs = await listRuns(remote, last);
      printResult(json === true, runs, () => listing(runs, stack));
    });

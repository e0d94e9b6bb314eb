/** `steplearn logs`: what the functions of a run wrote. */
import { Command } from "commander";
import { remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { type CommonOptions, jsonOption, positiveInteger } from "./options.ts";
import { printResult } from "./output.ts";

interface LogsOptions extends CommonOptions, StackOptions {
  readonly last: number;
}

const HELP = `
Example:
  steplearn logs churn-20261122-101500-042`;

export const logsCommand = (): Command =>
  new Command("logs")
    .summary("print the logs of a run on AWS")
    .description("Prints what the functions of a run on AWS wrote to their logs, in order of time. No data is in them.")
    .argument("<run>", "name of the run, as train or runs printed it")
    .addOption(stackOption())
    .option("--last <n>", "lines of each kind of function at most", positiveInteger, 1_000)
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (run: string, { stack, last, json }: LogsOptions) => {
      const [{ logsOf }, remote] = await Promise.all([import("../api/logs.ts"), remoteOf({ stack })]);
      const lines = await logsOf(remote, run, last);
      printResult(json === true, lines, () =>
        lines.length === 0
          ? `the functions of run ${run} have written nothing yet; logs arrive after some seconds`
          : lines.map(({ time, group, text }) => `${time} ${group} ${text}`).join("\n"),
      );
    });

/** `steplearn show`: a published model in words. */
import { Command } from "commander";
import { modelReport } from "../report/model.ts";
import { type CommonOptions, jsonOption } from "./options.ts";
import { printResult } from "./output.ts";

const HELP = `
Examples:
  steplearn show models/churn
  steplearn show models/churn/churn-20261122-101500-042 --json`;

export const showCommand = (): Command =>
  new Command("show")
    .summary("print a model in words")
    .description("Prints the coefficients, metrics, warnings and job of a published model.")
    .argument("<model>", "folder of a model, or of its versions (the latest is shown)")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (path: string, { json }: CommonOptions) => {
      const { publishedModel } = await import("./read-model.ts");
      const { folder, model, metrics } = await publishedModel(path);
      printResult(json === true, { folder, model, metrics }, () => modelReport(folder, model, metrics));
    });

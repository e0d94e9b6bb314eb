/** `steplearn show`: a published model in words. */
import { Command } from "commander";
import { modelReport } from "../report/model.ts";
import { treeReport } from "../report/tree.ts";
import { type CommonOptions, jsonOption, wholeNumber } from "./options.ts";
import { printResult } from "./output.ts";

const HELP = `
Examples:
  steplearn show models/churn
  steplearn show models/churn --tree 0
  steplearn show models/churn/churn-20261122-101500-042 --json`;

interface ShowOptions extends CommonOptions {
  readonly tree?: number;
}

export const showCommand = (): Command =>
  new Command("show")
    .summary("print a model in words")
    .description("Prints the coefficients or importances, metrics, warnings and job of a published model.")
    .argument("<model>", "folder of a model, or of its versions (the latest is shown)")
    .option("--tree <n>", "print this tree, from 0, with the names of columns and categories", wholeNumber)
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (path: string, { tree, json }: ShowOptions) => {
      const { publishedModel } = await import("./read-model.ts");
      const { folder, model, metrics } = await publishedModel(path);
      if (tree !== undefined) {
        const text = treeReport(model, tree);
        return printResult(json === true, { folder, tree, text }, () => text);
      }
      printResult(json === true, { folder, model, metrics }, () => modelReport(folder, model, metrics));
    });

/** `steplearn import`: a model that LightGBM trained, to be scored and shown here. */
import { Command } from "commander";
import { plural } from "../report/text.ts";
import { type CommonOptions, jsonOption, nameList } from "./options.ts";
import { printResult } from "./output.ts";

interface ImportOptions extends CommonOptions {
  readonly output: string;
  readonly label: string;
  readonly classes?: string[];
}

const HELP = `
Examples:
  steplearn import model.txt --output models/churn --label churn --classes No,Yes
  steplearn score models/churn new-customers.csv --output scores

The file is what LightGBM's save_model writes. Data to score must have the columns by the names that LightGBM knew. Categories are the
values that pandas had, or whole numbers. Regression, binary and multiclass objectives, boosted or random forest.`;

export const importCommand = (): Command =>
  new Command("import")
    .summary("take over a model of LightGBM")
    .description("Publishes a model that LightGBM has trained, so that it can be scored, shown and exported.")
    .argument("<file>", "LightGBM's text")
    .requiredOption("--output <dir>", "folder of the model's versions")
    .option("--label <column>", "column that the data may have to judge predictions by", "label")
    .option("--classes <names>", "names of the classes in LightGBM's order, with commas (default: 0,1,…)", nameList)
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (file: string, { output, label, classes, json }: ImportOptions) => {
      const { importModel } = await import("./import-model.ts");
      const imported = await importModel(file, { output, label, classes });
      const { folder, trees, columns } = imported;
      printResult(json === true, imported, () =>
        [
          `imported ${plural(trees, "tree")}`,
          `columns  ${columns.join(", ")}`,
          `model    ${folder}`,
          `next     steplearn score ${output} DATA --output scores`,
        ].join("\n"),
      );
    });

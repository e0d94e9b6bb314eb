/** `steplearn inspect`: what moves a model's predictions. */
import { Command } from "commander";
import { inspectionReport } from "../report/inspection.ts";
import { jsonOption, missingOption, type NewDataOptions, nameList, storeOption, threadsOption, wholeNumber } from "./options.ts";
import { printResult } from "./output.ts";

interface InspectOptions extends NewDataOptions {
  readonly dependence?: string[];
  readonly seed?: number;
}

const HELP = `
Examples:
  steplearn inspect models/churn last-month.csv
  steplearn inspect models/churn last-month.csv --dependence age,customer_type

Works for any model, on a sample of up to 20,000 rows. A column matters as much as the metric gets worse when its values are shuffled among
the rows (five times); columns that say the same share what they say. The label is needed for that, not for --dependence.`;

export const inspectCommand = (): Command =>
  new Command("inspect")
    .summary("tell which columns move a model's predictions")
    .description("Prints permutation importances of a published model's columns, and its partial dependence on some of them.")
    .argument("<model>", "folder of a model, or of its versions (the latest is used)")
    .argument("<data...>", "files, patterns or folders with the columns that the model was trained on")
    .option("--dependence <columns>", "also print the mean prediction by the value of these columns, between commas", nameList)
    .option("--seed <n>", "of the shuffling; 42 when left out", wholeNumber)
    .addOption(missingOption())
    .addOption(storeOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (path: string, data: string[], { json, ...options }: InspectOptions) => {
      const [{ inspect }, { publishedModel }, { watched }] = await Promise.all([
        import("../api/inspect.ts"),
        import("./read-model.ts"),
        import("./watched.ts"),
      ]);
      const { model } = await publishedModel(path);
      const inspected = await watched(
        ({ onRound, signal }) => inspect(path, data, { ...options, onRound, signal }),
        () => "nothing was inspected",
      );
      printResult(json === true, inspected, () => inspectionReport(model, inspected));
    });

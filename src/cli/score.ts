/** `steplearn score`: predictions of a published model for new rows, as Parquet. */
import { Command } from "commander";
import { scoringReport } from "../report/scoring.ts";
import { jsonOption, missingOption, type NewDataOptions, storeOption, threadsOption } from "./options.ts";
import { printResult } from "./output.ts";

interface ScoreOptions extends NewDataOptions {
  readonly output: string;
  readonly explain?: boolean;
}

const HELP = `
Examples:
  steplearn score models/churn new-customers.csv --output scores
  steplearn score models/churn 'arrivals/*.parquet' --output scores --json
  steplearn score models/churn new-customers.csv --output scores --explain

Writes Parquet files with the row number, the label where the data has it, the prediction, and the probability of each class.
With --explain there is a column contribution_COLUMN for every column, and contribution_base: exact Shapley values, which add up to the
prediction of a number or of a forest, and of boosted trees to the log-odds (of several classes: to the score of each). Of many columns and
rows there are then more, smaller files.`;

export const scoreCommand = (): Command =>
  new Command("score")
    .summary("predict new rows")
    .description("Predicts the rows of new data with a published model, and writes Parquet.")
    .argument("<model>", "folder of a model, or of its versions (the latest is used)")
    .argument("<data...>", "files, patterns or folders with the columns that the model was trained on")
    .requiredOption("--output <dir>", "folder for the predictions")
    .option("--explain", "also write how much each column moved each prediction (models of trees)")
    .addOption(missingOption())
    .addOption(storeOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (model: string, data: string[], { output, missing, store, threads, explain, json }: ScoreOptions) => {
      await (await import("../api/ahead.ts")).startThreadsAhead(data, { folder: ".", threads });
      const [{ score }, { watched }] = await Promise.all([import("../api/score.ts"), import("./watched.ts")]);
      const scored = await watched(
        ({ onRound, signal }) => score(model, data, { output, missing, store, threads, explain, onRound, signal }),
        () => "run the command again to score the data",
      );
      const { firstRows } = await import("./preview.ts");
      const first = json === true || scored.files.length === 0 ? [] : await firstRows(scored.files[0]);
      printResult(json === true, scored, () => scoringReport(scored, first));
    });

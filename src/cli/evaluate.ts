/** `steplearn evaluate`: how good a published model is on other labelled rows. */
import { Command } from "commander";
import { evaluationReport } from "../report/scoring.ts";
import { jsonOption, missingOption, type NewDataOptions, storeOption, threadsOption } from "./options.ts";
import { printResult } from "./output.ts";

const HELP = `
Example:
  steplearn evaluate models/churn last-month.csv`;

export const evaluateCommand = (): Command =>
  new Command("evaluate")
    .summary("judge a model on labelled rows")
    .description("Judges a published model on other data that has the label column.")
    .argument("<model>", "folder of a model, or of its versions (the latest is used)")
    .argument("<data...>", "files, patterns or folders with the columns that the model was trained on, and the label")
    .addOption(missingOption())
    .addOption(storeOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (path: string, data: string[], { missing, store, threads, json }: NewDataOptions) => {
      await (await import("../api/ahead.ts")).startThreadsAhead(data, { folder: ".", threads });
      const [{ evaluate }, { publishedModel }, { watched }] = await Promise.all([
        import("../api/score.ts"),
        import("./read-model.ts"),
        import("./watched.ts"),
      ]);
      const { model } = await publishedModel(path);
      const evaluated = await watched(
        ({ onRound, signal }) => evaluate(path, data, { missing, store, threads, onRound, signal }),
        () => "nothing was judged",
      );
      printResult(json === true, evaluated, () => evaluationReport(model, evaluated));
    });

/** `steplearn update`: new rows brought into a published model. */
import { Command } from "commander";
import { updateReport } from "../report/update.ts";
import { jsonOption, missingOption, type NewDataOptions, storeOption, threadsOption } from "./options.ts";
import { printResult, shown } from "./output.ts";

const HELP = `
Examples:
  steplearn update models/sales may.csv
  steplearn update models/sales 'days/*.parquet' --json

The new version is the one that training on all rows at once would give, with the features as they were fitted. It stands beside the others.`;

export const updateCommand = (): Command =>
  new Command("update")
    .summary("bring new rows into a model")
    .description("Brings new labelled rows into a published linearRegression, without the rows that it was trained on.")
    .argument("<model>", "folder of a model's versions; the latest is followed")
    .argument("<data...>", "files, patterns or folders with the columns that the model was trained on, and the label")
    .addOption(missingOption())
    .addOption(storeOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (model: string, data: string[], { missing, store, threads, json }: NewDataOptions) => {
      const [{ update }, { watched }] = await Promise.all([import("../api/update.ts"), import("./watched.ts")]);
      const updated = await watched(
        (hooks) => update(model, data, { missing, store, threads, ...hooks }),
        () => "run the command again to bring the rows in",
      );
      const { folder, metrics, seconds } = updated;
      const result = { folder, from: updated.model.update?.from, rows: updated.model.update?.rows, metrics, seconds };
      printResult(json === true, result, () => updateReport({ ...updated, folder: shown(folder) }));
    });

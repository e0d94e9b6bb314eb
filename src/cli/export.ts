/** `steplearn export`: a model of trees for other programs. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import type { Levels } from "../exchange/lightgbm.ts";
import { levelsOf } from "../features/view.ts";
import type { ModelJson } from "../model/format.ts";
import { InputError } from "../ports/errors.ts";
import { type CommonOptions, jsonOption } from "./options.ts";
import { printResult } from "./output.ts";

interface ExportOptions extends CommonOptions {
  readonly format: "lightgbm" | "onnx";
  readonly output: string;
}

const HELP = `
Examples:
  steplearn export models/churn --format lightgbm --output churn.txt
  steplearn export models/churn --format onnx --output churn.onnx

Both take the columns in the order that the command prints, NaN where missing, and categories as the place of their level in model.json;
of pandas LightGBM's Python package takes the values themselves, in columns of dtype category. LightGBM's text has the margins of
boosted trees, and its own link; of a forest of classes it has their shares. The ONNX file has an input "input" of
float64 rows and an output "prediction": the number, or the probability of each class.`;

/** As the data has them: a category of a column of numbers is a number. */
const valuesOf = ({ view, data }: ModelJson): Levels =>
  view.columns.map((column) => {
    const ofNumbers = data.columns.some(({ name, type }) => name === column.source && type !== "string");
    const levels = levelsOf(column);
    return ofNumbers ? (levels?.map(Number) ?? null) : levels;
  });

async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw new InputError(`output must be a file that can be written, got ${path}: ${(error as Error).message}`, { cause: error });
  }
}

export const exportCommand = (): Command =>
  new Command("export")
    .summary("write a model of trees for LightGBM or ONNX")
    .description("Writes a published model of trees as LightGBM's text or as an ONNX file.")
    .argument("<model>", "folder of a model, or of its versions (the latest is used)")
    .addOption(new Option("--format <format>", "what to write").choices(["lightgbm", "onnx"]).makeOptionMandatory())
    .requiredOption("--output <file>", "file to write")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(async (path: string, { format, output, json }: ExportOptions) => {
      const [{ publishedModel }, { ensembleOf }, { unpackEnsemble }, { toLightgbm }, { toOnnx }] = await Promise.all([
        import("./read-model.ts"),
        import("../model/ensemble.ts"),
        import("../learners/trees/ensemble/unpack.ts"),
        import("../exchange/lightgbm.ts"),
        import("../exchange/onnx.ts"),
      ]);
      const { model } = await publishedModel(path);
      const packed = ensembleOf(model);
      if (packed === undefined) throw new InputError(`a model must be one of trees to be exported, got ${model.learner}`);
      const ensemble = unpackEnsemble(packed);
      const columns = model.view.columns.map(({ name }) => name);
      const content =
        format === "onnx" ? toOnnx(ensemble, columns, model.task) : toLightgbm(ensemble, columns, model.task, valuesOf(model));
      await writeOutput(output, content);
      printResult(json === true, { output, format, columns }, () => `wrote ${output}\ncolumns  ${columns.join(", ")}`);
    });

/** `steplearn init`: a first job file from a look at the data. */
import { writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { Command } from "commander";
import type { Job } from "../job/job.ts";
import { InputError } from "../ports/errors.ts";
import { plural, shellWord } from "../report/text.ts";
import { type CommonOptions, jsonOption } from "./options.ts";
import { printResult } from "./output.ts";

interface InitOptions extends CommonOptions {
  readonly label: string;
  readonly output: string;
  readonly force?: true;
}

const HELP = `
Examples:
  steplearn init customers.csv --label churn
  steplearn init 'data/*.parquet' --label price -o jobs/price.yaml

Looks at the beginning of the data, guesses the kind of every column, and writes a job that can be trained as it is or changed first.`;

export const initCommand = (): Command =>
  new Command("init")
    .summary("write a job file from a look at the data")
    .description("Writes a job file from a look at the data.")
    .argument("<data>", "a file, pattern or folder of data")
    .requiredOption("--label <column>", "column to predict")
    .option("-o, --output <file>", "where to write the job; - for standard output", "job.yaml")
    .option("--force", "overwrite the file if it is there")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(init);

async function init(data: string, { label, output, force, json }: InitOptions): Promise<void> {
  const [{ anywhere }, { keyOf }, { lookAtSource }, { initJob }, { jobFromOptions }, { sampleSource }] = await Promise.all([
    import("../adapters/anywhere.ts"),
    import("../api/paths.ts"),
    import("../rounds/planning/look.ts"),
    import("../job/init.ts"),
    import("../job/read.ts"),
    import("./sample.ts"),
  ]);
  const files = anywhere();
  const { job } = jobFromOptions({ paths: [data], label, model: "logisticRegression" });
  const placed: Job = { ...job, data: { ...job.data, paths: [keyOf(data, ".")] } };
  const { rows, columns } = await sampleSource(files, (await lookAtSource(files, placed)).source);
  const text = initJob({ path: output === "-" ? data : pathFrom(data, output), columns, rows }, label);
  if (output === "-") {
    process.stdout.write(text);
    return;
  }
  await write(output, text, force === true);
  printResult(json === true, { file: resolve(output), rows, columns }, () =>
    [
      `wrote ${output} from a look at ${plural(rows, "row")} of ${plural(columns.length, "column")}`,
      `next: steplearn train ${shellWord(output)}`,
    ].join("\n"),
  );
}

/** The data as the job file, whose folder its paths are relative to, must name it. */
function pathFrom(data: string, file: string): string {
  if (isAbsolute(data) || data.startsWith("s3://")) return data;
  const path = relative(dirname(resolve(file)), resolve(data))
    .split(sep)
    .join("/");
  return data.endsWith("/") ? `${path}/` : path;
}

async function write(file: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: overwrite ? "w" : "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new InputError(`the job file must be a new one, got ${file}, which exists; --force overwrites it`, { cause: error });
    throw new InputError(`the job file must be one that can be written, got ${file} (${code})`, { cause: error });
  }
}

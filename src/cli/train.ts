/** `steplearn train`: a table becomes a published model. */
import { Command, Option } from "commander";
import { type JobFlags, jobSource } from "./job-source.ts";
import { checkPlace, onOption, remoteOf, type StackOptions, stackOption } from "./on-aws.ts";
import { byteSize, collected, jsonOption, nameList, positiveInteger, type StoreOptions, storeOption, threadsOption } from "./options.ts";
import { sayNotes } from "./output.ts";

interface TrainOptions extends StoreOptions, StackOptions, JobFlags {
  readonly functions?: number;
  readonly threads?: number;
  readonly memory?: number;
  readonly run?: string;
  readonly from?: string;
  readonly on: string;
  readonly watch?: true;
}

const HELP = `
Examples:
  steplearn train job.yaml
  steplearn train customers.csv --label churn --model logisticRegression --param regParam=0.01
  steplearn train job.yaml --on aws --watch
  steplearn train job.yaml --from models/churn --run more-trees
  steplearn train 'sales/*.parquet' --label price --model linearRegression --exclude id,url --json

Paths in a job file are relative to the file, others to the working folder.
Exit codes: 0 trained, 1 unexpected error, 2 the job or the data is wrong, 3 it does not fit the memory, the disk or the limits,
4 the arithmetic failed, 130 stopped by Ctrl-C (the run can be resumed).`;

export const trainCommand = (): Command =>
  withJobOptions(
    new Command("train")
      .summary("train a model and publish it")
      .description("Trains a model from a job file, or from data and options, and publishes it."),
  )
    .addOption(storeOption())
    .option("--functions <n>", "functions that rounds are spread over, to see them distributed; 1 when left out", positiveInteger)
    .addOption(threadsOption())
    .option("--memory <size>", "memory of all functions, such as 3GB; three quarters of this machine's when left out", byteSize)
    .option("--run <name>", "name of the run; the job's with the time when left out")
    .option("--from <model>", "folder of a model of boosted trees that as many trees as the job says are added to")
    .addOption(onOption())
    .addOption(stackOption())
    .option("--watch", "on aws: follow the run to its end")
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(train);

/** The arguments of a job without a file. */
export const withJobOptions = (command: Command): Command =>
  command
    .argument("<job-or-data...>", "a job file (.yaml, .yml, .json), or files, patterns or folders of data")
    .option("--label <column>", "column to predict")
    .option(
      "--model <learner>",
      "linearRegression, logisticRegression, gradientBoosting…, randomForest… or decisionTree… (with Regressor or Classifier)",
    )
    .addOption(new Option("--param <name=value>", "parameter of the model; may be repeated").argParser(collected))
    .option("--positive <class>", "class whose probability is predicted")
    .option("--exclude <columns>", "columns that are not read, between commas", nameList)
    .option("--metrics <names>", "what is measured, between commas; the usual ones when left out", nameList)
    .option("--name <name>", "name of the model; that of the data when left out")
    .option("--output <dir>", "folder of the models; models/<name> when left out");

async function train(paths: string[], options: TrainOptions, command: Command): Promise<void> {
  checkPlace(command, options.on);
  const { store, functions, threads, memory: memoryBytes, run, from, json, on, stack, watch, ...flags } = options;
  const isHere = on !== "aws" && functions === undefined;
  const { job, where, notes, folder } = await jobSource(paths, flags, async (data, folder) => {
    if (isHere) await (await import("../api/ahead.ts")).startThreadsAhead(data, { folder, threads });
  });
  sayNotes(notes);
  if (on === "aws") {
    const [{ startTraining }, { told }, remote] = await Promise.all([
      import("../api/remote.ts"),
      import("./follow.ts"),
      remoteOf({ stack }),
    ]);
    const started = await startTraining(remote, job, { folder, run, where, from });
    await told(remote, started, { execution: started, watch, json });
    return;
  }
  const [{ train }, { runTraining }] = await Promise.all([import("../api/train.ts"), import("./run-training.ts")]);
  await runTraining(
    (hooks) => train(job, { store, folder, functions, threads, memoryBytes, run, where, from, ...hooks }),
    { store, json },
    true,
  );
}

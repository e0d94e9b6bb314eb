/** `steplearn plan`: what a job will take, before anything runs. */
import { resolve } from "node:path";
import { Command } from "commander";
import type { SeenColumn } from "../job/init.ts";
import type { Job } from "../job/job.ts";
import type { Expectation } from "../plan/forecast.ts";
import type { Plan } from "../plan/plan.ts";
import { planReport } from "../report/plan.ts";
import { type JobFlags, jobSource } from "./job-source.ts";
import { byteSize, jsonOption, positiveInteger, type StoreOptions, storeOption, threadsOption } from "./options.ts";
import { printResult, sayNotes } from "./output.ts";
import type { Sample } from "./sample.ts";
import { withJobOptions } from "./train.ts";

interface PlanOptions extends StoreOptions, JobFlags {
  readonly functions?: number;
  readonly threads?: number;
  readonly memory?: number;
}

const HELP = `
Examples:
  steplearn plan job.yaml
  steplearn plan customers.csv --label churn --model logisticRegression --memory 3GB

Reads the list of the files and a sample. A plan that does not fit the memory ends with exit code 3 and the numbers.`;

export const planCommand = (): Command =>
  withJobOptions(
    new Command("plan")
      .summary("tell what a job will take")
      .description("Tells what a job will take, before anything runs: parts, rounds, memory, time."),
  )
    .addOption(storeOption())
    .option("--functions <n>", "functions that rounds are spread over; 1 when left out", positiveInteger)
    .addOption(threadsOption())
    .option("--memory <size>", "memory of all functions, such as 3GB; three quarters of this machine's when left out", byteSize)
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(plan);

async function plan(paths: string[], { store, functions, threads, memory: memoryBytes, json, ...flags }: PlanOptions): Promise<void> {
  const { job, where, notes, folder } = await jobSource(paths, flags);
  sayNotes(notes);
  const [{ planLocal }, { forecast }] = await Promise.all([import("../api/train.ts"), import("../plan/forecast.ts")]);
  const planned = await planLocal(job, { store, folder, functions, threads, memoryBytes, where });
  const expectation = await expect(planned, store);
  const told = forecast(planned, expectation);
  const { rows, columns, loaded } = expectation;
  const parts = Math.max(1, Math.ceil(rows / planned.partRows));
  printResult(json === true, { ...planned, rows, columns, parts, loaded, forecast: told }, () =>
    planReport({ plan: planned, rows, columns, parts, loaded, forecast: told }),
  );
}

async function expect(plan: Plan, store: string): Promise<Expectation> {
  const [{ anywhere }, { fileStore }, { manifestKey }, { exists }, { learnerNamed }, { searchOf }, { sampleSource }] = await Promise.all([
    import("../adapters/anywhere.ts"),
    import("../adapters/local/file-store.ts"),
    import("../data/manifest.ts"),
    import("../ports/json.ts"),
    import("../learners/registry.ts"),
    import("../tuning/candidates.ts"),
    import("./sample.ts"),
  ]);
  const { job, source, partRows, fingerprint } = plan;
  const sample = await sampleSource(anywhere(), source);
  const learner = learnerNamed(job.model.learner);
  const search = searchOf(job);
  const bytes = source.cuts.reduce((sum, cut) => sum + cut.bytes, 0);
  const rows = Math.round(sample.rows * (bytes / sample.bytes));
  const columns = encodedColumns(job, sample);
  const label = sample.columns.find(({ name }) => name === job.label.column);
  const classes = learner.tasks.includes("regression") ? 1 : Math.max(2, label?.distinct ?? 2);
  return {
    rows,
    columns,
    cost: learner.cost({ rows, parts: Math.ceil(rows / partRows), columns, classes }, search.settings[0]),
    settings: search.settings.length,
    folds: search.folds,
    sharesStatistics: learner.heldOut !== undefined,
    loaded: await exists(fileStore(resolve(store)), manifestKey(fingerprint)),
  };
}

/** As `features: auto` has it: a column a level while they are few, else buckets; what looks like an id is left out. */
const MAX_LEVELS = 100;
const BUCKETS = 1_024;
const ID_SHARE = 0.9;

function encodedColumns({ features, label }: Job, { rows, columns }: Sample): number {
  const isAuto = features === "auto";
  const hasLevels = isAuto || features.some(({ kind }) => kind === "oneHotEncoder");
  const ofText = ({ distinct, missing }: SeenColumn): number => {
    if (!hasLevels) return 1;
    if (!isAuto || distinct <= MAX_LEVELS) return distinct;
    return distinct > ID_SHARE * (rows - missing) ? 0 : BUCKETS;
  };
  return columns
    .filter(({ name }) => name !== label.column)
    .reduce((sum, column) => sum + (column.type === "string" ? ofText(column) : 1), 0);
}

/** What a sample of the data tells of a planned run, for a forecast. */
import { resolve } from "node:path";
import type { SeenColumn } from "../job/init.ts";
import type { Job } from "../job/job.ts";
import type { Expectation } from "../plan/forecast.ts";
import type { Plan } from "../plan/plan.ts";
import type { Sample } from "./sample.ts";

/** `store` is the folder in which a loaded dataset is looked for; null where it lies elsewhere. */
export async function expectationOf(plan: Plan, store: string | null): Promise<Expectation> {
  const [{ anywhere }, { fileStore }, { manifestKey }, { exists }, { learnerNamed }, { searchOf }, { sampleSource }, { tasksOf }] =
    await Promise.all([
      import("../adapters/anywhere.ts"),
      import("../adapters/local/file-store.ts"),
      import("../data/manifest.ts"),
      import("../ports/json.ts"),
      import("../learners/registry.ts"),
      import("../tuning/candidates.ts"),
      import("./sample.ts"),
      import("../rounds/tasks.ts"),
    ]);
  const { job, source, partRows, fingerprint } = plan;
  const sample = await sampleSource(anywhere(), source);
  const learner = learnerNamed(job.model.learner);
  const search = searchOf(job);
  const bytes = source.cuts.reduce((sum, cut) => sum + cut.bytes, 0);
  const rows = Math.round(sample.rows * (bytes / sample.bytes));
  const columns = learner.rows === "bins" && job.features === "auto" ? sample.columns.length - 1 : encodedColumns(job, sample);
  const label = sample.columns.find(({ name }) => name === job.label.column);
  const classes = learner.tasks.includes("regression") ? 1 : Math.max(2, label?.distinct ?? 2);
  const units = new Array<number>(Math.max(1, Math.ceil(rows / partRows))).fill(0);
  const { tasks, inGroup } = tasksOf({ units }, plan);
  return {
    rows,
    columns,
    cost: learner.cost({ rows, parts: Math.ceil(rows / partRows), columns, classes }, search.settings[0]),
    settings: search.settings.length,
    folds: search.folds,
    sharesStatistics: learner.heldOut !== undefined,
    loaded: store !== null && (await exists(fileStore(resolve(store)), manifestKey(fingerprint))),
    tasks,
    groups: Math.ceil(tasks / inGroup),
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

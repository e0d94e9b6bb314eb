/** The checks that need the columns of the data: once the header is known, before anything is read. */
import type { ColumnType } from "../data/columns.ts";
import { type LearnerName, learnerTasks } from "../learners/params.ts";
import type { Job } from "./job.ts";
import { type Path, type Problem, problemsError, shown, type Where } from "./problem.ts";
import { stageProblems } from "./stages.ts";
import { remedy } from "./suggest.ts";

export interface NamedType {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * Refuses a job whose columns are not there or not of a type that it can use; `columns` are those of the source, whether excluded or not.
 * InputError lists all problems, one a line, each with its place in the job.
 */
export function checkJob(job: Job, columns: readonly NamedType[], where: Where = () => "job"): void {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  for (const [name, type] of Object.entries(job.data.columns)) if (types.has(name)) types.set(name, type);
  const problems = [...columnProblems(job, types), ...typeProblems(job, types), ...stageProblems(job, types)];
  if (problems.length > 0) throw problemsError(problems, where);
}

type Types = ReadonlyMap<string, ColumnType>;

/** Every column that the job names outside its stages, and where. */
function* namedColumns(job: Job): Iterable<readonly [name: string, path: Path, of?: "key"]> {
  for (const name of Object.keys(job.data.columns)) yield [name, ["data", "columns", name], "key"];
  for (const [i, name] of job.data.exclude.entries()) yield [name, ["data", "exclude", i]];
  yield [job.label.column, ["label", "column"]];
  if (job.weight !== undefined) yield [job.weight, ["weight"]];
  if (job.split.kind === "column" || job.split.kind === "after") yield [job.split.column, ["split", "column"]];
  if (job.split.groupBy !== undefined) yield [job.split.groupBy, ["split", "groupBy"]];
}

function* columnProblems(job: Job, types: Types): Iterable<Problem> {
  const excluded = new Set(job.data.exclude);
  for (const [name, path, of] of namedColumns(job)) {
    if (!types.has(name)) yield { path, message: `must be a column of the data, got ${shown(name)}${remedy(name, [...types.keys()])}`, of };
    else if (path[0] !== "data" && excluded.has(name)) yield { path, message: `must not be an excluded column, got ${shown(name)}` };
  }
}

function* typeProblems(job: Job, types: Types): Iterable<Problem> {
  const labelType = types.get(job.label.column);
  const { learner } = job.model;
  if (learnerTasks[learner as LearnerName].includes("regression") && labelType !== undefined && labelType !== "number") {
    const classifier = learner.endsWith("Regressor") ? learner.replace("Regressor", "Classifier") : "logisticRegression";
    const message = `must be a number for ${learner}, got the ${labelType} column ${shown(job.label.column)} (classes are for ${classifier})`;
    yield { path: ["label", "column"], message };
  }
  const weightType = job.weight === undefined ? undefined : types.get(job.weight);
  if (weightType !== undefined && weightType !== "number") {
    yield { path: ["weight"], message: `must be a number column, got the ${weightType} column ${shown(job.weight)}` };
  }
  if (job.split.kind !== "after") return;
  const { column, from } = job.split;
  const type = types.get(column);
  if (type === "number" && !Number.isFinite(Number(from))) {
    yield { path: ["split", "after"], message: `must be a number like the column ${shown(column)}, got ${shown(from)}` };
  }
  if (type === "date" && !ISO_DATE.test(from)) {
    yield { path: ["split", "after"], message: `must be a date YYYY-MM-DD like the column ${shown(column)}, got ${shown(from)}` };
  }
}

const ISO_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

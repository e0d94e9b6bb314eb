/** A first job file from a look at the data: what `steplearn init data.csv --label churn` writes, every choice with its reason. */
import { parse } from "yaml";
import type { ColumnType } from "../data/columns.ts";
import { defaultMetrics } from "../evaluation/names.ts";
import type { Task } from "../learners/learner.ts";
import { InputError } from "../ports/errors.ts";
import { nameOf } from "./name.ts";
import { remedy } from "./suggest.ts";

/** A column as the look found it. */
export interface SeenColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Distinct values, missing ones not counted. */
  readonly distinct: number;
  readonly missing: number;
  /** Some of the distinct values; all of them when there are few. */
  readonly examples: readonly string[];
}

export interface Look {
  readonly path: string;
  readonly columns: readonly SeenColumn[];
  /** Rows looked at. */
  readonly rows?: number;
}

/** More levels than this are hashed by `features: auto` rather than spelt out as columns. */
const MAX_LEVELS = 100;
/** Whole numbers with more distinct values than this are amounts, not classes. */
const MAX_NUMBER_CLASSES = 20;

/**
 * The text of a job file that trains on the data as it is. InputError when the label is no column, or has fewer than two values in the
 * rows looked at.
 */
export function initJob(look: Look, label: string): string {
  const column = look.columns.find(({ name }) => name === label);
  if (!column) {
    const names = look.columns.map(({ name }) => name);
    throw new InputError(`label must be a column of the data, got ${JSON.stringify(label)}${remedy(label, names)}`);
  }
  if (column.distinct < 2)
    throw new InputError(`label must have at least two values, got ${column.distinct} in column ${JSON.stringify(label)}`);
  if (column.type === "date") throw new InputError(`label must be a number or a class, got the date column ${JSON.stringify(label)}`);
  const task = taskOf(column);
  const left = look.columns.filter((seen) => seen !== column).map((seen) => ({ ...seen, reason: reasonToExclude(seen, look.rows) }));
  const excluded = left.filter(({ reason }) => reason !== undefined);
  const name = nameOf(look.path);
  return [
    `# From a look at ${look.rows === undefined ? "the data" : `${look.rows} rows`}.`,
    `name: ${scalar(name)}`,
    "data:",
    `  path: ${scalar(look.path)}`,
    ...(excluded.length > 0 ? ["  exclude:", ...excluded.map((seen) => `    - ${scalar(seen.name)} # ${seen.reason}`)] : []),
    ...labelLines(column, task),
    "split: { test: 0.2, seed: 42 } # a fifth of the rows is held out to judge the model",
    ...featureLines(left.filter(({ reason }) => reason === undefined)),
    "model:",
    ...modelLines(column, task),
    `metrics: [${defaultMetrics(task).join(", ")}]`,
    `output: models/${name}`,
    "# limits: { costUsd: 2, minutes: 30, badRows: 0 } # the run stops there with the best model so far",
    "",
  ].join("\n");
}

function taskOf({ type, distinct, examples }: SeenColumn): Task {
  if (distinct === 2) return "binary";
  if (type === "string") return "multiclass";
  const whole = examples.every((text) => Number.isInteger(Number(text)));
  return whole && distinct <= MAX_NUMBER_CLASSES ? "multiclass" : "regression";
}

/** Why a column can teach nothing about new rows. */
function reasonToExclude({ name, type, distinct, missing }: SeenColumn, rows: number | undefined): string | undefined {
  if (distinct === 0) return "no values";
  if (distinct === 1 && missing === 0) return "the same value in every row";
  if (rows === undefined || rows <= 100) return undefined;
  const present = rows - missing;
  if (type === "string" && distinct > 0.9 * present)
    return `${distinct} different texts in ${present} rows: it names rows, new ones will have others`;
  if (type === "number" && distinct === present && /(^|[_\W])id$|[a-z]I[Dd]$/.test(name))
    return "a different number in every row: it names rows";
  return undefined;
}

function labelLines({ name, type, missing, distinct, examples }: SeenColumn, task: Task): string[] {
  const dropped = missing > 0 ? [`# ${missing} rows without a label are dropped.`] : [];
  if (task !== "binary" || examples.length !== 2) {
    const what = task === "regression" ? `a ${type} to predict` : `${distinct} classes`;
    return [...dropped, `label: ${scalar(name)} # ${what}, such as ${examples.slice(0, 3).map(commented).join(", ")}`];
  }
  const [first, second] = classesInOrder(type, examples);
  const positive = /^(1|\+1|y|yes|t|true|pos|positive)$/i.test(first.trim()) ? first : second;
  const other = positive === first ? second : first;
  return [...dropped, `label: { column: ${scalar(name)}, positive: ${scalar(positive)} } # the other class is ${commented(other)}`];
}

/** Numbers by size, texts by code unit: the order in which training numbers the classes. */
function classesInOrder(type: ColumnType, classes: readonly string[]): string[] {
  if (type === "number")
    return classes
      .map(Number)
      .sort((a, b) => a - b)
      .map(String);
  return [...classes].sort((a, b) => (a < b ? -1 : 1));
}

function modelLines({ type }: SeenColumn, task: Task): string[] {
  if (task === "regression") return ["  linearRegression: { regParam: 0.01 }"];
  const doubt = task === "multiclass" && type === "number" ? " # linearRegression, if the label is an amount" : "";
  return [`  logisticRegression: { regParam: 0.01 }${doubt}`];
}

/** The stages that `auto` would choose, spelt out to be changed; `auto` itself where a column has too many levels to spell out. */
function featureLines(columns: readonly SeenColumn[]): string[] {
  if (columns.length === 0)
    throw new InputError("data must have a column to learn from, got none beside the label and those that say nothing");
  const wide = columns.filter(({ type, distinct }) => type === "string" && distinct > MAX_LEVELS);
  if (wide.length > 0) {
    const names = wide.map(({ name, distinct }) => `${commented(name)} (${distinct})`).join(", ");
    return [`features: auto # numbers imputed and standardised, few levels one-hot, many hashed: ${names}`];
  }
  const strings = columns.filter(({ type }) => type === "string");
  const numbers = columns.filter(({ type }) => type !== "string");
  const names = (seen: readonly SeenColumn[]) => seen.map(({ name }) => name);
  return [
    "features:",
    ...stageLines("imputer", names(numbers), "strategy: mean"),
    ...stageLines("imputer", names(strings.filter(({ missing }) => missing > 0)), "strategy: constant, value: missing"),
    ...stageLines("oneHotEncoder", names(strings), "dropLast: false, handleInvalid: keep"),
    ...stageLines("standardScaler", names(numbers), "withMean: true"),
    ...stageLines("vectorAssembler", names(columns)),
  ];
}

const LINE_WIDTH = 100;

/** One line where it fits, else a list of columns below one another. */
function stageLines(kind: string, inputs: readonly string[], settings = ""): string[] {
  if (inputs.length === 0) return [];
  const line = `  - ${kind}: { inputs: [${inputs.map(scalar).join(", ")}]${settings && `, ${settings}`} }`;
  if (line.length <= LINE_WIDTH) return [line];
  const rest = settings === "" ? [] : settings.split(", ").map((setting) => `      ${setting}`);
  return [`  - ${kind}:`, "      inputs:", ...inputs.map((input) => `        - ${scalar(input)}`), ...rest];
}

/** A string as YAML reads it back, plain where it can be, else quoted as in JSON; YAML 1.1 takes yes, no, on and off for truth values. */
function scalar(text: string): string {
  const plain = /^[\w./][\w./*:-]*$/.test(text) && !/:$|^(y|n|yes|no|on|off)$/i.test(text);
  return plain && parse(text) === text ? text : JSON.stringify(text);
}

/** A value in a comment: quoted, so that no line break of the data ends it, and short. */
function commented(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length <= 40 ? quoted : `${quoted.slice(0, 36)}..."`;
}

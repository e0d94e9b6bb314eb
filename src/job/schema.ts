/** The job as it is written: YAML, JSON or TypeScript. Every key with its default, range and one sentence. */
import * as z from "zod";
import { MAX_PART_ROWS } from "../data/columns.ts";
import { metricNames } from "../evaluation/names.ts";
import { stageParams } from "../features/params.ts";
import { learnerParams } from "../learners/params.ts";
import { DEFAULT_MISSING } from "./job.ts";

const text = z.string().min(1);
const columnName = text;
const texts = z.array(text).min(1);
const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const metric = z.enum(Object.keys(metricNames) as [keyof typeof metricNames]);

/** A mapping with exactly one of the given keys: the key says what it is, the value how. */
function oneOf<S extends Record<string, z.ZodType>>(shape: S, what: string) {
  const optional = Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.optional()]));
  return z
    .strictObject(optional as { [K in keyof S]: z.ZodOptional<S[K]> })
    .check(({ value, issues }) => {
      const keys = Object.keys(value);
      const unknown = issues.length > 0;
      if (keys.length === 1 || (keys.length === 0 && unknown)) return;
      const found = keys.join(" and ") || "none";
      issues.push({
        code: "custom",
        path: [],
        message: `must be exactly one ${what} of ${Object.keys(shape).join(", ")}, got ${found}`,
        input: value,
      });
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}

const data = z.strictObject({
  path: z.union([text, texts]).describe("Files, patterns, folders or s3:// prefixes; .gz is read."),
  format: z.enum(["csv", "parquet"]).optional().describe("Told by the file names when left out."),
  separator: z
    .string()
    .regex(/^[^"\r\n0-9A-Za-z.+\u0080-\uffff-]$/, "must be one ASCII character other than a quote, a letter, a digit and . + -")
    .optional()
    .describe("Between the fields of a CSV; told by the file when left out."),
  header: z.boolean().optional().describe("Whether the first line names the columns (else c0, c1, ...); told by the file when left out."),
  columns: z
    .record(columnName, z.enum(["number", "date", "string"]))
    .default({})
    .describe("Types, where inference is to be overruled."),
  missing: z
    .array(z.string())
    .default([...DEFAULT_MISSING])
    .describe("Texts that mean a missing value."),
  exclude: z.array(columnName).default([]).describe("Columns that are not read."),
  partRows: z
    .int()
    .min(1)
    .max(MAX_PART_ROWS)
    .optional()
    .describe("Rows of a part at most: fewer spread a small table over more functions. Told by the number of columns when left out."),
});

const label = z.strictObject({
  column: columnName,
  positive: z.union([z.string(), z.number(), z.boolean()]).optional().describe("The class whose probability is predicted."),
});

const split = z.strictObject({
  test: z.number().gt(0).lt(1).optional().describe("Share of the rows held out; 0.2 when nothing else is said."),
  everyNth: z.int().min(2).optional().describe("Row index % everyNth == everyNth - 1 is held out."),
  testPath: z.union([text, texts]).optional().describe("Files of the rows held out."),
  column: columnName.optional().describe("test, true or 1 in it marks the rows held out; with after, the column compared."),
  after: z.union([text, z.number()]).optional().describe("Rows with this value or later in the column are held out."),
  seed: seed.default(42).describe("Of every random choice of rows."),
  stratify: z.boolean().default(false).describe("Hold out the same share of every class."),
  groupBy: columnName.optional().describe("Rows with the same value of this column stay on one side."),
});

const range = z.strictObject({ min: z.number(), max: z.number(), log: z.boolean().default(false) });

const tune = z.strictObject({
  folds: z.int().min(2).max(100).default(3).describe("Parts of the training rows, each held out once."),
  grid: z
    .record(text, z.union([z.array(z.unknown()).min(1), range]))
    .refine((grid) => Object.keys(grid).length > 0, "must have at least one parameter")
    .describe("Values of each parameter, or with random a range { min, max, log }."),
  random: z.int().min(1).max(10_000).optional().describe("Settings to draw; all combinations when left out."),
  metric: metric.optional().describe("What is best: rmse for regression, logLoss for classes when left out."),
  seed: seed.default(42).describe("Of the settings drawn."),
});

const limits = z.strictObject({
  costUsd: z.number().gt(0).optional().describe("Dollars at most; the best model so far is published."),
  minutes: z.number().gt(0).optional().describe("Minutes at most; the best model so far is published."),
  badRows: z.int().min(0).default(0).describe("Rows that may be unreadable before the run fails."),
});

export const jobSchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
        "must be at most 64 letters, digits, dots, hyphens and underscores, the first a letter or digit",
      )
      .optional()
      .describe("Of the model; that of the job file when left out."),
    data: z.union([text, data]).describe("The table: a path, or a path and how to read it."),
    label: z.union([columnName, label]).describe("The column to predict."),
    weight: columnName.optional().describe("Column of row weights >= 0."),
    split: z
      .union([z.literal("none"), split])
      .optional()
      .describe("Rows held out for evaluation; { test: 0.2, seed: 42 } when left out."),
    features: z
      .union([z.literal("auto"), z.array(oneOf(stageParams, "stage")).min(1)])
      .default("auto")
      .describe("Stages from columns to what the model sees; auto chooses them by the types of the columns."),
    model: oneOf(learnerParams, "learner").describe("The learner and its parameters."),
    tune: tune.optional().describe("A search over parameters of the learner."),
    metrics: z.array(metric).default([]).describe("What is measured on the rows held out; the usual ones of the task when left out."),
    output: text.optional().describe("Folder of the models; models/<name> when left out."),
    limits: limits.prefault({}).describe("Where the run stops."),
  })
  .describe("A steplearn job.");

/** What may be written. */
export type JobForm = z.input<typeof jobSchema>;
/** What was written, with defaults. */
export type ParsedForm = z.output<typeof jobSchema>;

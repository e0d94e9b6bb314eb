/**
 * The parameters of every feature stage, each written once: default, range and one sentence. Names and defaults are Spark's.
 * The job schema, the TypeScript builders, the editor schema and the tests of bad values all derive from here.
 */
import * as z from "zod";

const columnName = z.string().min(1);

const inputs = z.array(columnName).min(1).describe("Columns that the stage reads.");
const outputs = z
  .array(columnName)
  .min(1)
  .optional()
  .describe("Columns that it writes, one for each input; the inputs themselves when left out.");

interface Columns {
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[] | undefined;
}

/** What no single field can say: its path, the rule and what was found. */
type Problem = readonly [path: string, message: string, input: unknown];

/** Names occur once, and outputs pair with inputs. */
function* columnProblems({ inputs, outputs }: Columns): Iterable<Problem> {
  if (new Set(inputs).size < inputs.length) yield ["inputs", "must name every column once", inputs];
  if (!outputs) return;
  if (outputs.length !== inputs.length) yield ["outputs", `must have as many columns as inputs (${inputs.length})`, outputs];
  else if (new Set(outputs).size < outputs.length) yield ["outputs", "must name every column once", outputs];
}

/** A stage that makes one output of every input; `problems` finds what a combination of its parameters breaks. */
function columnStage<S extends z.core.$ZodLooseShape>(
  shape: S,
  problems: (params: Record<string, unknown>) => Iterable<Problem> = () => [],
) {
  const object = z.strictObject({ inputs, outputs, ...shape });
  return object
    .check(({ value, issues }) => {
      for (const [path, message, input] of [...columnProblems(value as Columns), ...problems(value)]) {
        issues.push({ code: "custom", path: [path], message, input });
      }
    })
    .transform((params) => {
      const columns = params as Columns;
      return { ...params, outputs: columns.outputs ?? columns.inputs } as Omit<typeof params, "outputs"> & { outputs: readonly string[] };
    });
}

const stringIndexer = columnStage({
  handleInvalid: z
    .enum(["error", "skip", "keep"])
    .default("error")
    .describe("Strings that training did not have, and missing ones: stop, leave the row out, or give them the index after the last."),
  stringOrderType: z
    .enum(["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"])
    .default("frequencyDesc")
    .describe("Which string gets index 0; equally frequent strings in alphabetical order."),
}).describe("Replaces every string by its index among the strings of the training rows.");

const oneHotEncoder = columnStage({
  dropLast: z.boolean().default(true).describe("Leave out the last category, which then is the row of zeros."),
  handleInvalid: z
    .enum(["error", "keep"])
    .default("error")
    .describe("Categories that training did not have: stop, or give them a category of their own at the end."),
}).describe("Makes one column of zeros and ones for each category.");

const imputer = columnStage(
  {
    strategy: z
      .enum(["mean", "median", "mode", "constant"])
      .default("mean")
      .describe("What replaces missing values; the median is a value of the data, the smallest of equally frequent modes wins."),
    value: z.union([z.number(), z.string()]).optional().describe("The replacement, for strategy constant."),
  },
  function* ({ strategy, value }) {
    if (strategy === "constant" && value === undefined) yield ["value", "must be given for strategy constant", value];
    if (strategy !== "constant" && value !== undefined) yield ["value", "must go with strategy constant only", value];
  },
).describe("Replaces missing values by a number or string learned from the training rows.");

const standardScaler = columnStage({
  withMean: z.boolean().default(false).describe("Subtract the mean."),
  withStd: z.boolean().default(true).describe("Divide by the sample standard deviation (n - 1); a constant column becomes 0."),
}).describe("Brings columns to unit standard deviation.");

const minMaxScaler = columnStage(
  {
    min: z.number().default(0).describe("Where the smallest training value goes."),
    max: z.number().default(1).describe("Where the largest training value goes."),
  },
  function* ({ min, max }) {
    if (Number(min) >= Number(max)) yield ["min", `must be below max (${max})`, min];
  },
).describe("Maps the training range of columns to [min, max]; a constant column becomes the middle.");

const vectorAssembler = z
  .strictObject({
    inputs,
    handleInvalid: z
      .enum(["error", "skip", "keep"])
      .default("error")
      .describe("Rows with missing values: stop, leave them out, or keep them as NaN."),
  })
  .check(({ value, issues }) => {
    for (const [path, message, input] of columnProblems(value)) issues.push({ code: "custom", path: [path], message, input });
  })
  .describe("Puts the columns that the model sees in order; the last stage.");

export const stageParams = { stringIndexer, oneHotEncoder, imputer, standardScaler, minMaxScaler, vectorAssembler };

export type StageKind = keyof typeof stageParams;
export type StageParams<K extends StageKind> = Readonly<z.output<(typeof stageParams)[K]>>;
/** One stage with every parameter spelt out. */
export type Stage = { [K in StageKind]: { readonly kind: K; readonly params: StageParams<K> } }[StageKind];

/** Follows the columns of the data through the stages of a job: what is there, and of what kind, when each stage runs. */
import type { ColumnType } from "../data/columns.ts";
import type { Stage, StageParams } from "../features/params.ts";
import type { Job } from "./job.ts";
import { type Path, type Problem, shown } from "./problem.ts";
import { remedy } from "./suggest.ts";

/** A column between two stages. */
interface Kept {
  /** An index numbers categories; a vector is the zeros and ones of an encoder. */
  readonly kind: ColumnType | "index" | "vector";
  readonly scaled: boolean;
}
type Frame = Map<string, Kept>;

/** The problems of the stages of a job, given the types of the columns of its data. */
export function* stageProblems(job: Job, types: ReadonlyMap<string, ColumnType>): Iterable<Problem> {
  if (job.features === "auto") return;
  const reserved = reservedColumns(job);
  const frame: Frame = new Map([...types].filter(([name]) => !reserved.has(name)).map(([name, kind]) => [name, { kind, scaled: false }]));
  for (const [i, stage] of job.features.entries()) {
    const path: Path = ["features", i, stage.kind];
    yield* inputProblems(stage, path, frame, reserved);
    yield* kindProblems(stage, path, frame);
    if (stage.kind === "vectorAssembler") return;
    const inputs = stage.params.inputs.map((name) => frame.get(name));
    for (const [j, output] of stage.params.outputs.entries()) {
      if (output === job.label.column) yield { path: [...path, "outputs", j], message: `must not be the label, got ${shown(output)}` };
      frame.set(output, outputOf(stage, inputs[j]));
    }
  }
  yield* leftoverProblems(frame);
}

/** Columns that no feature may read, and what they are. */
function reservedColumns({ data, label, weight, split }: Job): Map<string, string> {
  const reserved = new Map(data.exclude.map((name) => [name, "an excluded column"]));
  if (split.kind === "column") reserved.set(split.column, "the column of the split");
  if (split.groupBy !== undefined) reserved.set(split.groupBy, "the column of the groups");
  if (weight !== undefined) reserved.set(weight, "the weight");
  return reserved.set(label.column, "the label");
}

function* inputProblems({ params }: Stage, path: Path, frame: Frame, reserved: ReadonlyMap<string, string>): Iterable<Problem> {
  for (const [j, input] of params.inputs.entries()) {
    if (frame.has(input)) continue;
    const at = [...path, "inputs", j];
    const role = reserved.get(input);
    const unknown = `must be a column of the data or of an earlier stage, got ${shown(input)}${remedy(input, [...frame.keys()])}`;
    yield { path: at, message: role === undefined ? unknown : `must not be ${role}, got ${shown(input)}` };
  }
}

function* kindProblems(stage: Stage, path: Path, frame: Frame): Iterable<Problem> {
  for (const [j, input] of stage.params.inputs.entries()) {
    const column = frame.get(input);
    const demand = column && demandOf(stage, column);
    if (demand)
      yield { path: [...path, "inputs", j], message: `must be ${demand.rule}, got ${shownColumn(column, input)} (${demand.remedy})` };
  }
}

interface Demand {
  readonly rule: string;
  readonly remedy: string;
}

const shownColumn = ({ kind, scaled }: Kept, name: string): string => `the ${scaled ? "scaled " : ""}${kind} column ${shown(name)}`;

/** What a stage demands of an input and does not get from one like this. */
function demandOf(stage: Stage, { kind, scaled }: Kept): Demand | undefined {
  switch (stage.kind) {
    case "stringIndexer":
    case "oneHotEncoder":
      if (kind === "vector" || (kind === "index" && stage.kind === "stringIndexer")) {
        return { rule: "a column of categories that is not encoded yet", remedy: "leave it out here" };
      }
      return scaled ? { rule: "a column of categories", remedy: "scale after encoding" } : undefined;
    case "imputer":
      return imputerDemand(stage.params, kind);
    default:
      if (kind !== "string") return undefined;
      return { rule: "a number column", remedy: "put a stringIndexer or oneHotEncoder before it" };
  }
}

function imputerDemand({ strategy, value }: StageParams<"imputer">, kind: Kept["kind"]): Demand | undefined {
  if (kind === "vector" || kind === "index") return { rule: "a column that is not encoded yet", remedy: "impute before encoding" };
  if (kind === "string") {
    if (strategy === "mean" || strategy === "median")
      return { rule: `a number column for strategy ${strategy}`, remedy: "strings have a mode or a constant" };
    if (typeof value === "number") return { rule: `a number column for the value ${value}`, remedy: `quote the value: "${value}"` };
  } else if (typeof value === "string") {
    return { rule: `a string column for the value ${shown(value)}`, remedy: "give a number" };
  }
  return undefined;
}

function outputOf(stage: Stage, input: Kept = { kind: "number", scaled: false }): Kept {
  if (stage.kind === "stringIndexer") return { kind: "index", scaled: false };
  if (stage.kind === "oneHotEncoder") return { kind: "vector", scaled: false };
  return stage.kind === "imputer" ? input : { ...input, scaled: true };
}

/** Without an assembler every column at the end is a column of the model, so none may be text. */
function* leftoverProblems(frame: Frame): Iterable<Problem> {
  const strings = [...frame].filter(([, { kind }]) => kind === "string").map(([name]) => name);
  if (strings.length === 0) return;
  const remedy = "encode or exclude them, or name the others in a vectorAssembler";
  yield { path: ["features"], message: `must end in a vectorAssembler or leave no string column, got ${strings.join(", ")} (${remedy})` };
}

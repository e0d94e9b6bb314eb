/** Follows the columns of the data through the stages of a job: what is there, and of what kind, when each stage runs. */
import type { ColumnType } from "../data/columns.ts";
import type { Stage, StageParams } from "../features/params.ts";
import type { Job } from "./job.ts";
import { type Path, type Problem, shown } from "./problem.ts";
import { remedy } from "./suggest.ts";

/** An index numbers categories; a vector is the zeros and ones of an encoder. */
type Kind = ColumnType | "index" | "vector";
type Frame = Map<string, Kind>;

/** The problems of the stages of a job, given the types of the columns of its data. */
export function* stageProblems(job: Job, types: ReadonlyMap<string, ColumnType>): Iterable<Problem> {
  if (job.features === "auto") return;
  const reserved = new Map([
    ...job.data.exclude.map((name) => [name, "an excluded column"] as const),
    [job.label.column, "the label"] as const,
  ]);
  const frame: Frame = new Map([...types].filter(([name]) => !reserved.has(name)));
  for (const [i, stage] of job.features.entries()) {
    const path: Path = ["features", i, stage.kind];
    yield* inputProblems(stage, path, frame, reserved);
    yield* kindProblems(stage, path, frame);
    if (stage.kind === "vectorAssembler") return;
    for (const [j, output] of stage.params.outputs.entries()) {
      if (output === job.label.column) yield { path: [...path, "outputs", j], message: `must not be the label, got ${shown(output)}` };
      frame.set(output, outputKind(stage, frame.get(stage.params.inputs[j])));
    }
  }
  yield* leftoverProblems(job, frame);
}

function* inputProblems({ params }: Stage, path: Path, frame: Frame, reserved: ReadonlyMap<string, string>): Iterable<Problem> {
  for (const [j, input] of params.inputs.entries()) {
    if (frame.has(input)) continue;
    const at = [...path, "inputs", j];
    const why = reserved.get(input);
    if (why !== undefined) yield { path: at, message: `must not be ${why}, got ${shown(input)}` };
    else
      yield {
        path: at,
        message: `must be a column of the data or of an earlier stage, got ${shown(input)}${remedy(input, [...frame.keys()])}`,
      };
  }
}

function* kindProblems(stage: Stage, path: Path, frame: Frame): Iterable<Problem> {
  for (const [j, input] of stage.params.inputs.entries()) {
    const kind = frame.get(input);
    const demand = kind && demandOf(stage, kind);
    if (demand)
      yield { path: [...path, "inputs", j], message: `must be ${demand.rule}, got the ${kind} column ${shown(input)} (${demand.remedy})` };
  }
}

interface Demand {
  readonly rule: string;
  readonly remedy: string;
}

/** What a stage demands of an input and does not get from one of this kind. */
function demandOf(stage: Stage, kind: Kind): Demand | undefined {
  switch (stage.kind) {
    case "stringIndexer":
      if (kind !== "vector" && kind !== "index") return undefined;
      return { rule: "a column of categories that is not encoded yet", remedy: "leave it out here" };
    case "oneHotEncoder":
      if (kind !== "vector") return undefined;
      return { rule: "a column of categories that is not encoded yet", remedy: "leave it out here" };
    case "imputer":
      return imputerDemand(stage.params, kind);
    default:
      if (kind !== "string") return undefined;
      return { rule: "a number column", remedy: "put a stringIndexer or oneHotEncoder before it" };
  }
}

function imputerDemand({ strategy, value }: StageParams<"imputer">, kind: Kind): Demand | undefined {
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

function outputKind(stage: Stage, input: Kind | undefined): Kind {
  if (stage.kind === "stringIndexer") return "index";
  if (stage.kind === "oneHotEncoder") return "vector";
  if (stage.kind === "imputer") return input ?? "number";
  return input === "vector" ? "vector" : "number";
}

/** Without an assembler every column at the end is a column of the model, so none may be text. */
function* leftoverProblems(job: Job, frame: Frame): Iterable<Problem> {
  const { split, weight } = job;
  const roles = new Set([weight, split.groupBy, split.kind === "column" ? split.column : undefined]);
  const strings = [...frame].filter(([name, kind]) => kind === "string" && !roles.has(name)).map(([name]) => name);
  if (strings.length === 0) return;
  const message = `must end in a vectorAssembler or leave no string column, got ${strings.join(", ")} (encode or exclude them, or name the others in a vectorAssembler)`;
  yield { path: ["features"], message };
}

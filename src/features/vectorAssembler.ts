/** Spark's VectorAssembler: puts the columns that the model sees in order. It ends a list of stages, and its columns are the view. */
import { InputError } from "../ports/errors.ts";
import { columnOf, type Frame, type FrameColumn, type Trace } from "./frame.ts";
import type { StageParams } from "./params.ts";
import type { Known, RowKind, View, ViewColumn } from "./view.ts";

/** InputError when an input is not there or still holds strings. */
export function traceAssembler({ inputs }: StageParams<"vectorAssembler">, frame: Frame<Trace>): void {
  const strings = inputs.filter((name) => columnOf(frame, name, "vectorAssembler").kind === "string");
  if (strings.length > 0) {
    throw new InputError(
      `vectorAssembler inputs must be numbers, got strings in ${strings.join(", ")}; add a stringIndexer or oneHotEncoder for them before`,
    );
  }
}

/**
 * Missing values that no stage replaced: `error` leaves them NaN, which is an InputError naming column and row when they are encoded;
 * `keep` does too, except that learners of bins take them; `skip` drops their rows.
 */
export function assembled({ inputs, handleInvalid }: StageParams<"vectorAssembler">, frame: Frame, rows: RowKind): View {
  const keeps = rows === "bins" && handleInvalid === "keep";
  const columns = inputs
    .map((name) => columnOf(frame, name, "vectorAssembler"))
    .map((column) => (keeps ? { ...column, encoded: column.encoded.map(keepingMissing) } : column));
  const sources = handleInvalid === "skip" ? columns.filter(({ mayMiss }) => mayMiss).map(({ source }) => source) : [];
  const skip = [...new Set(sources)].map((source): Known => ({ source, known: null }));
  return viewOf(columns, [...frame.skip, ...skip], frame.fail);
}

/** Of categories all that training did not have are missing, as a value past the last is to bins, and as rows must be that are scored. */
const keepingMissing = (one: ViewColumn): ViewColumn => ({
  ...one,
  take: one.take.kind === "index" ? { ...one.take, other: null } : one.take,
  keepsMissing: true,
});

/** Without an assembler every column at the end is in the view. InputError when one still holds strings. */
export function traceAll(frame: Frame<Trace>): void {
  const strings = [...frame.columns.values()].filter(({ kind }) => kind === "string").map(({ name }) => name);
  if (strings.length > 0) {
    throw new InputError(
      `features must leave no column of strings, got ${strings.join(", ")}; encode or exclude them, or name the wanted columns in a vectorAssembler`,
    );
  }
}

/** InputError for a view without columns. */
export function viewOf(columns: readonly FrameColumn[], skipWhere: readonly Known[], failWhere: readonly Known[]): View {
  const encoded = distinctNames(columns.flatMap((column) => column.encoded));
  if (encoded.length === 0) throw new InputError("features must give at least one column, got none that varies in the training rows");
  return { columns: encoded, skipWhere, failWhere };
}

/** Coefficients are known by name: of two columns of one name the later becomes `name (2)`. */
function distinctNames(columns: readonly ViewColumn[]): ViewColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column.name;
    for (let n = 2; taken.has(name); n++) name = `${column.name} (${n})`;
    taken.add(name);
    return name === column.name ? column : { ...column, name };
  });
}

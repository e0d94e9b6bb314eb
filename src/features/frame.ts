/** Columns by name between two stages: first what is known of each without looking at data, then how it is encoded. */
import type { ColumnType } from "../data/columns.ts";
import { InputError } from "../ports/errors.ts";
import { raw } from "./expression.ts";
import type { Known, ViewColumn } from "./view.ts";

/** What a stage may ask of a column before anything is fitted. */
export interface Trace {
  readonly name: string;
  /** Column of the dataset that it is computed from, and its type there. */
  readonly source: string;
  readonly sourceType: ColumnType;
  /** A number, a string, the index of a category, or a column of zeros and ones for each category. */
  readonly kind: "number" | "string" | "index" | "indicators";
  /** Shifted or scaled: its numbers are no longer those of the dataset. */
  readonly scaled: boolean;
  /** A row that reaches it can have no value. */
  readonly mayMiss: boolean;
}

export interface FrameColumn extends Trace {
  /** Kind string: what a missing value counts as, or null. */
  readonly missingAs: string | null;
  /** Every other kind: the encoded columns that it stands for. */
  readonly encoded: readonly ViewColumn[];
}

export interface Frame<C extends Trace = FrameColumn> {
  /** In the order in which they appeared; a column written in place keeps its place. */
  readonly columns: ReadonlyMap<string, C>;
  /** Dataset columns whose missing values are skipped: what follows is fitted on rows where all of them have one. */
  readonly present: readonly string[];
  readonly skip: readonly Known[];
  readonly fail: readonly Known[];
}

export interface DatasetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export function startFrame(columns: readonly DatasetColumn[]): Frame {
  return { columns: new Map(columns.map((column) => [column.name, startColumn(column)])), present: [], skip: [], fail: [] };
}

function startColumn({ name, type }: DatasetColumn): FrameColumn {
  const trace = { name, source: name, sourceType: type, scaled: false, mayMiss: true, missingAs: null };
  if (type === "string") return { ...trace, kind: "string", encoded: [] };
  return { ...trace, kind: "number", encoded: [raw(name, name, { kind: "number" })] };
}

export function columnOf<C extends Trace>(frame: Frame<C>, name: string, stage: string): C {
  const column = frame.columns.get(name);
  if (column === undefined)
    throw new InputError(`${stage} inputs must be columns at that stage (${[...frame.columns.keys()].join(", ")}), got ${name}`);
  return column;
}

export function withColumns<C extends Trace>(frame: Frame<C>, columns: readonly C[]): Frame<C> {
  return { ...frame, columns: new Map([...frame.columns, ...columns.map((column) => [column.name, column] as const)]) };
}

/** The encoded columns under the name of an output: `age`, `city=Rome`. */
export function renamed(column: FrameColumn, output: string): readonly ViewColumn[] {
  return column.encoded.map((encoded) => ({ ...encoded, name: output + encoded.name.slice(column.name.length) }));
}

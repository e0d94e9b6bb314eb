/** Typed columns: what loading makes of a source, and what every later round reads. */

export type NumberValues = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/**
 * Numbers in the narrowest type that holds all of them exactly. NaN is a missing value, so integer arrays have none missing.
 * A `date` counts days since 1970-01-01 UTC, with a fraction for the time of day.
 */
export interface NumberColumn {
  readonly type: "number" | "date";
  readonly values: NumberValues;
}

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Strings as codes into a dictionary; the code `dictionary.length` is a missing value. Truth values are the strings `false` and `true`. */
export interface StringColumn {
  readonly type: "string";
  readonly codes: Codes;
  readonly dictionary: readonly string[];
}

export type Column = NumberColumn | StringColumn;
export type ColumnType = Column["type"];

/** Consecutive rows as columns of equal length, in the order of the source. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Rows of a part at most; a power of two, so that part ranges stay aligned when tables are wide. */
export const MAX_PART_ROWS = 131_072;

/** Rows of a part for a table of so many columns: a part's columns fill 64 MiB at most as float64, so that one fits a small function. */
export function partRows(columns: number): number {
  let rows = MAX_PART_ROWS;
  while (rows > 1_024 && rows * columns * 8 > 64 * 2 ** 20) rows /= 2;
  return rows;
}

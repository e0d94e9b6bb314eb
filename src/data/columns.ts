/** Typed columns: what loading makes of a source, and what every later round reads. */
import { type Decimals, toFloat64 } from "../kernels/decimals.ts";

export type NumberValues = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/**
 * Numbers in the narrowest type that holds all of them exactly. NaN is a missing value, so integer arrays have none missing.
 * A `date` counts days since 1970-01-01 UTC, with a fraction for the time of day.
 */
export interface NumberColumn {
  readonly type: "number" | "date";
  readonly values: NumberValues;
  /**
   * The same numbers as decimals, where they are stored so; `values` are then made of them when they are asked for. Hidden from copies of
   * the column with other values.
   */
  readonly decimals?: Decimals;
}

/** The numbers as they are stored. */
export const storedNumbers = (column: NumberColumn): NumberValues | Decimals => column.decimals ?? column.values;

/** Its `values` are made anew once nobody holds them any more: kept, they would take several times the memory of the decimals. */
export function decimalColumn(decimals: Decimals): NumberColumn {
  let made: WeakRef<Float64Array> | undefined;
  const column = {
    type: "number" as const,
    get values() {
      const known = made?.deref();
      if (known !== undefined) return known;
      const values = toFloat64(decimals);
      made = new WeakRef(values);
      return values;
    },
  };
  return Object.defineProperty(column, "decimals", { value: decimals });
}

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Whether some row has this code. Bytes are searched by the C library, in a thirtieth of the time. */
export const hasCode = (codes: Codes, code: number): boolean =>
  codes instanceof Uint8Array
    ? code <= 0xff && Buffer.from(codes.buffer, codes.byteOffset, codes.length).includes(code)
    : codes.includes(code);

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

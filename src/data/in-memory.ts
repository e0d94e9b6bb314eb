/** Data that a program holds in memory, rows or an Arrow table, as the bytes of a Parquet file, which then is a source like any other. */
import { parquetWriteBuffer } from "hyparquet-writer";
import { InputError } from "../ports/errors.ts";

/** A Date: milliseconds since 1970-01-01 UTC. */
interface Moment {
  getTime(): number;
}

/** null, undefined and NaN are missing values. A truth value becomes the text `true` or `false`. */
type MemoryValue = number | bigint | string | boolean | Moment | null | undefined;

/** Columns are the keys of all rows in the order in which they first appear. */
type MemoryRow = Readonly<Record<string, MemoryValue>>;

/** What is read of a table of apache-arrow, of whatever version; columns of numbers, texts, truth values and dates. */
interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: { toString(): string } }[] };
  getChild(name: string): { get(row: number): unknown } | null;
}

export type MemoryData = readonly MemoryRow[] | ArrowTable;

/** Whether a job's `data` is the data itself rather than where it lies. */
export function isMemoryData(data: unknown): data is MemoryData {
  if (Array.isArray(data)) return data.length > 0 && data.every((row) => typeof row === "object" && row !== null && !Array.isArray(row));
  return typeof data === "object" && data !== null && "numRows" in data && "getChild" in data;
}

interface MemoryColumn {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Equal data gives equal bytes. InputError for no rows, no columns, and a value that is none of those or of another kind than the column's others. */
export function parquetOf(data: MemoryData): Uint8Array {
  const columns = "numRows" in data ? columnsOfTable(data) : columnsOfRows(data);
  if (columns.length === 0 || columns[0].values.length === 0)
    throw new InputError(`data must hold rows and columns, got ${columns[0]?.values.length ?? 0} rows and ${columns.length} columns`);
  return new Uint8Array(parquetWriteBuffer({ columnData: columns.map(written) }));
}

function columnsOfRows(rows: readonly MemoryRow[]): MemoryColumn[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map((name) => ({ name, values: rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null)) }));
}

function columnsOfTable(table: ArrowTable): MemoryColumn[] {
  return table.schema.fields.map(({ name, type }) => {
    const column = table.getChild(name);
    if (column === null) throw new InputError(`data must have the columns of its schema, got none called ${name}`);
    // Arrow keeps dates and times as numbers of milliseconds.
    const isTime = ["Date", "Timestamp"].some((kind) => String(type).startsWith(kind));
    const value = (row: number): unknown => {
      const found = column.get(row);
      return isTime && typeof found === "number" ? { getTime: () => found } : found;
    };
    return { name, values: Array.from({ length: table.numRows }, (_, row) => value(row)) };
  });
}

const kinds = ["number", "text", "date"] as const;
type Kind = (typeof kinds)[number];

function kindOf(value: unknown): Kind | null {
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "string" || typeof value === "boolean") return "text";
  return isMoment(value) ? "date" : null;
}

const isMoment = (value: unknown): value is Moment =>
  typeof value === "object" && value !== null && "getTime" in value && typeof value.getTime === "function";

const isMissing = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);

type Written = Parameters<typeof parquetWriteBuffer>[0]["columnData"][number];

/** A column without any value is one of numbers. */
function written({ name, values }: MemoryColumn): Written {
  const first = values.find((value) => !isMissing(value));
  const kind = first === undefined ? "number" : kindOf(first);
  const row = values.findIndex((value) => !isMissing(value) && (kind === null || kindOf(value) !== kind));
  if (row >= 0) throw new InputError(`data row ${row}: ${name} must be a ${kind ?? kinds.join(", ")}, got ${shown(values[row])}`);
  if (kind === "number") return { name, data: Float64Array.from(values, (value, i) => numberOf(name, value, i)), type: "DOUBLE" };
  if (kind === "date") return { name, data: values.map((value, i) => dateOf(name, value, i)), type: "TIMESTAMP" };
  return { name, data: values.map((value) => (isMissing(value) ? null : String(value))), type: "STRING" };
}

function numberOf(name: string, value: unknown, row: number): number {
  if (isMissing(value)) return Number.NaN;
  const number = Number(value);
  if (typeof value === "bigint" && BigInt(number) !== value)
    throw new InputError(`data row ${row}: ${name} must be a number that float64 holds, got ${value}n`);
  return number;
}

function dateOf(name: string, value: unknown, row: number): number | null {
  if (!isMoment(value)) return null;
  const millis = value.getTime();
  if (!Number.isFinite(millis)) throw new InputError(`data row ${row}: ${name} must be a valid date, got an invalid one`);
  return Math.floor(millis);
}

/** The beginning of a value as a program writes it. */
function shown(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

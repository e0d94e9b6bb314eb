/** One value of a row from JSON or a form, as the column of the dataset would hold it. */
import type { ColumnType } from "../data/columns.ts";
import { parseDate } from "../data/parquet/parse.ts";
import { InputError } from "../ports/errors.ts";

/** A Date: milliseconds since 1970-01-01 UTC. */
interface Moment {
  getTime(): number;
}

/** Dates are Date objects, ISO 8601 texts, or days since 1970-01-01 UTC. Null is missing. */
export type RowValue = string | number | boolean | Moment | null;

/**
 * Reads a value of this column: text or null for a column of strings, otherwise a number or NaN. `missing` are the texts that the job
 * takes for missing values; a number among them stands for its other spellings too, as in a CSV file. InputError for an absent value
 * and one of another type, because a number in quotes would be a guess.
 */
export function sourceReader(
  name: string,
  type: string | undefined,
  missing: readonly string[],
): (value: RowValue | undefined) => string | number | null {
  const missingTexts = new Set(missing);
  const missingNumbers = new Set(missing.filter((text) => text.trim() !== "").map(Number));
  const isMissing = (value: RowValue): boolean =>
    value === null ||
    (typeof value === "string"
      ? missingTexts.has(value.trim())
      : typeof value === "number" && (Number.isNaN(value) || missingNumbers.has(value)));
  const read = readers[type as ColumnType];
  if (read === undefined) throw new InputError(`model must tell the type of its column ${name}, got ${type}`);
  return (value) => {
    if (value === undefined) throw new InputError(`row must have a value of column ${name}, got none; a missing one is null`);
    if (isMissing(value)) return type === "string" ? null : Number.NaN;
    const found = read.value(value);
    if (found === undefined) throw new InputError(`row.${name} must be ${read.rule} or null, got ${JSON.stringify(value)}`);
    return found;
  };
}

interface Reader {
  readonly rule: string;
  /** Undefined for a value of another type. */
  value(value: RowValue): string | number | undefined;
}

const finite = (value: RowValue): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

const readers: Readonly<Record<ColumnType, Reader>> = {
  number: { rule: "a finite number", value: finite },
  // Truth values are the strings `false` and `true` in the dataset.
  string: { rule: "a string", value: (value) => (typeof value === "string" || typeof value === "boolean" ? String(value) : undefined) },
  date: {
    rule: "an ISO 8601 date",
    value: (value) => {
      if (typeof value === "object" && value !== null) return finite(value.getTime() / 86_400_000);
      if (typeof value !== "string") return finite(value);
      const days = parseDate(value.trim());
      return Number.isNaN(days) ? undefined : days;
    },
  },
};

import { InputError } from "../../ports/errors.ts";
import { repeated } from "../repeated.ts";
import type { CsvDialect } from "./dialect.ts";
import { bareReturn, splitRows } from "./fields.ts";

/** The names that a row of names gives: an empty one becomes `c` and its position. InputError when one comes twice or is not UTF-8. */
export function columnNames(fields: readonly string[]): string[] {
  const names = fields.map((field, i) => field || `c${i}`);
  const broken = names.find((name) => name.includes("\ufffd"));
  if (broken !== undefined) throw new InputError(`the header must be UTF-8 text, got ${JSON.stringify(broken)} (save the file as UTF-8)`);
  const twice = repeated(names);
  if (twice !== undefined) {
    const unnamed = fields.findIndex((field, i) => field === "" && names[i] === twice);
    const why = unnamed < 0 ? "" : ` (column ${unnamed + 1} has no name and is called by its place)`;
    throw new InputError(`the header must name every column once, got ${JSON.stringify(twice)} twice${why}`);
  }
  return names;
}

/** InputError for the beginning of an object, or a row of it, whose lines end in CR alone, as on old Macs: it would be a single row. */
export function checkLineEnds(key: string, text: Uint8Array): void {
  const at = bareReturn(text);
  if (at < 0) return;
  throw new InputError(`${key}: lines must end in LF or CR LF, got CR alone at byte ${at}; convert the file: tr '\\r' '\\n' < OLD > NEW`);
}

function namesOf(key: string, fields: readonly string[]): string[] {
  try {
    return columnNames(fields);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${key}: ${error.message}`, { cause: error }) : error;
  }
}

/** InputError when the first row of an object names other columns than the source has; a blank line answers false. */
export function checkHeader(key: string, row: Uint8Array, dialect: CsvDialect): boolean {
  checkLineEnds(key, row);
  const [fields] = splitRows(new TextDecoder().decode(row), dialect.separator, 1);
  if (fields === undefined) return false;
  const names = namesOf(key, fields);
  if (names.length !== dialect.names.length || names.some((name, i) => name !== dialect.names[i])) {
    throw new InputError(`${key}: the header must be ${JSON.stringify(dialect.names)} as in the first file, got ${JSON.stringify(names)}`);
  }
  return true;
}

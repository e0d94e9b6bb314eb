/** What is wrong with a job, and where: the one form in which every check reports, and the one way in which it is shown. */
import { InputError } from "../ports/errors.ts";

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** The rule and what was found: `must be a number >= 0, got -1`. */
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly of?: "key";
}

/** The place of the value (or the key) at a path, `churn.yaml:7:12`; without a file, whatever names it to the user. */
export type Where = (path: string, of?: "key" | "value") => string;

/** `["features", 0, "imputer"]` is `features[0].imputer`; the whole is `job`. */
export function pathText(path: Path): string {
  if (path.length === 0) return "job";
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

/** What was found, short enough for a message. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** The value at a path of plain data; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path)
    value = typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  return value;
}

/** One error of all problems, one a line. */
export const problemsError = (problems: readonly Problem[], where: Where): InputError =>
  new InputError(placedLines(problems, where, true).join("\n"));

/** `churn.yaml:7:12: message`, in the order of the file; `named`: the path stands before the message. */
export function placedLines(problems: readonly Problem[], where: Where, named: boolean): string[] {
  const lines = problems.map(({ path, message, of }) => ({
    place: where(pathText(path), of),
    text: named ? `${pathText(path)} ${message}` : message,
  }));
  lines.sort((a, b) => comparePlaces(a.place, b.place));
  return lines.map(({ place, text }) => `${place}: ${text}`);
}

/** By line, then column; places without them keep their order. */
function comparePlaces(a: string, b: string): number {
  const [lineA, columnA] = a.split(":").slice(-2).map(Number);
  const [lineB, columnB] = b.split(":").slice(-2).map(Number);
  return lineA - lineB || columnA - columnB || 0;
}

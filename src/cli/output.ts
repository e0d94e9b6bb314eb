/** Where a command writes: results to standard output, everything else to standard error. */
import { relative } from "node:path";

/** The result as JSON for programs, or as text for people. */
export function printResult(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}

export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export function sayNotes(notes: readonly string[]): void {
  for (const note of notes) say(`note: ${note}`);
}

/** A path below the working folder as the user would type it, any other in full. */
export function shown(path: string): string {
  if (path.startsWith("s3://")) return path;
  const below = relative(".", path);
  return below === "" || below.startsWith("..") ? path : below;
}

/** Where a command writes: results to standard output, everything else to standard error. */

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

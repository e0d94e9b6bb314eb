/**
 * An error that fits where it is told: Step Functions keeps 32,768 letters of a cause, a state holds 256 KiB and a message to a queue as much,
 * and a message that lists the columns of a wide table passes them all.
 */
const MOST_LETTERS = 8_000;

/** The same error, its message cut in the middle where it is longer than 8,000 letters: what is wrong stands first, what to do last. */
export function brief(error: unknown): unknown {
  if (!(error instanceof Error) || error.message.length <= MOST_LETTERS) return error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const end = MOST_LETTERS / 4;
  const left = error.message.length - MOST_LETTERS;
  error.message = `${error.message.slice(0, MOST_LETTERS - end)} … (${left} letters left out) … ${error.message.slice(-end)}`;
  error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
  return error;
}

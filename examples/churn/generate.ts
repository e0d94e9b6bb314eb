/** Prints a table of customers: `node examples/churn/generate.ts --rows 2000 --seed 7 > examples/churn/table.csv`. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { customers, HEADER } from "./table.ts";

const ROWS_PER_CHUNK = 10_000;

/** A chunk waits until the one before is written, so any number of rows fits in memory. */
function* csv(rows: number, seed: number): Generator<string> {
  yield `${HEADER}\n`;
  const customer = customers(seed);
  for (let first = 0; first < rows; first += ROWS_PER_CHUNK) {
    const count = Math.min(ROWS_PER_CHUNK, rows - first);
    yield Array.from({ length: count }, (_, i) => `${customer(first + i)}\n`).join("");
  }
}

function options(): { rows: number; seed: number } {
  const { values } = parseArgs({ options: { rows: { type: "string", default: "2000" }, seed: { type: "string", default: "7" } } });
  return { rows: wholeNumber("--rows", values.rows, Number.MAX_SAFE_INTEGER), seed: wholeNumber("--seed", values.seed, 4_294_967_295) };
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) throw new TypeError(`${option} must be a whole number from 0 to ${most}, got ${text}`);
  return value;
}

try {
  const { rows, seed } = options();
  await pipeline(Readable.from(csv(rows, seed)), process.stdout);
} catch (error) {
  if (error instanceof TypeError) {
    console.error(error.message);
    process.exitCode = 2;
    // The reader may have seen enough: `| head`.
  } else if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
}

/** The rows of every class by part: what places a row of a stratified split among all rows of its class. An object of the run, read by its tasks. */
import type { ObjectStore } from "../../ports/object-store.ts";
import { decode, encode } from "../codec.ts";
import type { Strata } from "./split.ts";

/** Rows that stratification ranks in one part, by class text. */
export interface PartClasses {
  readonly part: number;
  readonly classes: readonly string[];
  readonly rows: readonly number[];
}

export interface StrataTable {
  readonly classes: readonly string[];
  /** Rows of each class in all parts before a part: a row of the table for each part, a column for each class. */
  readonly before: Float64Array;
  readonly totals: Float64Array;
}

/** The table of a whole dataset; `parts` in the order of the parts. */
export function strataTable(parts: readonly PartClasses[]): StrataTable {
  const classes = [...new Set(parts.flatMap((part) => part.classes))].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(classes.map((text, k) => [text, k]));
  const totals = new Float64Array(classes.length);
  const before = new Float64Array(parts.length * classes.length);
  parts.forEach((part, p) => {
    before.set(totals, p * classes.length);
    part.classes.forEach((text, i) => {
      totals[places.get(text) as number] += part.rows[i];
    });
  });
  return { classes, before, totals };
}

/** What the split of one part needs; `labels` are the places of its rows' classes in the table's. */
export function strataOf({ classes, before, totals }: StrataTable, part: number, labels: ArrayLike<number>): Strata {
  return { classes: labels, before: before.subarray(part * classes.length, (part + 1) * classes.length), totals };
}

const strataKey = (run: string): string => `runs/${run}/strata`;

export async function writeStrata(store: ObjectStore, run: string, table: StrataTable): Promise<void> {
  await store.write(strataKey(run), encode(table));
}

export async function readStrata(store: ObjectStore, run: string): Promise<StrataTable> {
  return decode<StrataTable>(await store.read(strataKey(run)));
}

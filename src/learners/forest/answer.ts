/** What parts answer to a round of growing: exact sums, and rows, in whatever order they merge. */
import { add } from "../boosting/growing/sums.ts";
import { joinTreeRows, type TreeRows } from "./rows.ts";

export interface GrowAnswer {
  readonly kind: "grow";
  /** By tree asked and node; empty for no rows. Those of numbers of two bytes lie by themselves. */
  cells: Uint32Array | Float64Array;
  halves: Uint16Array;
  /** Rows of the nodes whose rows are asked for, by tree and node; empty for no rows. */
  whole: TreeRows[];
  /** Parts whose carry was lost. */
  lost: number;
}

export const emptyAnswer = (): GrowAnswer => ({ kind: "grow", cells: new Float64Array(0), halves: new Uint16Array(0), whole: [], lost: 0 });

export function mergeAnswers(into: GrowAnswer, other: GrowAnswer): void {
  into.cells = added(into.cells, other.cells);
  into.halves = added(into.halves, other.halves);
  addWhole(into, other.whole);
  into.lost += other.lost;
}

/** Into the first, unless that is of no rows. */
function added<T extends Uint16Array | Uint32Array | Float64Array>(into: T, from: T): T {
  if (into.length === 0) return from.slice() as T;
  if (into instanceof Float64Array) add(into, from as Float64Array);
  else if (into instanceof Uint32Array) addWords(into, from as Uint32Array);
  else addHalves(into, from as Uint16Array);
  return into;
}

function addWords(into: Uint32Array, from: Uint32Array): void {
  for (let i = 0; i < from.length; i++) into[i] += from[i];
}

/** Two at a time: no sum is above 16 bits, so none carries into its neighbour. */
function addHalves(into: Uint16Array, from: Uint16Array): void {
  const words = ({ buffer, byteOffset, length }: Uint16Array) => new Uint32Array(buffer, byteOffset, length >>> 1);
  addWords(words(into), words(from));
  if (from.length % 2 === 1) into[from.length - 1] += from[from.length - 1];
}

export function addWhole(into: GrowAnswer, rows: readonly TreeRows[]): void {
  if (into.whole.length === 0) into.whole = [...rows];
  else if (rows.length > 0) into.whole = into.whole.map((own, i) => joinTreeRows(own, rows[i]));
}

/** What parts answer to a round of growing: exact sums, and rows, in whatever order they merge. */
import type { Cells } from "./histogram.ts";
import { joinTreeRows, type TreeRows } from "./rows.ts";

export interface GrowAnswer {
  readonly kind: "grow";
  /** By tree asked and node; empty for no rows. */
  cells: Cells;
  /** Rows of the nodes whose rows are asked for, by tree and node; empty for no rows. */
  whole: TreeRows[];
  /** Parts whose carry was lost. */
  lost: number;
}

export const emptyAnswer = (): GrowAnswer => ({ kind: "grow", cells: new Float64Array(0), whole: [], lost: 0 });

export function mergeAnswers(into: GrowAnswer, other: GrowAnswer): void {
  if (into.cells.length === 0) into.cells = other.cells.slice();
  else {
    const [own, from] = [into.cells, other.cells];
    for (let i = 0; i < from.length; i++) own[i] += from[i];
  }
  addWhole(into, other.whole);
  into.lost += other.lost;
}

export function addWhole(into: GrowAnswer, rows: readonly TreeRows[]): void {
  if (into.whole.length === 0) into.whole = [...rows];
  else if (rows.length > 0) into.whole = into.whole.map((own, i) => joinTreeRows(own, rows[i]));
}

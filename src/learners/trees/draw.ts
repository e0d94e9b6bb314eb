/** Random columns and rows, by hash: the same for whoever draws. */
import { hashRow } from "../../kernels/hash.ts";
import type { Part } from "../learner.ts";

/** The share of the columns with the lowest hashes, at least one, ascending. */
export function drawColumns(columns: readonly number[], share: number, key: number): readonly number[] {
  if (share >= 1) return columns;
  const count = Math.max(1, Math.ceil(share * columns.length));
  const drawn = columns.map((column) => [hashRow(key, column), column]).sort(([a, i], [b, j]) => a - b || i - j);
  return drawn
    .slice(0, count)
    .map(([, column]) => column)
    .sort((a, b) => a - b);
}

/** Rows whose hash is below. */
export interface Drawn {
  readonly seed: number;
  readonly below: number;
}

/** Whether a row of the part is drawn, each by itself. */
export const drawnIn =
  ({ firstRow }: Part, { seed, below }: Drawn) =>
  (row: number): boolean =>
    hashRow(seed, firstRow + row) < below;

/** Whether a row of the part is drawn to be judged by: rows that belong together all are, or none is. */
export function heldIn(part: Part, drawn: Drawn): (row: number) => boolean {
  const { groupHashes } = part;
  return groupHashes === null ? drawnIn(part, drawn) : (row) => hashRow(drawn.seed, groupHashes[row]) < drawn.below;
}

/** Hashes below which a row is in a share of all. */
export const belowOf = (share: number): number => Math.floor(share * 2 ** 32);

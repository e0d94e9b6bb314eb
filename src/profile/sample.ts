/** A sample of rows that does not depend on parts: of every so many consecutive rows of the dataset one, drawn by hash. */
import { hashRow } from "../kernels/hash.ts";

const SEED = 0x5a3b1e;

/** Offsets of the sampled rows of a part; `most` of `total` rows of the dataset about, all where there are no more. Ascending. */
export function sampledRows(firstRow: number, rows: number, total: number, most: number): Uint32Array {
  const stride = Math.max(1, Math.ceil(total / Math.max(1, most)));
  const chosen: number[] = [];
  for (let stratum = Math.floor(firstRow / stride); stratum * stride < firstRow + rows; stratum++) {
    const offset = stratum * stride + (hashRow(SEED, stratum) % stride) - firstRow;
    if (offset >= 0 && offset < rows) chosen.push(offset);
  }
  return Uint32Array.from(chosen);
}

/** Those that are in one of the groups, each ascending. */
export function rowsInGroups(rows: Uint32Array, groups: readonly Uint32Array[]): Uint32Array {
  return rows.filter((row) => groups.some((group) => holds(group, row)));
}

function holds(group: Uint32Array, row: number): boolean {
  let [from, to] = [0, group.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (group[middle] < row) from = middle + 1;
    else to = middle;
  }
  return group[from] === row;
}

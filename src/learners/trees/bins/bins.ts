/** Rows as bins in kernel memory: one byte a column, row by row, with label, weight and place in the part beside them. */
import { float64, type Kernels, uint8, uint32 } from "../../../kernels/kernels.ts";
import type { BinnedRows, Block, ColumnCuts, Cuts } from "../../learner.ts";
import { PLANE_BYTES, placePlane, placeThresholds } from "../ensemble/planes.ts";
import { PLANES } from "../ensemble/runs.ts";

/** Bins of a column, that of missing values among them and last. */
export const binsOf = (column: ColumnCuts): number => (column.kind === "numbers" ? column.cuts.length + 2 : column.bins + 1);

export function binnedBytes(rows: number, columns: number): number {
  return layout(rows, columns).bytes;
}

function layout(rows: number, columns: number) {
  // Kernels read four bins at a time, up to three bytes past the end.
  const label = 16 * Math.ceil((rows * columns + 4) / 16);
  const weight = label + 8 * rows;
  const index = weight + 8 * rows;
  return { label, weight, index, bytes: index + 4 * rows };
}

/** Fills the memory at the address with the rows of the blocks. */
export function binRows(k: Kernels, address: number, rows: number, cuts: Cuts, blocks: Iterable<Block>): BinnedRows {
  const columns = cuts.columns.length;
  const places = layout(rows, columns);
  const [label, weight, index] = [address + places.label, address + places.weight, address + places.index];
  const mark = k.mark();
  const tables = cuts.columns.map((column) => placeCuts(k, column));
  let start = 0;
  for (const block of blocks) {
    cuts.columns.forEach((column, j) => {
      const x = block.x + 8 * j * block.stride;
      const out = address + start * columns + j;
      const missing = binsOf(column) - 1;
      if (column.kind === "numbers") k.binNumbers(x, block.rows, tables[j], missing, out, columns);
      else k.binCategories(x, block.rows, tables[j], column.codes.length, missing, out, columns);
    });
    float64(k, label + 8 * start, block.rows).set(float64(k, block.label, block.rows));
    float64(k, weight + 8 * start, block.rows).set(float64(k, block.weight, block.rows));
    uint32(k, index + 4 * start, block.rows).set(uint32(k, block.index, block.rows));
    start += block.rows;
  }
  k.release(mark);
  return { rows, columns, bins: address, label, weight, index };
}

function placeCuts(k: Kernels, column: ColumnCuts): number {
  if (column.kind === "categories") {
    const address = k.claim(column.codes.length);
    uint8(k, address, column.codes.length).set(column.codes);
    return address;
  }
  const plane = k.claim(PLANE_BYTES);
  placePlane(k, plane, PLANES.above, 0, placeThresholds(k, column.cuts));
  return plane;
}

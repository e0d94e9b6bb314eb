/** Tables that stand for larger ones: the same columns and as many cuts, fewer rows. */
import { hashRow } from "../../src/kernels/hash.ts";

/** Numbers with a label that leans on the first of them, as CSV; the same for the same sizes. */
export function denseCsv(rows: number, columns: number): Uint8Array {
  const seeds = Array.from({ length: columns + 1 }, (_, column) => hashRow(7, column));
  const uniform = (column: number, row: number): number => hashRow(seeds[column], row) / 4_294_967_296;
  const lines = [[...Array.from({ length: columns }, (_, column) => `x${column}`), "y"].join(",")];
  for (let row = 0; row < rows; row++) {
    const values = Array.from({ length: columns }, (_, column) => uniform(column, row));
    const margin = 2 * (values[0] + values[1] - values[2]) - 1;
    const label = uniform(columns, row) * (1 + Math.exp(-margin)) < 1 ? 1 : 0;
    lines.push(`${values.map((value) => value.toFixed(5)).join(",")},${label}`);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

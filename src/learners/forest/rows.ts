/** Training rows as bins, brought together where trees grow: what a part answers, in the order of the dataset. */
import { float64, uint8, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Part } from "../learner.ts";

export interface GatheredRows {
  readonly kind: "rows";
  readonly columns: number;
  /** Row by row. */
  bins: Uint8Array;
  label: Float64Array;
  weight: Float64Array;
  /** Numbers of the rows in the dataset. */
  row: Float64Array;
}

export const noRows = (columns: number): GatheredRows => ({
  kind: "rows",
  columns,
  bins: new Uint8Array(0),
  label: new Float64Array(0),
  weight: new Float64Array(0),
  row: new Float64Array(0),
});

/** Rows of weight 0 stay out. */
export function addBinned(into: GatheredRows, part: Part, { rows, columns, bins, label, weight, index }: BinnedRows): void {
  const k = part.heap.kernels;
  const weights = float64(k, weight, rows);
  const kept = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => weights[i] > 0);
  const [labels, places, own] = [float64(k, label, rows), uint32(k, index, rows), uint8(k, bins, rows * columns)];
  const found = new Uint8Array(kept.length * columns);
  kept.forEach((from, i) => {
    for (let j = 0; j < columns; j++) found[i * columns + j] = own[from * columns + j];
  });
  addRows(into, {
    bins: found,
    label: Float64Array.from(kept, (i) => labels[i]),
    weight: Float64Array.from(kept, (i) => weights[i]),
    row: Float64Array.from(kept, (i) => part.firstRow + places[i]),
  });
}

export function addRows(into: GatheredRows, { bins, label, weight, row }: Pick<GatheredRows, "bins" | "label" | "weight" | "row">): void {
  into.bins = joined(into.bins, bins, (n) => new Uint8Array(n));
  into.label = joined(into.label, label, (n) => new Float64Array(n));
  into.weight = joined(into.weight, weight, (n) => new Float64Array(n));
  into.row = joined(into.row, row, (n) => new Float64Array(n));
}

function joined<T extends Uint8Array | Float64Array>(a: T, b: T, make: (n: number) => T): T {
  const both = make(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** In the order of the dataset; folds of a part come one after another. */
export function inOrder(rows: GatheredRows): GatheredRows {
  const { row, columns } = rows;
  if (row.every((own, i) => i === 0 || row[i - 1] < own)) return rows;
  const order = Uint32Array.from({ length: row.length }, (_, i) => i).sort((a, b) => row[a] - row[b]);
  const bins = new Uint8Array(rows.bins.length);
  order.forEach((from, i) => {
    bins.set(rows.bins.subarray(from * columns, (from + 1) * columns), i * columns);
  });
  const of = (values: Float64Array): Float64Array => Float64Array.from(order, (i) => values[i]);
  return { kind: "rows", columns, bins, label: of(rows.label), weight: of(rows.weight), row: of(row) };
}

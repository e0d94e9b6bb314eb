/** Rows as bins, brought together where trees grow: those of a small table, or those of a tree in one small node. */
import { float64, uint8, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Part } from "../learner.ts";
import { type Rows, rounding } from "./rules.ts";

/** Rows of a table in whatever order they came; `row` is their number in the dataset. */
export interface GatheredRows {
  readonly kind: "rows";
  readonly columns: number;
  /** Row by row. */
  bins: Uint8Array;
  label: Float64Array;
  weight: Float64Array;
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
  const [labels, places] = [float64(k, label, rows), uint32(k, index, rows)];
  addRows(into, {
    bins: pickBins(uint8(k, bins, rows * columns), columns, kept),
    label: Float64Array.from(kept, (i) => labels[i]),
    weight: Float64Array.from(kept, (i) => weights[i]),
    row: Float64Array.from(kept, (i) => part.firstRow + places[i]),
  });
}

export function pickBins(bins: Uint8Array, columns: number, rows: ArrayLike<number>): Uint8Array {
  const picked = new Uint8Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * columns;
    for (let j = 0; j < columns; j++) picked[i * columns + j] = bins[from + j];
  }
  return picked;
}

export function addRows(into: GatheredRows, { bins, label, weight, row }: Pick<GatheredRows, "bins" | "label" | "weight" | "row">): void {
  into.bins = joined(into.bins, bins);
  into.label = joined(into.label, label);
  into.weight = joined(into.weight, weight);
  into.row = joined(into.row, row);
}

/** Rows that a tree drew: what each adds to its node, its draws among it. */
export interface TreeRows {
  readonly columns: number;
  readonly bins: Uint8Array;
  /** Class, or draws * weight * (value - centre). */
  readonly value: Float64Array;
  /** Draws * weight. */
  readonly weight: Float64Array;
  readonly draws: Uint8Array;
}

export const noTreeRows = (columns: number): TreeRows => ({
  columns,
  bins: new Uint8Array(0),
  value: new Float64Array(0),
  weight: new Float64Array(0),
  draws: new Uint8Array(0),
});

export const joinTreeRows = (a: TreeRows, b: TreeRows): TreeRows => ({
  columns: b.columns,
  bins: joined(a.bins, b.bins),
  value: joined(a.value, b.value),
  weight: joined(a.weight, b.weight),
  draws: joined(a.draws, b.draws),
});

/** Weights, and class or weight * (label - centre), of rows drawn once. */
export function valuesOf(label: Float64Array, weight: Float64Array, rules: Rows): { value: Float64Array; weight: Float64Array } {
  const { kind, centre, quanta } = rules;
  const roundWeight = rounding(quanta.weight);
  const weights = kind === "counts" ? weight.slice() : weight.map(roundWeight);
  if (kind !== "pairs") return { value: label.slice(), weight: weights };
  const roundValue = rounding(quanta.value);
  return { value: label.map((own, i) => roundValue(weight[i] * (own - centre))), weight: weights };
}

function joined<T extends Uint8Array | Float64Array>(a: T, b: T): T {
  if (a.length === 0) return b;
  const both = (a instanceof Uint8Array ? new Uint8Array(a.length + b.length) : new Float64Array(a.length + b.length)) as T;
  both.set(a);
  both.set(b, a.length);
  return both;
}

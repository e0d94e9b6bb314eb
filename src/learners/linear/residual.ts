/** What a refinement round asks of a part: how the present coefficients miss, row by row. */
import { kernels } from "../../kernels/kernels.ts";
import { labelsOf, valuesOf, weightsOf } from "../block-values.ts";
import type { SourceLine } from "../encoding.ts";
import type { Block } from "../learner.ts";
import { addDot, addPairs, addProducts } from "./exact-residual.ts";

export interface Residual {
  readonly kind: "residual";
  /** Pairs hi + lo of sum w x r for each column, and sum w r last. */
  readonly hi: Float64Array;
  readonly lo: Float64Array;
  /** Sum of w r^2. */
  squares: number;
}

export function emptyResidual(columns: number): Residual {
  return { kind: "residual", hi: new Float64Array(columns + 1), lo: new Float64Array(columns + 1), squares: 0 };
}

/** Adds the rows of a block in source units: r = y - intercept - sum_j x_j c_j. */
export function addResidual(into: Residual, block: Block, line: SourceLine): void {
  const k = kernels();
  const { rows, columns } = block;
  const weight = weightsOf(k, block);
  const hi = labelsOf(k, block).slice();
  const lo = new Float64Array(rows);
  addProducts(hi, lo, new Float64Array(rows).fill(1), -line.intercept);
  for (let j = 0; j < columns; j++) addProducts(hi, lo, valuesOf(k, block, j), -line.coefficients[j]);
  const missed = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const r = hi[i] + lo[i];
    missed[i] = weight[i] * r;
    into.squares += missed[i] * r;
  }
  for (let j = 0; j < columns; j++) addDot(into.hi, into.lo, j, valuesOf(k, block, j), missed);
  addPairs(
    into.hi.subarray(columns),
    into.lo.subarray(columns),
    Float64Array.of(missed.reduce((sum, value) => sum + value, 0)),
    new Float64Array(1),
  );
}

export function mergeResidual(into: Residual, other: Residual): void {
  addPairs(into.hi, into.lo, other.hi, other.lo);
  into.squares += other.squares;
}

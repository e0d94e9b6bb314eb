/** Predictions of the rows that a forest was trained on, from their bins, which parts have in kernel memory: no row is encoded again. */
import type { View } from "../../features/view.ts";
import { float64 } from "../../kernels/kernels.ts";
import type { Cuts, Part, TrainedRows } from "../learner.ts";
import { addBinned } from "../trees/ensemble/binned.ts";
import { linkSums } from "../trees/ensemble/link.ts";
import type { Ensemble } from "../trees/tree.ts";
import { carryName } from "./part.ts";
import type { ForestState } from "./state.ts";

export interface TrainedBody {
  /** Of the carries. */
  readonly name: string;
  readonly cuts: Cuts;
}

/** Of a finished candidate of one output. Where rows came together, parts have no bins. */
export function trainedBody({ candidate: { id, classes }, cuts }: ForestState): TrainedBody | null {
  return cuts === null || classes.length > 2 ? null : { name: `${id}`, cuts };
}

/** Predictions, labels and weights, more than the votes of trees take; see `Cost.judged`. */
export const TRAINED_COST = { rowBytes: 24, rows: Number.POSITIVE_INFINITY };

export function trainedRows(
  part: Part,
  view: View,
  folds: readonly number[],
  { name, cuts }: TrainedBody,
  { trees, link }: Ensemble,
  each: (rows: TrainedRows) => void,
): boolean {
  // A part that has lost its carries may have lost its bins.
  if ((part.known(carryName(name, 0))?.stamp ?? "") === "") return false;
  const binned = part.binned(view, cuts, folds);
  const { rows, label, weight } = binned;
  const k = part.heap.kernels;
  const mark = k.mark();
  const stride = rows + (rows % 2);
  const sums = k.allocate(8 * stride);
  addBinned(k, trees, 1, cuts, binned, sums);
  linkSums(k, link, { address: sums, rows, stride, slots: 1 }, trees.length);
  const values = float64(k, sums, rows).slice();
  k.release(mark);
  each({ values, labels: float64(k, label, rows).slice(), weights: float64(k, weight, rows).slice() });
  return true;
}

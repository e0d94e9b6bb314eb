/**
 * Predictions of the rows that a model was trained on, without walking its trees: margins in the carries have the values of all trees but
 * the last iteration's, added one after another in the order of the trees as a prediction adds them, and rows are near their leaves of those.
 */

import type { View } from "../../features/view.ts";
import { float64, uint8, uint16 } from "../../kernels/kernels.ts";
import type { Cuts, Part, TrainedRows } from "../learner.ts";
import { linkSums } from "../trees/link.ts";
import { follow } from "../trees/routes.ts";
import type { Ending } from "./body.ts";
import { lossNamed, lossOf } from "./losses.ts";
import { carryName, placesIn } from "./rows.ts";
import type { BoostingState } from "./state.ts";

export interface TrainedBody {
  /** Of the carry. */
  readonly name: string;
  readonly stamp: string;
  readonly cuts: Cuts;
  readonly loss: string;
  /** By line; empty where margins have all trees. */
  readonly ending: readonly Ending[];
}

/** Rows that are predicted together; even. */
const CHUNK = 512;

/** Of a finished candidate. Where the trees that were best on rows held out are the model, margins may have more of them. */
export function trainedBody({ candidate, cuts, stamp, ending }: BoostingState): TrainedBody | null {
  if (cuts === null || stamp === "" || candidate.params.earlyStoppingRounds !== undefined) return null;
  return { name: `${candidate.id}`, stamp, cuts, loss: lossOf(candidate), ending: ending ?? [] };
}

export function trainedRows(part: Part, view: View, fold: number, { name, stamp, cuts, loss, ending }: TrainedBody): TrainedRows | null {
  const carry = part.known(carryName(name, fold));
  if (carry?.stamp !== stamp) return null;
  const { bins, rows, columns, label, weight } = part.binned(view, cuts, fold);
  const { link, lines } = lossNamed(loss);
  const k = part.heap.kernels;
  const mark = k.mark();
  const { margins, nodes } = placesIn(carry, rows, lines);
  const values = new Float64Array(rows * lines);
  const sums = { address: k.claim(8 * CHUNK * lines), stride: CHUNK, slots: lines };
  const leaves = ending.map(({ routes }) => follow(routes));
  for (let start = 0; start < rows; start += CHUNK) {
    const n = Math.min(CHUNK, rows - start);
    for (let line = 0; line < lines; line++) {
      const first = rows * line + start;
      const own = float64(k, sums.address + 8 * CHUNK * line, n);
      own.set(float64(k, margins + 8 * first, n));
      const leaf = leaves[line];
      if (leaf === undefined) continue;
      const [all, at] = [uint8(k, bins + start * columns, n * columns), uint16(k, nodes + 2 * first, n)];
      for (let i = 0; i < n; i++) own[i] += ending[line].values[leaf(all, i * columns, at[i])];
    }
    linkSums(k, link, { ...sums, rows: n }, 1);
    for (let line = 0; line < lines; line++) values.set(float64(k, sums.address + 8 * CHUNK * line, n), rows * line + start);
  }
  k.release(mark);
  return { values, labels: float64(k, label, rows).slice(), weights: float64(k, weight, rows).slice() };
}

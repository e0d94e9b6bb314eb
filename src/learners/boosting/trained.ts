/**
 * Predictions of the rows that a model was trained on, without walking its trees: margins in the carries have the values of all trees but
 * the last iteration's, added one after another in the order of the trees as a prediction adds them, and rows are near their leaves of those.
 */
import type { View } from "../../features/view.ts";
import { float64, uint8 } from "../../kernels/kernels.ts";
import type { Cuts, Part, TrainedRows } from "../learner.ts";
import { linkSums } from "../trees/ensemble/link.ts";
import { BLOCK, blockBytes } from "../trees/shares.ts";
import type { Ending } from "./body.ts";
import { lossNamed, lossOf } from "./losses.ts";
import { columnsOf, placeEndings, placesIn, settle } from "./rows.ts";
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

/** Of a finished candidate. Where the trees that were best on rows held out are the model, margins may have more of them. */
export function trainedBody({ candidate, cuts, stamp, ending }: BoostingState): TrainedBody | null {
  if (cuts === null || stamp === "" || candidate.params.earlyStoppingRounds !== undefined) return null;
  return { name: `${candidate.id}`, stamp, cuts, loss: lossOf(candidate), ending: ending ?? [] };
}

/** Held beside the carries: sums, what they become, and what is told of them; see `Cost.judged`. */
export const trainedCost = (lines: number) => ({ rowBytes: 24 * lines, rows: lines === 1 ? Number.POSITIVE_INFINITY : BLOCK });

export function trainedRows(
  part: Part,
  view: View,
  folds: readonly number[],
  { name, stamp, cuts, loss, ending }: TrainedBody,
  each: (rows: TrainedRows) => void,
): boolean {
  const carry = part.known(name);
  if (carry?.stamp !== stamp) return false;
  const binned = part.binned(view, cuts, folds);
  const { rows, label, weight } = binned;
  const { link, lines } = lossNamed(loss);
  const turned = columnsOf(part, binned, cuts);
  const k = part.heap.kernels;
  const mark = k.mark();
  const { margins, blocks } = placesIn(carry, rows, lines);
  const sums = { address: k.claim(8 * BLOCK * lines), stride: BLOCK, slots: lines };
  // Carries stay as they are, for whoever asks again.
  const moved = k.claim(blockBytes(BLOCK));
  const placed = placeEndings(k, ending);
  const whole = new Float64Array(lines === 1 ? rows : 0);
  const tell = (values: Float64Array, first: number, n: number): void =>
    each({ values, labels: float64(k, label + 8 * first, n).slice(), weights: float64(k, weight + 8 * first, n).slice() });
  blocks[0].forEach(({ first, rows: n }, b) => {
    for (let line = 0; line < lines; line++) {
      const own = sums.address + 8 * BLOCK * line;
      float64(k, own, n).set(float64(k, margins + 8 * (rows * line + first), n));
      const leaves = placed[line];
      if (leaves === undefined) continue;
      const block = blocks[line][b];
      uint8(k, moved, blockBytes(n)).set(uint8(k, block.address, blockBytes(n)));
      settle({ k, binned, turned }, { ...block, address: moved }, leaves, own);
    }
    linkSums(k, link, { ...sums, rows: n }, 1);
    if (lines === 1) {
      whole.set(float64(k, sums.address, n), first);
      return;
    }
    const values = new Float64Array(n * lines);
    for (let line = 0; line < lines; line++) values.set(float64(k, sums.address + 8 * BLOCK * line, n), n * line);
    tell(values, first, n);
  });
  if (lines === 1) tell(whole, 0, rows);
  k.release(mark);
  return true;
}

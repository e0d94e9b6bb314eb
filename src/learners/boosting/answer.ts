/** What parts answer to a round of growing: exact sums, in whatever order they merge. */
import type { OrderCounts } from "../../statistics/order.ts";
import { joinRows, type SmallRows } from "./growing/small.ts";
import { add } from "./growing/sums.ts";
import { joinFound, type RangeFound } from "./ranges.ts";
import { mergeResiduals } from "./refit.ts";

export interface GrowAnswer {
  readonly kind: "grow";
  /** Histograms by line and by place of those built; empty for no rows. */
  histogram: Float64Array;
  /** Rows that travel, by line and by place; empty for no rows. */
  whole: SmallRows[];
  /** Parts whose carry was lost. */
  lost: number;
  /** When an iteration begins: weighted loss, and the range of the margins. */
  loss: number;
  low: number;
  high: number;
  /** The same loss over the rows held out, and their weight. */
  heldLoss: number;
  heldWeight: number;
  /** What ranges of columns concluded, where they have the histograms. */
  found: RangeFound[];
  /** Residuals by target, where leaves are refitted. */
  orders: OrderCounts[];
}

export const emptyAnswer = (): GrowAnswer => ({
  kind: "grow",
  histogram: new Float64Array(0),
  whole: [],
  lost: 0,
  loss: 0,
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  heldLoss: 0,
  heldWeight: 0,
  found: [],
  orders: [],
});

export function mergeAnswers(into: GrowAnswer, other: GrowAnswer): void {
  if (into.histogram.length === 0) into.histogram = other.histogram.slice();
  else add(into.histogram, other.histogram);
  into.whole =
    into.whole.length === 0
      ? [...other.whole]
      : into.whole.map((rows, i) => (other.whole.length === 0 ? rows : joinRows(rows, other.whole[i])));
  into.lost += other.lost;
  into.loss += other.loss;
  into.low = Math.min(into.low, other.low);
  into.high = Math.max(into.high, other.high);
  into.heldLoss += other.heldLoss;
  into.heldWeight += other.heldWeight;
  into.found = joinFound(into.found, other.found);
  mergeResiduals(into, other.orders);
}

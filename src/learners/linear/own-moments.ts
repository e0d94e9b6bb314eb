/** What a candidate of a joint scan reads off its statistic. */
import type { View } from "../../features/view.ts";
import { at, type Comoments, emptyComoments } from "../../statistics/comoments.ts";
import { placesIn } from "../joint-view.ts";

/** The moments of the view's own columns, in its order, and of the label, from those of a joint view. */
export function ownMoments(joint: Comoments, from: View, view: View): Comoments {
  const order = [...placesIn(from, view), from.columns.length];
  const [n, wide] = [order.length, from.columns.length + 1];
  const own = { ...emptyComoments(n), rows: joint.rows, weight: joint.weight, weightSquares: joint.weightSquares };
  for (let i = 0; i < n; i++) {
    own.mean[i] = joint.mean[order[i]];
    for (let j = i; j < n; j++) own.c[at(n, i, j)] = joint.c[at(wide, Math.min(order[i], order[j]), Math.max(order[i], order[j]))];
  }
  return own;
}

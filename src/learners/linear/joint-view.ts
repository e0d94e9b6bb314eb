/**
 * Candidates whose views differ in a few columns (the fill of an imputer by fold) share one scan over all their columns. Each mean and
 * comoment depends on its own two columns, so what a candidate reads off the joint moments are the bits of its own: columns stand in one
 * order everywhere, because a product of weight, column and column rounds by it, and blocks must be as long as its own.
 */
import type { View, ViewColumn } from "../../features/view.ts";
import { at, type Comoments, emptyComoments } from "../../statistics/comoments.ts";
import { blockRows } from "../blocks.ts";

const keyOf = ({ source, take, fill }: ViewColumn): string => JSON.stringify([source, take, Number.isNaN(fill) ? null : fill]);

const rowsKeyOf = ({ skipWhere, failWhere = [] }: View): string => JSON.stringify([skipWhere, failWhere]);

/** The columns of all views, each once, in the one order; null where the views keep different rows or would be cut into other blocks. */
export function jointView(views: readonly View[]): View | null {
  const columns = new Map<string, ViewColumn>();
  for (const view of views) for (const column of view.columns) if (!columns.has(keyOf(column))) columns.set(keyOf(column), column);
  const joint = { ...views[0], columns: [...columns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, column]) => column) };
  const rows = blockRows(joint.columns.length);
  const alike = views.every((view) => rowsKeyOf(view) === rowsKeyOf(joint) && blockRows(view.columns.length) === rows);
  return alike ? joint : null;
}

/** The moments of the view's own columns, in its order, and of the label, from those of a joint view. */
export function ownMoments(joint: Comoments, from: View, view: View): Comoments {
  const places = new Map(from.columns.map((column, place) => [keyOf(column), place]));
  const order = [...view.columns.map((column) => places.get(keyOf(column)) as number), from.columns.length];
  const [n, wide] = [order.length, from.columns.length + 1];
  const own = { ...emptyComoments(n), rows: joint.rows, weight: joint.weight, weightSquares: joint.weightSquares };
  for (let i = 0; i < n; i++) {
    own.mean[i] = joint.mean[order[i]];
    for (let j = i; j < n; j++) own.c[at(n, i, j)] = joint.c[at(wide, Math.min(order[i], order[j]), Math.max(order[i], order[j]))];
  }
  return own;
}

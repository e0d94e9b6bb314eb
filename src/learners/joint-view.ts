/**
 * Candidates whose views differ in a few columns (the fill of an imputer by fold) share one scan over all their columns. Each mean and
 * comoment depends on its own column or two, so what a candidate reads off the joint moments are the bits of its own: columns stand in
 * one order everywhere, because a product of weight, column and column rounds by it, and blocks must be as long as its own.
 */
import type { View, ViewColumn } from "../features/view.ts";
import { blockRows } from "./blocks.ts";

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

/** Where the view's columns stand among those of a joint view, in its order. */
export function placesIn(joint: View, view: View): number[] {
  const places = new Map(joint.columns.map((column, place) => [keyOf(column), place]));
  return view.columns.map((column) => places.get(keyOf(column)) as number);
}

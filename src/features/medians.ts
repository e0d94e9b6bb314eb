/** The search for medians: one rank of one column in each fit, narrowed round by round to a number. */
import { countOf, emptyOrder, locate, mergeOrder, type OrderCounts, type RankedRange } from "../statistics/order.ts";
import { type FitAsk, type FitStatistic, isSameTarget, type RangeTarget } from "./survey.ts";

/** The column of a median and, by fit, where it lies; null where the fit has no number. */
export interface MedianSearch {
  readonly target: RangeTarget;
  readonly ranges: readonly (RankedRange | null)[];
}

/** After the first round, which counted every number of these targets; `fits` are the folds of each fit. */
export function startSearch(target: RangeTarget, byFold: readonly OrderCounts[], fits: readonly (readonly number[])[]): MedianSearch {
  const ranges = fits.map((folds) => {
    const order = merged(byFold, folds);
    const count = countOf(order);
    return count === 0 ? null : locate(order, Math.ceil(count / 2));
  });
  return { target, ranges };
}

/** Every range that still holds several numbers, once. */
export function openTargets(searches: readonly MedianSearch[]): RangeTarget[] {
  const open: RangeTarget[] = [];
  for (const { target, ranges } of searches) {
    for (const range of ranges) {
      if (range === null || range.from === range.to) continue;
      const narrowed = { ...target, from: range.from, to: range.to };
      if (!open.some((known) => isSame(known, narrowed))) open.push(narrowed);
    }
  }
  return open;
}

/** After a round that counted the open ranges. */
export function narrow(search: MedianSearch, ask: FitAsk, found: FitStatistic, fits: readonly (readonly number[])[]): MedianSearch {
  const ranges = search.ranges.map((range, fit) => {
    if (range === null || range.from === range.to) return range;
    const j = ask.ranges.findIndex((target) => isSame(target, { ...search.target, ...range }));
    return locate(merged(found.ranges[j], fits[fit]), range.rank);
  });
  return { ...search, ranges };
}

function merged(byFold: readonly OrderCounts[], folds: readonly number[]): OrderCounts {
  const order = emptyOrder(byFold[0].limit);
  for (const fold of folds) mergeOrder(order, byFold[fold]);
  return order;
}

function isSame(a: RangeTarget, b: RangeTarget): boolean {
  return isSameTarget(a, b) && a.from === b.from && a.to === b.to;
}

/** The search for medians: one rank of one column in each fit, narrowed round by round to a number. */
import { countOf, emptyOrder, locate, mergeOrder, type OrderCounts, type RankedRange } from "../statistics/order.ts";
import { type FitAsk, type FitStatistic, type RangeTarget, targetKey } from "./survey.ts";

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
  const open = new Map<string, RangeTarget>();
  for (const { target, ranges } of searches) {
    for (const range of ranges) {
      if (range === null || range.from === range.to) continue;
      const narrowed = { ...target, from: range.from, to: range.to };
      open.set(rangeKey(narrowed), narrowed);
    }
  }
  return [...open.values()];
}

/** After a round that counted the open ranges. */
export function narrow(
  searches: readonly MedianSearch[],
  ask: FitAsk,
  found: FitStatistic,
  fits: readonly (readonly number[])[],
): MedianSearch[] {
  const places = new Map(ask.ranges.map((target, place) => [rangeKey(target), place]));
  return searches.map((search) => {
    const ranges = search.ranges.map((range, fit) => {
      if (range === null || range.from === range.to) return range;
      const place = places.get(rangeKey({ ...search.target, ...range })) as number;
      return locate(merged(found.ranges[place], fits[fit]), range.rank);
    });
    return { ...search, ranges };
  });
}

function merged(byFold: readonly OrderCounts[], folds: readonly number[]): OrderCounts {
  const order = emptyOrder(byFold[0].limit);
  for (const fold of folds) mergeOrder(order, byFold[fold]);
  return order;
}

const rangeKey = (range: RangeTarget): string => `${range.from} ${range.to} ${targetKey(range)}`;

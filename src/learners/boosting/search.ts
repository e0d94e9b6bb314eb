/** The best split of a node of boosting, among the columns that it draws and within the constraints. */
import type { View } from "../../features/view.ts";
import { bestCategories } from "../trees/categories.ts";
import { categoriesOf } from "../trees/cuts.ts";
import { drawColumns } from "../trees/draw.ts";
import type { Best, GrownNode } from "../trees/grow.ts";
import type { Layout } from "../trees/layout.ts";
import { bestMonotone, type Directions } from "../trees/monotone.ts";
import { bestSplit, leastGain, type Split } from "../trees/split.ts";
import { type Columns, seenByLightgbm } from "./as-lightgbm.ts";
import type { BoostingParams } from "./state.ts";

/** By column; null where nothing is constrained. */
export function directionsIn(view: View, { monotone = {} }: BoostingParams): Directions | null {
  return Object.keys(monotone).length === 0 ? null : view.columns.map(({ name }) => (Object.hasOwn(monotone, name) ? monotone[name] : 0));
}

interface Finder {
  readonly params: BoostingParams;
  readonly view: View;
  /** Of the tree's root. */
  readonly key: number;
  readonly layout: Layout;
  readonly directions: Directions | null;
  /** Columns [first, end) of the view, where the histograms have no others. */
  readonly first?: number;
  readonly end?: number;
}

/** The best split of a node, among the columns that it draws. */
export function splitFinder({ params, view, key, layout, directions, first = 0, end = view.columns.length }: Finder): Best {
  const categories = categoriesOf(view);
  const ofTree = drawColumns([...categories.keys()], params.colSample, key);
  const own = { layout, levels: categories.slice(first, end), directions: directions?.slice(first, end) ?? null };
  return (histogram, node) => {
    const drawn = drawColumns(ofTree, params.colSampleByNode, node.key);
    const columns = drawn.flatMap((column) => (column >= first && column < end ? [column - first] : []));
    if (params.convention !== "lightgbm") return bestOf(histogram, own, node, params, columns);
    const seen = seenByLightgbm(histogram, own, node.sums, columns);
    const found = bestOf(seen.histogram, seen.columns, node, params, seen.columns.layout.bins.keys());
    return found && seen.splitOf(found);
  };
}

function bestOf(
  histogram: Float64Array,
  { layout, levels, directions }: Columns,
  node: GrownNode,
  params: BoostingParams,
  columns: Iterable<number>,
): Split | null {
  const [numbers, categories]: [number[], number[]] = [[], []];
  for (const column of columns) (levels[column] === 0 ? numbers : categories).push(column);
  const least = leastGain(node.sums, params);
  let best =
    directions === null
      ? bestSplit(histogram, layout, node.sums, params, numbers, least)
      : bestMonotone(histogram, layout, node, params, numbers, directions, least);
  for (const column of categories) {
    best = bestCategories(histogram, layout, column, node.sums, params, best?.gain ?? least) ?? best;
  }
  return best;
}

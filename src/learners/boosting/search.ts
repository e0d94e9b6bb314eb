/** The best split of a node of boosting, among the columns that it draws and within the constraints. */
import type { View } from "../../features/view.ts";
import { bestCategories } from "../trees/categories.ts";
import { categoriesOf } from "../trees/cuts.ts";
import { drawColumns } from "../trees/draw.ts";
import type { Best } from "../trees/grow.ts";
import type { Layout } from "../trees/layout.ts";
import { bestMonotone, type Directions } from "../trees/monotone.ts";
import { bestSplit, leastGain } from "../trees/split.ts";
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
  const own = categories.slice(first, end);
  return (histogram, node) => {
    const drawn = drawColumns(ofTree, params.colSampleByNode, node.key);
    const columns = drawn.flatMap((column) => (column >= first && column < end ? [column - first] : []));
    const numbers = columns.filter((column) => own[column] === 0);
    const least = leastGain(node.sums, params);
    let best =
      directions === null
        ? bestSplit(histogram, layout, node.sums, params, numbers, least)
        : bestMonotone(histogram, layout, node, params, numbers, directions.slice(first, end), least);
    for (const column of columns) {
      if (own[column] > 0) best = bestCategories(histogram, layout, column, node.sums, params, best?.gain ?? least) ?? best;
    }
    return best;
  };
}

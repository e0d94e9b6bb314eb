/** The best split of a node of boosting, among the columns that it draws and within the constraints. */
import type { View } from "../../features/view.ts";
import { categoriesOf } from "../trees/bins/cuts.ts";
import { drawColumns } from "../trees/draw.ts";
import type { Columns, Seeing } from "./as-lightgbm.ts";
import { conventionOf } from "./convention.ts";
import { bestCategories } from "./growing/categories.ts";
import { type Best, type Found, type GrownNode, NOTHING } from "./growing/grow.ts";
import type { Layout } from "./growing/layout.ts";
import { bestMonotone, boundedScore, type Directions } from "./growing/monotone.ts";
import { bestSplit, leastGain, type Split, score } from "./growing/split.ts";
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
  const inAll = ({ split, barred }: Found): Found => ({
    split: split && { ...split, column: split.column + first },
    barred: barred.map((column) => column + first),
  });
  const { seen } = conventionOf(params);
  return (histogram, node) => {
    const drawn = drawColumns(ofTree, params.colSampleByNode, node.key);
    const columns = drawn.flatMap((column) => (column >= first && column < end ? [column - first] : []));
    if (seen === null) return inAll({ ...NOTHING, split: bestOf(histogram, own, node, params, columns) });
    // Ranges say what they know of their own columns.
    const barred = node.barred.filter((column) => column >= first && column < end);
    const closed = new Set(barred);
    const open = columns.filter((column) => !closed.has(column + first));
    const found = inAll(bestByColumn(histogram, own, node, params, open, seen));
    return { ...found, barred: [...barred, ...found.barred].sort((a, b) => a - b) };
  };
}

/** Each column as it is seen; also those in which nothing gains, which they may again below: sums of children are not their parent's. */
function bestByColumn(
  histogram: Float64Array,
  own: Columns,
  node: GrownNode,
  params: BoostingParams,
  columns: readonly number[],
  seen: Seeing,
): Found {
  let best: Split | null = null;
  const barred: number[] = [];
  for (const column of columns) {
    const stands = seen(histogram, own, node.sums, column);
    const found = bestOf(stands.histogram, stands.columns, node, params, stands.columns.layout.bins.keys());
    if (found === null) barred.push(column);
    else if (best === null || found.gain > best.gain) best = stands.splitOf(found);
  }
  return { split: best, barred };
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
  const { boundsParent, categories: rules } = conventionOf(params);
  const { g, h } = node.sums;
  const parent = boundsParent ? boundedScore(node.sums, node, params) : score(g, h, params.l1, params.l2);
  let best =
    directions === null
      ? bestSplit(histogram, layout, node.sums, params, numbers, least)
      : bestMonotone(histogram, layout, node, parent, params, numbers, directions, least);
  for (const column of categories) {
    best = bestCategories(histogram, layout, column, node, parent, params, rules, best?.gain ?? least) ?? best;
  }
  return best;
}

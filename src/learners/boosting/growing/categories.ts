/**
 * Splits by category, as LightGBM finds them (`FindBestThresholdCategorical`): each against the rest while they are few; else in the order
 * of their g / (h + smooth), in which the best subset is a beginning or an end (Fisher, "On grouping for maximum homogeneity", JASA 1958).
 */
import type { GrownNode } from "./grow.ts";
import type { Layout } from "./layout.ts";
import { boundedScore } from "./monotone.ts";
import type { Split, SplitRules, Sums } from "./split.ts";

export interface CategoryRules {
  /** Missing values and rare levels are one more category; else they stay on the right, and unknown ones with them. */
  readonly missingIsOne: boolean;
  /** The few that are tried against the rest are those of the column, with missing values; else those that the node has. */
  readonly fewOfColumn: boolean;
  /** The penalty on children of a split by sorted categories is also in the values of leaves. */
  readonly leavesArePenalised: boolean;
}

/** Categories up to which each is tried against the rest. */
const FEW = 4;
/** Categories with fewer rows are not told apart; and what is added to their second derivatives when they are sorted. */
const SMOOTH = 10;
/** L2 penalty on children of a split by sorted categories, besides the parameter's: they were chosen by their own labels. */
const SORTED_L2 = 10;
/** Most categories on the smaller side, and rows that one more step must add. */
const MOST_CATEGORIES = 32;
const GROUP_ROWS = 100;

interface CategoryBin extends Sums {
  readonly bin: number;
}

/** The best split of a column of categories whose gain over the `parent`'s score exceeds `least`; null for none. */
export function bestCategories(
  histogram: Float64Array,
  { starts, bins, total, rows: counting }: Layout,
  column: number,
  node: GrownNode,
  parent: number,
  rules: SplitRules,
  own: CategoryRules,
  least: number,
): Split | null {
  const start = starts[column];
  const rowsOf = (bin: number): number => (counting === "plane" ? histogram[2 * total + start + bin] : histogram[2 * (start + bin) + 1]);
  const present: CategoryBin[] = [];
  const missing = bins[column] - 1;
  for (let bin = 0; bin < (own.missingIsOne ? bins[column] : missing); bin++) {
    const [g, h, rows] = [histogram[2 * (start + bin)], histogram[2 * (start + bin) + 1], rowsOf(bin)];
    if (rows > 0 || h > 0) present.push({ bin, g, h, rows });
  }
  if (present.length < (own.missingIsOne ? 2 : 1)) return null;
  const isFew = (own.fewOfColumn ? bins[column] : present.length) <= FEW;
  const found = isFew ? oneAgainstRest(present, node, parent, rules, least) : sorted(present, node, parent, rules, least);
  if (found === null) return null;
  const goesLeft = new Uint8Array(bins[column]);
  for (const { bin } of found.left) goesLeft[bin] = 1;
  const left = sumOf(found.left);
  const right = restOf(node.sums, left);
  const hasMissing = present.some(({ bin }) => bin === missing);
  if (own.missingIsOne && !hasMissing && left.rows > right.rows) goesLeft[missing] = 1;
  const l2 = own.leavesArePenalised && !isFew ? { l2: SORTED_L2 } : {};
  return { column, goesLeft, bin: -1, missingLeft: goesLeft[missing] === 1, gain: found.gain, left, right, ...l2 };
}

interface Subset {
  readonly left: readonly CategoryBin[];
  readonly gain: number;
}

const restOf = (node: Sums, { g, h, rows }: Sums): Sums => ({ g: node.g - g, h: node.h - h, rows: node.rows - rows });

function oneAgainstRest(present: readonly CategoryBin[], node: GrownNode, parent: number, rules: SplitRules, least: number): Subset | null {
  let best: Subset | null = null;
  for (const own of present) {
    const rest = restOf(node.sums, own);
    if (!isChild(own, rules) || !isChild(rest, rules)) continue;
    const gain = boundedScore(own, node, rules) + boundedScore(rest, node, rules) - parent;
    if (gain > (best?.gain ?? least)) best = { left: [own], gain };
  }
  return best;
}

function sorted(present: readonly CategoryBin[], node: GrownNode, parent: number, rules: SplitRules, least: number): Subset | null {
  const order = present.filter(({ rows }) => rows >= SMOOTH).sort((a, b) => a.g / (a.h + SMOOTH) - b.g / (b.h + SMOOTH) || a.bin - b.bin);
  const most = Math.min(MOST_CATEGORIES, Math.floor((order.length + 1) / 2));
  const penalised = { ...rules, l2: rules.l2 + SORTED_L2 };
  let best: Subset | null = null;
  for (const direction of [order, [...order].reverse()]) {
    let [g, h, rows, group] = [0, 0, 0, 0];
    for (let i = 0; i < most; i++) {
      const own = direction[i];
      g += own.g;
      h += own.h;
      rows += own.rows;
      group += own.rows;
      const rest = restOf(node.sums, { g, h, rows });
      if (!isChild({ g, h, rows }, rules)) continue;
      if (!isChild(rest, rules) || rest.rows < GROUP_ROWS) break;
      if (group < GROUP_ROWS) continue;
      group = 0;
      const gain = boundedScore({ g, h, rows }, node, penalised) + boundedScore(rest, node, penalised) - parent;
      if (gain > (best?.gain ?? least)) best = { left: direction.slice(0, i + 1), gain };
    }
  }
  return best;
}

const isChild = ({ h, rows }: Sums, { minRows, minWeight }: SplitRules): boolean => rows >= minRows && h >= minWeight && h > 0;

function sumOf(bins: readonly CategoryBin[]): Sums {
  let [g, h, rows] = [0, 0, 0];
  for (const own of bins) {
    g += own.g;
    h += own.h;
    rows += own.rows;
  }
  return { g, h, rows };
}

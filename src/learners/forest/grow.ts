/** Grows what is below a node from its rows: node by node, each looking at its own columns (Breiman, "Random forests", 2001). */
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import { columnsAt } from "./draw.ts";
import { type Draft, type Sums, splitNode, sumsOf } from "./nodes.ts";
import type { TreeRows } from "./rows.ts";
import type { GrowRules } from "./rules.ts";
import { type Found, searchColumn, type Target, targetOf } from "./search.ts";

/** Room for the sums of a column, all zeros before and after. */
interface Room {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  readonly rows: Float64Array;
}

/** What rows of the tree are together. */
export function totalOf(rows: TreeRows, own: Uint32Array, { classes, channels }: GrowRules): Sums {
  const sums = new Float64Array(channels);
  let count = 0;
  for (const i of own) {
    count += rows.draws[i];
    if (classes > 0) sums[rows.value[i]] += rows.weight[i];
    else {
      sums[0] += rows.value[i];
      sums[1] += rows.weight[i];
    }
  }
  return { channels: sums, rows: count };
}

/** Splits the node of the draft that these rows are in, and what comes of it. */
export function growBelow(draft: Draft, root: number, rows: TreeRows, cuts: Cuts, rules: GrowRules): void {
  const widest = cuts.columns.reduce((most, column) => Math.max(most, binsOf(column)), 0);
  const room = {
    sums: new Float64Array(widest * rules.channels),
    weights: new Float64Array(widest),
    rows: new Float64Array(widest),
  };
  const own = Uint32Array.from(rows.draws.keys()).filter((i) => rows.draws[i] > 0);
  const moved = new Uint32Array(own.length);
  const open = [{ node: root, from: 0, end: own.length }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from, end } = next;
    const target = targetOf(sumsOf(draft, node, rules.channels), draft.depth[node], rules);
    const found = target === null ? null : bestSplit(rows, own.subarray(from, end), target, draft.path[node], cuts, rules, room);
    if (found === null) continue;
    const middle = partition(rows, own, moved, from, end, found);
    const [left, right] = [totalOf(rows, own.subarray(from, middle), rules), totalOf(rows, own.subarray(middle, end), rules)];
    const child = splitNode(draft, node, found, left, right);
    open.push({ node: child + 1, from: middle, end }, { node: child, from, end: middle });
  }
}

function bestSplit(rows: TreeRows, own: Uint32Array, target: Target, path: number, cuts: Cuts, rules: GrowRules, room: Room): Found | null {
  const { columns } = cuts;
  const best: Found = { gain: target.leastGain, column: -1, goesLeft: new Uint8Array(0), bin: -1, missingLeft: false };
  for (let looked = 0; looked < columns.length && best.column < 0; looked += rules.subset) {
    for (const column of columnsAt(path, columns.length, rules.subset, looked)) {
      const bins = binsOf(columns[column]);
      const range = addUp(rows, own, column, bins - 1, rules, room);
      searchColumn(best, target, { ...room, ...range, column, bins, categories: columns[column].kind === "categories" });
      clear(room, rules.channels, range.low, range.high + 1);
      clear(room, rules.channels, bins - 1, bins);
    }
  }
  return best.column < 0 ? null : best;
}

function clear({ sums, weights, rows }: Room, channels: number, from: number, end: number): void {
  sums.fill(0, from * channels, end * channels);
  weights.fill(0, from, end);
  rows.fill(0, from, end);
}

/** Answers the first and the last bin that has rows, missing values aside. */
function addUp(
  { bins, columns, value, weight, draws }: TreeRows,
  own: Uint32Array,
  column: number,
  missing: number,
  { classes, channels, factors }: GrowRules,
  { sums, weights, rows }: Room,
): { low: number; high: number } {
  let [low, high] = [missing, -1];
  for (const row of own) {
    const bin = bins[row * columns + column];
    if (bin < low) low = bin;
    if (bin > high && bin < missing) high = bin;
    rows[bin] += draws[row];
    if (classes > 0) sums[bin * channels + value[row]] += weight[row];
    else {
      sums[2 * bin] += value[row];
      sums[2 * bin + 1] += weight[row];
    }
  }
  for (let bin = low; bin <= high; bin++) weigh(sums, weights, bin, classes, factors);
  weigh(sums, weights, missing, classes, factors);
  return { low, high };
}

/** Brings the factors of classes into the sums of a bin, once they are all there, and weighs it. */
export function weigh(sums: Float64Array, weights: Float64Array, bin: number, classes: number, factors: Float64Array): void {
  if (classes === 0) {
    weights[bin] = sums[2 * bin + 1];
    return;
  }
  let all = 0;
  for (let k = 0; k < classes; k++) {
    sums[bin * classes + k] *= factors[k];
    all += sums[bin * classes + k];
  }
  weights[bin] = all;
}

/** Rows keep their order on both sides; answers where the right side begins. */
function partition(
  { bins, columns }: TreeRows,
  own: Uint32Array,
  moved: Uint32Array,
  from: number,
  end: number,
  { column, goesLeft }: Found,
): number {
  let [left, right] = [from, 0];
  for (let i = from; i < end; i++) {
    const row = own[i];
    if (goesLeft[bins[row * columns + column]] === 1) own[left++] = row;
    else moved[right++] = row;
  }
  own.set(moved.subarray(0, right), left);
  return left;
}

/** Sums of a node by column and bin, as parts answer them: the best split in them, and what its children are. */
import type { Kernels } from "../../kernels/kernels.ts";
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import { weigh } from "./grow.ts";
import type { Sums } from "./nodes.ts";
import { cellSize, type GrowRules } from "./rules.ts";
import { NO_SIDES, type Run, type Split, searchRuns } from "./runs.ts";
import { type Found, searchColumn, type Target } from "./search.ts";

/** Numbers: of 2 or 4 bytes where rows are counted, else float64. */
export type Cells = Uint16Array | Uint32Array | Float64Array;

/** Where the sums of one node lie, column after column in the order in which it looks at them. */
export interface NodeCells {
  readonly cells: Cells;
  readonly columns: Uint16Array;
}

/** Of a bin: what its rows are together. */
function sumsAt(cells: Cells, at: number, { channels, counted, kind }: GrowRules, into: Float64Array): number {
  let rows = 0;
  for (let k = 0; k < channels; k++) {
    into[k] += cells[at + k];
    rows += kind === "pairs" ? 0 : cells[at + k];
  }
  return counted ? cells[at + channels] : kind === "pairs" ? cells[at + 1] : rows;
}

/** Of all rows of the node, each of which is in one bin of the first column. */
export function totalOfCells({ cells, columns }: NodeCells, cuts: Cuts, rules: GrowRules): Sums {
  const channels = new Float64Array(rules.channels);
  const size = cellSize(rules);
  let rows = 0;
  for (let bin = 0; bin < binsOf(cuts.columns[columns[0]]); bin++) rows += sumsAt(cells, bin * size, rules, channels);
  return { channels, rows };
}

/** Of the rows that go left at a split by the column that these cells are of. */
function leftOf(cells: Cells, { goesLeft }: Found, rules: GrowRules): Sums {
  const size = cellSize(rules);
  const channels = new Float64Array(rules.channels);
  let rows = 0;
  for (let bin = 0; bin < goesLeft.length; bin++) if (goesLeft[bin] === 1) rows += sumsAt(cells, bin * size, rules, channels);
  return { channels, rows };
}

/** The best split of each node in its cells; null for none, or where there is no target. */
export function splitsOf(
  k: Kernels,
  nodes: readonly NodeCells[],
  targets: readonly (Target | null)[],
  cuts: Cuts,
  rules: GrowRules,
): (Split | null)[] {
  const splits: (Split | null)[] = nodes.map(() => null);
  const isNumbers = cuts.columns.map(({ kind }) => kind === "numbers");
  const runs: Run[] = [];
  nodes.forEach(({ cells, columns }, place) => {
    const target = targets[place];
    if (target === null) return;
    if (columns.every((column) => isNumbers[column])) runs.push({ place, cells, columns, target, gain: target.leastGain });
    else splits[place] = splitByAny(k, { cells, columns }, target, cuts, rules);
  });
  searchRuns(k, runs, cuts, rules).forEach((split, i) => {
    splits[runs[i].place] = split;
  });
  return splits;
}

/** Columns are looked at in their order: of splits that gain the same, the first is the best. */
function splitByAny(k: Kernels, node: NodeCells, target: Target, cuts: Cuts, rules: GrowRules): Split | null {
  const { cells, columns } = node;
  const best: Found = { gain: target.leastGain, column: -1, goesLeft: NO_SIDES, bin: -1, missingLeft: false };
  let split: Split | null = null;
  let at = 0;
  for (let place = 0; place < columns.length; place++) {
    const column = columns[place];
    const bins = binsOf(cuts.columns[column]);
    const own = cells.subarray(at, at + bins * cellSize(rules));
    if (cuts.columns[column].kind === "numbers") {
      const [found] = searchRuns(
        k,
        [{ place, cells: own, columns: columns.subarray(place, place + 1), target, gain: best.gain }],
        cuts,
        rules,
      );
      if (found !== null) split = found;
    } else {
      const before = best.gain;
      searchCategories(best, own, column, bins, target, rules);
      if (best.gain > before) split = { found: { ...best }, left: leftOf(own, best, rules) };
    }
    best.gain = split?.found.gain ?? best.gain;
    at += own.length;
  }
  return split;
}

function searchCategories(best: Found, cells: Cells, column: number, bins: number, target: Target, rules: GrowRules): void {
  const { channels, classes, factors } = rules;
  const size = cellSize(rules);
  const sums = new Float64Array(bins * channels);
  const [weights, rows] = [new Float64Array(bins), new Float64Array(bins)];
  for (let bin = 0; bin < bins; bin++) {
    rows[bin] = sumsAt(cells, bin * size, rules, sums.subarray(bin * channels, (bin + 1) * channels));
    weigh(sums, weights, bin, classes, factors);
  }
  searchColumn(best, target, { column, bins, categories: true, sums, weights, rows, low: 0, high: bins - 2 });
}

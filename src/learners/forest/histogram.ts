/** Sums of a node by column and bin, as parts answer them: the best split in them, and what its children are. */
import { float64, type Kernels, uint8 } from "../../kernels/kernels.ts";
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import { weigh } from "./grow.ts";
import type { Sums } from "./nodes.ts";
import { cellSize, type GrowRules } from "./rules.ts";
import { type Found, searchColumn, type Target } from "./search.ts";

/** Numbers: of 2 or 4 bytes where rows are counted, else float64. */
type Cells = Uint16Array | Uint32Array | Float64Array;

/** Where the sums of one node lie, column after column in the order in which it looks at them. */
export interface NodeCells {
  readonly cells: Cells;
  readonly columns: ArrayLike<number>;
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

/** Of the rows of the node that go left at a split. */
export function leftOf({ cells, columns }: NodeCells, { column, goesLeft }: Found, cuts: Cuts, rules: GrowRules): Sums {
  const size = cellSize(rules);
  let at = 0;
  for (let place = 0; columns[place] !== column; place++) at += binsOf(cuts.columns[columns[place]]) * size;
  const channels = new Float64Array(rules.channels);
  let rows = 0;
  for (let bin = 0; bin < goesLeft.length; bin++) {
    if (goesLeft[bin] === 1) rows += sumsAt(cells, at + bin * size, rules, channels);
  }
  return { channels, rows };
}

const KINDS = { gini: 0, entropy: 1, variance: 2 } as const;

/** The best split in the cells, null for none. What it claims of the kernel's memory is the caller's to release. */
export function bestInCells(k: Kernels, node: NodeCells, target: Target, cuts: Cuts, rules: GrowRules): Found | null {
  const { cells, columns } = node;
  const { channels, factors, impurity, counted } = rules;
  const size = cellSize(rules);
  const sums = k.claim(cells.byteLength);
  uint8(k, sums, cells.byteLength).set(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength));
  const scale = k.claim(8 * channels);
  const whole = k.claim(8 * (channels + 3));
  const found = k.claim(40);
  float64(k, scale, channels).set(factors);
  float64(k, whole, channels + 3).set([...target.channels, target.weight, target.rows, target.parent]);
  const best: Found = { gain: target.leastGain, column: -1, goesLeft: new Uint8Array(0), bin: -1, missingLeft: false };
  let at = 0;
  for (let place = 0; place < columns.length; place++) {
    const column = columns[place];
    const bins = binsOf(cuts.columns[column]);
    if (cuts.columns[column].kind === "categories")
      searchCategories(best, cells.subarray(at, at + bins * size), column, bins, target, rules);
    else {
      const told = float64(k, found, 5);
      told.set([best.gain, -1]);
      const own = sums + at * cells.BYTES_PER_ELEMENT;
      const bytes = size * cells.BYTES_PER_ELEMENT;
      k.searchPurity(
        own,
        bins,
        channels,
        bytes,
        cells.BYTES_PER_ELEMENT,
        counted,
        KINDS[impurity],
        scale,
        whole,
        target.least,
        column,
        found,
      );
      if (told[1] >= 0) take(best, told, sumsOfMissing(cells, at + (bins - 1) * size, rules), bins, target);
    }
    at += bins * size;
  }
  return best.column < 0 ? null : best;
}

const sumsOfMissing = (cells: Cells, at: number, rules: GrowRules): number => sumsAt(cells, at, rules, new Float64Array(rules.channels));

function take(best: Found, [gain, column, bin, side, leftWeight]: Float64Array, missingRows: number, bins: number, target: Target): void {
  best.gain = gain;
  best.column = column;
  best.bin = bin;
  best.missingLeft = missingRows > 0 ? side === 1 : leftWeight > target.weight - leftWeight;
  best.goesLeft = new Uint8Array(bins).fill(1, 0, bin + 1);
  best.goesLeft[bins - 1] = Number(best.missingLeft);
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

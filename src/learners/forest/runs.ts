/** Splits of nodes by numbers, searched by assembly/nodes.ts: many nodes a call, whose sums are in the second-level cache meanwhile. */
import { float64, type Kernels, uint8, uint32 } from "../../kernels/kernels.ts";
import type { Cuts } from "../learner.ts";
import { binsOf } from "../trees/bins/bins.ts";
import type { Cells } from "./histogram.ts";
import type { Sums } from "./nodes.ts";
import type { GrowRules } from "./rules.ts";
import type { Found, Target } from "./search.ts";

/** Columns of a node one after another, all of numbers, and the gain that a split must exceed. */
export interface Run {
  /** Of the node. */
  readonly place: number;
  readonly cells: Cells;
  readonly columns: Uint16Array;
  readonly target: Target;
  readonly gain: number;
}

/** A split of a node, and what goes left. */
export interface Split {
  readonly found: Found;
  readonly left: Sums;
}

/** Of a split by numbers, which its bin tells. */
export const NO_SIDES = new Uint8Array(0);

const KINDS = { gini: 0, entropy: 1, variance: 2 } as const;

/** Bytes of the sums of one call; a node may have more. */
const CALL_BYTES = 2 ** 18;

/** The best split of each run, null for none. All have as many columns. */
export function searchRuns(k: Kernels, runs: readonly Run[], cuts: Cuts, rules: GrowRules): (Split | null)[] {
  const splits: (Split | null)[] = [];
  const mark = k.mark();
  const bins = k.claim(4 * cuts.columns.length);
  uint32(k, bins, cuts.columns.length).set(cuts.columns.map(binsOf));
  const factors = k.claim(8 * rules.channels);
  float64(k, factors, rules.channels).set(rules.factors);
  const inner = k.mark();
  for (let from = 0; from < runs.length; ) {
    let [end, bytes] = [from, 0];
    while (end < runs.length && (end === from || bytes + aligned(runs[end].cells.byteLength) <= CALL_BYTES))
      bytes += aligned(runs[end++].cells.byteLength);
    searchSome(k, runs.slice(from, end), bytes, bins, factors, rules, splits);
    k.release(inner);
    from = end;
  }
  k.release(mark);
  return splits;
}

/** Adds their splits. */
function searchSome(
  k: Kernels,
  runs: readonly Run[],
  bytes: number,
  bins: number,
  factors: number,
  { channels, counted, impurity }: GrowRules,
  splits: (Split | null)[],
): void {
  const looked = runs[0].columns.length;
  // In words of 8 bytes, as the kernel has them.
  const node = 1 + Math.ceil(looked / 2);
  const found = node + channels + 3;
  const size = found + 5 + channels + 1;
  const table = k.claim(8 * size * runs.length);
  const sums = k.claim(bytes);
  const [words, all] = [uint32(k, table, 2 * size * runs.length), float64(k, table, size * runs.length)];
  const memory = uint8(k, sums, bytes);
  let at = 0;
  runs.forEach(({ cells, columns, target, gain }, i) => {
    memory.set(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength), at);
    words[2 * size * i] = sums + at;
    words[2 * size * i + 1] = cells.BYTES_PER_ELEMENT;
    words.set(columns, 2 * size * i + 2);
    all.set(target.channels, size * i + node);
    all[size * i + found - 3] = target.weight;
    all[size * i + found - 2] = target.rows;
    all[size * i + found - 1] = target.parent;
    all[size * i + found] = gain;
    all[size * i + found + 1] = -1;
    at += aligned(cells.byteLength);
  });
  k.searchNodes(table, runs.length, 8 * size, looked, bins, channels, counted, KINDS[impurity], factors, runs[0].target.least);
  for (let i = 0; i < runs.length; i++) splits.push(splitIn(all.subarray(size * i + found, size * (i + 1)), channels));
}

function splitIn(told: Float64Array, channels: number): Split | null {
  const [gain, column, bin, side] = told;
  if (column < 0) return null;
  return {
    found: { gain, column, bin, missingLeft: side === 1, goesLeft: NO_SIDES },
    left: { channels: told.slice(5, 5 + channels), rows: told[5 + channels] },
  };
}

const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

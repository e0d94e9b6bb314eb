/** Cells that say where the search for a value among thresholds begins; assembly/ranks.ts reads them. */

export interface Guide {
  /** Of the first cell, and cells to the unit: a value's cell is (value - low) * perUnit, rounded, at least 0 and at most CELLS - 1. */
  readonly low: number;
  readonly perUnit: number;
  /** By cell: thresholds in the cells before it. */
  readonly before: Uint8Array;
  /** No cell has as many as 2^halvings. */
  readonly halvings: number;
}

const CELLS = 1024;
/** Thresholds at either end that may be left to the outermost cells, so that a few far ones do not spread the cells over nothing. */
const ENDS = [1, 3, 7, 15, 31];

/** Fewer gain nothing. */
const FEW_HALVINGS = 2;

/** For at most 255 ascending thresholds; the first guide of few halvings, or the one of fewest. */
export function guideOf(thresholds: Float64Array): Guide {
  const finite = thresholds.filter(Number.isFinite);
  let best = guideFrom(thresholds, finite[0] ?? 0, finite[finite.length - 1] ?? 0);
  for (const end of ENDS) {
    if (best.halvings <= FEW_HALVINGS || 2 * end >= finite.length) break;
    const guide = guideFrom(thresholds, finite[end], finite[finite.length - 1 - end]);
    if (guide.halvings < best.halvings) best = guide;
  }
  return best;
}

/** Cells from the one value to the other; a single one where they are equal. */
function guideFrom(thresholds: Float64Array, low: number, high: number): Guide {
  const steps = (CELLS - 1) / (high - low);
  const perUnit = Number.isFinite(steps) && steps > 0 ? steps : 0;
  const before = new Uint8Array(CELLS);
  let [next, most, same] = [0, 0, 0];
  // Cells ascend with the thresholds.
  for (let i = 0; i < thresholds.length; i++) {
    const cell = cellOf(thresholds[i], low, perUnit);
    if (cell >= next) same = 0;
    while (next <= cell) before[next++] = i;
    same++;
    most = Math.max(most, same);
  }
  before.fill(thresholds.length, next);
  return { low, perUnit, before, halvings: 32 - Math.clz32(most) };
}

/** In the operations of the kernel. */
function cellOf(value: number, low: number, perUnit: number): number {
  const cell = (value - low) * perUnit;
  const bounded = cell > 0 ? Math.min(cell, CELLS - 1) : 0;
  return bounded + 2 ** 52 - 2 ** 52;
}

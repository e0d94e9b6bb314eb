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
const ENDS = [0, 1, 3, 7, 15, 31];

/** For at most 255 ascending thresholds; the guide with the fewest halvings. */
export function guideOf(thresholds: Float64Array): Guide {
  const finite = thresholds.filter(Number.isFinite);
  const guides = ENDS.filter((end) => 2 * end < finite.length).map((end) =>
    guideFrom(thresholds, finite[end], finite[finite.length - 1 - end]),
  );
  return guides.reduce((best, guide) => (guide.halvings < best.halvings ? guide : best), guideFrom(thresholds, 0, 0));
}

function guideFrom(thresholds: Float64Array, low: number, high: number): Guide {
  const steps = (CELLS - 1) / (high - low);
  const perUnit = Number.isFinite(steps) && steps > 0 ? steps : 0;
  const counts = new Uint32Array(CELLS);
  for (const threshold of thresholds) counts[cellOf(threshold, low, perUnit)]++;
  let sum = 0;
  const before = Uint8Array.from(counts, (count) => {
    sum += count;
    return sum - count;
  });
  return { low, perUnit, before, halvings: 32 - Math.clz32(Math.max(...counts)) };
}

/** In the operations of the kernel. */
function cellOf(value: number, low: number, perUnit: number): number {
  const cell = (value - low) * perUnit;
  const bounded = cell > 0 ? Math.min(cell, CELLS - 1) : 0;
  return bounded + 2 ** 52 - 2 ** 52;
}

/** The best split of a histogram against trying every cut, missing values on either side. */
import { describe, expect, it } from "vitest";
import { hashRow } from "../../../../src/kernels/hash.ts";
import { layoutOf } from "../../../../src/learners/boosting/growing/layout.ts";
import { bestSplit, leastGain, type SplitRules, type Sums, score } from "../../../../src/learners/boosting/growing/split.ts";
import type { Cuts } from "../../../../src/learners/learner.ts";

interface Case {
  readonly bins: number;
  readonly hasMissing: boolean;
  /** Every other bin has no rows, about, so that cuts before and after it gain the same. */
  readonly isSparse: boolean;
  readonly rules: SplitRules;
}

interface Plain {
  readonly gain: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly rows: number;
}

/** Sums by bin, that of missing values last: multiples of 1 / 64, so that they add up without error. */
function histogramOf({ bins, hasMissing, isSparse }: Case, seed: number): Float64Array {
  const counts = Array.from({ length: bins }, (_, b) =>
    b === bins - 1 && !hasMissing ? 0 : (hashRow(seed, b) % (isSparse ? 2 : 12)) * (isSparse ? 8 : 1),
  );
  const pairs = counts.flatMap((n, b) => [n === 0 ? 0 : (hashRow(seed + 1, b) % 257) / 64 - 2, (n * (1 + (b % 5))) / 64]);
  // Pairs of the plane of counts begin at an even place.
  return Float64Array.from([...pairs, ...(bins % 2 === 1 ? [0, 0] : []), ...counts, ...(bins % 2 === 1 ? [0] : [])]);
}

function plain(histogram: Float64Array, { bins, hasMissing, rules }: Case, node: Sums, least: number): Plain | null {
  const counts = histogram.subarray(2 * (bins + (bins % 2)));
  let best: Plain | null = null;
  for (const missingLeft of hasMissing && counts[bins - 1] > 0 ? [false, true] : [false]) {
    for (let bin = 0; bin < bins - 1; bin++) {
      const own = [...Array(bin + 1).keys(), ...(missingLeft ? [bins - 1] : [])];
      const sum = (of: (b: number) => number): number => own.reduce((all, b) => all + of(b), 0);
      const [g, h, rows] = [sum((b) => histogram[2 * b]), sum((b) => histogram[2 * b + 1]), sum((b) => counts[b])];
      if (rows < rules.minRows || node.rows - rows < rules.minRows || h < rules.minWeight || node.h - h < rules.minWeight) continue;
      const gain =
        score(g, h, rules.l1, rules.l2) + score(node.g - g, node.h - h, rules.l1, rules.l2) - score(node.g, node.h, rules.l1, rules.l2);
      if (gain > (best?.gain ?? least)) best = { gain, bin, missingLeft, rows };
    }
  }
  return best;
}

const cases: Case[] = [3, 4, 9, 10, 256].flatMap((bins) =>
  [false, true].flatMap((hasMissing) =>
    [0, 1.5].flatMap((l1) =>
      [false, true].map((isSparse) => ({
        bins,
        hasMissing,
        isSparse,
        rules: { l1, l2: 1, minRows: bins > 4 ? 10 : 1, minWeight: 0.05, minGain: 0 },
      })),
    ),
  ),
);

describe("bestSplit", () => {
  it.each(cases)("is the first of the best cuts of $bins bins (missing $hasMissing, sparse $isSparse, l1 $rules.l1)", (own) => {
    const cuts: Cuts = { key: "", columns: [{ kind: "numbers", cuts: Float64Array.from({ length: own.bins - 2 }, (_, i) => i) }] };
    const layout = layoutOf(cuts, "plane");
    let found = 0;
    for (let seed = 1; seed < 40; seed += 2) {
      const histogram = histogramOf(own, seed);
      expect(histogram).toHaveLength(layout.size);
      const total = (from: number, step: number): number =>
        Array.from({ length: own.bins }, (_, b) => histogram[from + step * b]).reduce((a, b) => a + b, 0);
      const node = { g: total(0, 2), h: total(1, 2), rows: total(2 * layout.total, 1) };
      const least = leastGain(node, own.rules);
      const split = bestSplit(histogram, layout, node, own.rules, [0], least);
      const expected = plain(histogram, own, node, least);
      expect(split && { gain: split.gain, bin: split.bin, rows: split.left.rows }).toEqual(
        expected && { gain: expected.gain, bin: expected.bin, rows: expected.rows },
      );
      if (expected !== null && histogram[2 * layout.total + own.bins - 1] > 0) expect(split?.missingLeft).toBe(expected.missingLeft);
      found += expected === null ? 0 : 1;
    }
    expect(found).toBeGreaterThan(0);
  });
});

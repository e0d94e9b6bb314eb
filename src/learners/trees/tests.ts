/** Splits of nodes as the arrays of a tree: which side a row takes at each. */

import type { Split } from "../boosting/growing/split.ts";
import type { Cuts } from "../learner.ts";
import type { Tree } from "./tree.ts";

type Tests = Pick<Tree, "column" | "threshold" | "missingLeft" | "firstWord" | "wordCount" | "words" | "gain">;

/** `splits` by node; null at a leaf. */
export function testsOf(
  splits: readonly (Pick<Split, "column" | "goesLeft" | "bin" | "missingLeft" | "gain"> | null)[],
  { columns }: Pick<Cuts, "columns">,
): Tests {
  const words: number[] = [];
  const firstWord = new Int32Array(splits.length).fill(-1);
  const wordCount = new Int32Array(splits.length);
  const threshold = new Float64Array(splits.length).fill(Number.NaN);
  splits.forEach((split, i) => {
    if (split === null) return;
    const column = columns[split.column];
    if (column.kind === "numbers") {
      // Everything that is not missing goes left of the missing values.
      threshold[i] = split.bin < column.cuts.length ? column.cuts[split.bin] : Number.POSITIVE_INFINITY;
      return;
    }
    firstWord[i] = words.length;
    const bits = new Uint32Array(Math.ceil(column.codes.length / 32));
    column.codes.forEach((bin, code) => {
      if (split.goesLeft[bin] === 1) bits[code >>> 5] |= 1 << (code & 31);
    });
    wordCount[i] = bits.length;
    words.push(...bits);
  });
  return {
    column: Int32Array.from(splits, (split) => split?.column ?? -1),
    threshold,
    missingLeft: Uint8Array.from(splits, (split) => Number(split?.missingLeft ?? false)),
    firstWord,
    wordCount,
    words: Uint32Array.from(words),
    gain: Float64Array.from(splits, (split) => split?.gain ?? 0),
  };
}

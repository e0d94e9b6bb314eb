/**
 * Candidates of drawn searches have the bits of their settings trained alone on the same rows. One search alone:
 * `vitest run --project slow e2e/slow/alone -t "search 17:"`.
 */
import { describe, expect, it } from "vitest";
import { compared } from "../../helpers/alone.ts";
import { drawnSearch } from "../../helpers/drawn-search.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const scratch = scratchFolder();
const SEEDS = Array.from({ length: 96 }, (_, i) => i);

describe.each(SEEDS.map(drawnSearch).map((own, seed) => [seed, own] as const))("search %i:", (seed, { learner, ...searched }) => {
  it(`of ${learner}`, async () => {
    const words = JSON.stringify(searched.form);
    const { winner, folds } = await compared(searched, `${scratch}/${seed}`);
    expect(winner[0], words).toEqual(winner[1]);
    for (const [own, alone] of folds) {
      expect(own.view, words).toEqual(alone.view);
      // Its candidates that are only judged take their sums fold by fold.
      if (learner !== "linearRegression") expect(own, words).toEqual(alone);
    }
  });
});

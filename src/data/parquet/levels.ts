import { readHybrid } from "./hybrid.ts";
import type { Page } from "./pages.ts";
import type { Scratch } from "./scratch.ts";

export interface Defined {
  /** 1 for each row that has a value, 0 for a missing one; undefined when none is missing. */
  readonly flags: Uint8Array | undefined;
  /** Values in the page. */
  readonly count: number;
}

/** Which rows of a page have a value. The flags lie in `scratch`. */
export function readDefined(page: Page, scratch: Scratch): Defined {
  if (page.levels === undefined || isOneRunOfOnes(page.levels, page.count)) return { flags: undefined, count: page.count };
  const flags = scratch.flags(page.count);
  readHybrid(page.levels, 1, page.count, flags);
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i];
  return { flags: count === page.count ? undefined : flags, count };
}

/** Most nullable columns miss nothing, and say so in one run. */
function isOneRunOfOnes(levels: Uint8Array, count: number): boolean {
  let header = 0;
  let scale = 1;
  for (let at = 0; at < levels.length && at < 5; at++) {
    header += (levels[at] & 127) * scale;
    if (levels[at] < 128) return header % 2 === 0 && header / 2 >= count && levels[at + 1] === 1;
    scale *= 128;
  }
  return false;
}

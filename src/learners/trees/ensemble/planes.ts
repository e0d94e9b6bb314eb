/** Planes in kernel memory: how the numbers of a column become bytes, as assembly/ranks.ts reads it. */
import { float64, type Kernels, uint8, uint32 } from "../../../kernels/kernels.ts";
import { type Guide, guideOf } from "./guide.ts";

export const PLANE_BYTES = 40;

/** Addresses of thresholds and of the guide's cells. */
export interface Placed extends Guide {
  readonly thresholds: number;
  readonly cells: number;
}

/** At most 255 ascending thresholds. */
export function placeThresholds(k: Kernels, thresholds: Float64Array): Placed {
  const guide = guideOf(thresholds);
  // A search that finds no end goes on past the last.
  const room = thresholds.length + 2 ** guide.halvings;
  const own = k.claim(8 * room);
  const cells = k.claim(guide.before.length);
  float64(k, own, room).fill(Number.POSITIVE_INFINITY).set(thresholds);
  uint8(k, cells, guide.before.length).set(guide.before);
  return { ...guide, thresholds: own, cells };
}

/** A plane of `kind` for column `column`; of categories without thresholds. */
export function placePlane(k: Kernels, at: number, kind: number, column: number, placed?: Placed): void {
  const { thresholds = 0, halvings = 0, low = 0, perUnit = 0, cells = 0 } = placed ?? {};
  uint32(k, at, 4).set([kind, column, thresholds, halvings]);
  float64(k, at + 16, 2).set([low, perUnit]);
  uint32(k, at + 32, 1)[0] = cells;
}

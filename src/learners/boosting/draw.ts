/** Which rows an iteration of boosting grows from, and by which it is judged. */
import { hashRow } from "../../kernels/hash.ts";
import { belowOf, type Drawn } from "../trees/draw.ts";
import type { BoostingParams, BoostingState } from "./state.ts";

/** Rows that the trees of this iteration grow from. */
export function sampleOf({ candidate: { params }, trees }: BoostingState): Drawn | null {
  return params.rowSample === 1 ? null : { seed: hashRow(params.seed ^ SAMPLING, trees.length), below: belowOf(params.rowSample) };
}

/** Rows that early stopping judges by. */
export function heldBy({ earlyStoppingRounds, validationShare, seed }: BoostingParams): Drawn | null {
  return earlyStoppingRounds === undefined ? null : { seed: hashRow(seed ^ HOLDING, 0), below: belowOf(validationShare) };
}

/** Keep what is drawn for one purpose apart from what is drawn for another. */
const SAMPLING = 0x5a3b;
const HOLDING = 0x70c1;

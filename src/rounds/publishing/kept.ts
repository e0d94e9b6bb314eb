/** `statistic.bin` of a version: what stands for the rows that it was trained on when new ones are brought in. */
import type { ObjectStore } from "../../ports/object-store.ts";
import { decode, encode } from "../codec.ts";
import { joinLabels, type LabelGroup, trainingLabels } from "../parts/labels.ts";
import type { RunContext, RunState } from "../run.ts";

export interface Kept {
  /** Labels of all training rows. */
  readonly labels: LabelGroup;
  /** The learner's own. */
  readonly kept: unknown;
}

export async function readKept(store: ObjectStore, key: string): Promise<Kept> {
  return decode<Kept>(await store.read(key));
}

/** Null where the learner keeps nothing. */
export function keptBytes({ labels, earlier, candidates }: RunState, context: RunContext): Uint8Array | null {
  const { keep } = context.learner;
  if (keep === undefined || labels === null) return null;
  const own = trainingLabels(labels, null);
  const kept: Kept = {
    labels: joinLabels([...(earlier === null ? [] : [earlier]), own]),
    kept: keep(candidates[candidates.length - 1].state),
  };
  return encode(kept);
}

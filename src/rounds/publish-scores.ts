/** Ends a scoring run: the manifest, which names every file of predictions, is written last. */

import type { Metrics } from "../model/format.ts";
import { writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { RunContext } from "./run.ts";

/** `manifest.json` of a folder of scores. */
export interface ScoresManifest {
  readonly model: { readonly name: string; readonly fingerprint: string };
  readonly rows: number;
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Where the data has the label. */
  readonly metrics?: Metrics;
  readonly warnings: readonly string[];
}

export async function publishScores(store: ObjectStore, outputs: ObjectStore, { plan, model }: RunContext): Promise<{ folder: string }> {
  const { state } = await openCheckpoint(store, plan.run);
  const { scored } = state;
  if (scored === null || model === null || plan.score === undefined) throw new Error("scores must be written before they are published");
  const manifest: ScoresManifest = {
    model: { name: model.name, fingerprint: model.data.fingerprint },
    rows: scored.rows,
    files: scored.files,
    ...(scored.evaluated && { metrics: scored.evaluated.metrics }),
    warnings: scored.evaluated?.warnings ?? [],
  };
  await writeJson(outputs, `${plan.score.output}/manifest.json`, manifest);
  return { folder: plan.score.output };
}

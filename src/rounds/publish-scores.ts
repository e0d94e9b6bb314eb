/** Ends a scoring run: the manifest, which names every file of predictions, is written last. */

import type { ScoresManifest } from "../model/scores.ts";
import { writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { RunContext } from "./run.ts";

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

/** Ends a scoring run: the manifest, which names every file of predictions, is written last. */

import type { ScoresManifest } from "../../model/scores.ts";
import type { ScoredObject } from "../../plan/plan.ts";
import { writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { openCheckpoint } from "../checkpoint.ts";
import { infoOrNull, withoutQuotes } from "../planning/arrival.ts";
import type { Stores } from "../planning/plan-scoring.ts";
import type { RunContext } from "../run.ts";

export interface PublishedScores {
  /** Key of the folder. */
  readonly folder: string;
  /** Etag of the content that replaced the object meanwhile, whose own scoring writes the manifest. */
  readonly replacedBy?: string;
}

export async function publishScores({ store, sources, outputs }: Stores, { plan, model }: RunContext): Promise<PublishedScores> {
  const { state } = await openCheckpoint(store, plan.run);
  const { scored } = state;
  const { score } = plan;
  // What an inspection found stays in the checkpoint, for whoever asked.
  if (score?.inspect !== undefined) return { folder: score.output };
  if (scored === null || model === null || score === undefined) throw new Error("scores must be written before they are published");
  const folder = score.output;
  const replacedBy = score.input && (await replacement(sources, score.input));
  if (replacedBy !== undefined) return { folder, replacedBy };
  const manifest: ScoresManifest = {
    model: { name: model.name, version: score.model.version, fingerprint: model.data.fingerprint },
    ...(score.input && { input: score.input }),
    rows: scored.rows,
    files: scored.files,
    ...(scored.evaluated && { metrics: scored.evaluated.metrics, judged: scored.evaluated.rows }),
    ...(scored.drift && { drift: scored.drift }),
    warnings: scored.evaluated?.warnings ?? [],
  };
  await writeJson(outputs, `${folder}/manifest.json`, manifest);
  return { folder };
}

/** Undefined where the object is what was scored, or gone. */
async function replacement(sources: ObjectStore, { bucket, key, etag }: ScoredObject): Promise<string | undefined> {
  const info = await infoOrNull(sources, `${bucket}/${key}`);
  const now = info === null ? etag : withoutQuotes(info.etag);
  return now === etag ? undefined : now;
}

/**
 * Publishes a model with new rows brought in, as a version beside the one that it follows. Where another version was published meanwhile
 * this one leads nowhere: its rows must be brought into that one, by another run.
 */
import type { ModelJson } from "../../model/format.ts";
import { version as program } from "../../model/version.ts";
import type { UpdatePlan } from "../../plan/plan.ts";
import { ConflictError } from "../../ports/errors.ts";
import { writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { openCheckpoint } from "../checkpoint.ts";
import { infoOrNull, withoutQuotes } from "../planning/arrival.ts";
import type { Stores } from "../planning/plan-scoring.ts";
import type { RunContext, RunState } from "../run.ts";
import { copyObject } from "./copy-object.ts";
import { mergedInto } from "./merged.ts";
import { hashesOf, outcomeOf, type Published, type Version, writeVersion } from "./publish.ts";
import { moveLatest, readLatest } from "./versions.ts";

/** Null where the update has to be planned anew, on the version that is the latest now. */
export async function publishUpdate({ store, sources, outputs }: Stores, context: RunContext): Promise<Published | null> {
  const { run, update } = context.plan;
  if (update === undefined) throw new Error("an update must have a plan of one");
  const folder = `${update.folder}/${run}`;
  const latest = await readLatest(outputs, update.folder);
  if (latest?.version === run) return { folder };
  if (latest?.version !== update.base || (await isReplaced(sources, update))) return null;
  const { state } = await openCheckpoint(store, run);
  const before = `${update.folder}/${update.base}`;
  const merged = [...(await mergedInto(outputs, before)), ...update.objects.map((object) => ({ ...object, version: run }))];
  await writeJson(outputs, `${folder}/merged.json`, merged);
  // Drift goes on being told from the rows of the training.
  await copyObject(outputs, `${before}/profile.json`, outputs, `${folder}/profile.json`);
  await writeVersion(outputs, folder, versionOf(state, context, update));
  try {
    await moveLatest(outputs, update.folder, run, latest);
    return { folder };
  } catch (error) {
    if (error instanceof ConflictError) return null;
    throw error;
  }
}

/** What was read may then be neither the one content nor the other. */
async function isReplaced(sources: ObjectStore, { objects }: UpdatePlan): Promise<boolean> {
  const infos = await Promise.all(objects.map(({ key }) => infoOrNull(sources, key)));
  return infos.some((info, i) => info !== null && withoutQuotes(info.etag) !== withoutQuotes(objects[i].etag));
}

function versionOf(state: RunState, context: RunContext, { base }: UpdatePlan): Version {
  const before = context.model;
  if (before === null || state.dataset === null) throw new Error("an update must have the version that it follows, and rows");
  const { final, trained, described, files, metrics, results } = outcomeOf(state, context);
  const { train, test } = results;
  const model: ModelJson = {
    ...before,
    steplearn: program,
    ...described.readable,
    metrics: { train: train.model.metrics, test: test?.model.metrics ?? null },
    baseline: metrics.baseline,
    loss: final.loss,
    warnings: [...new Set([...described.warnings, ...(test?.model.warnings ?? []), ...train.model.warnings])],
    data: { ...before.data, rows: before.data.rows + state.dataset.rows },
    update: { from: base, trained: before.update?.trained ?? base, rows: state.dataset.rows },
    model: trained,
    blobs: hashesOf(files),
  };
  return { model, metrics, profile: null, ...files };
}

/** A published model and its metrics, for people. */
import { anywhere } from "../adapters/anywhere.ts";
import { keyOf } from "../api/paths.ts";
import { findModel } from "../model/find.ts";
import type { MetricsJson, ModelJson } from "../model/format.ts";
import { readModel } from "../model/read.ts";
import { InputError } from "../ports/errors.ts";
import { exists, readJson } from "../ports/json.ts";

export interface PublishedModel {
  readonly folder: string;
  readonly model: ModelJson;
  readonly metrics: MetricsJson | null;
}

/** `path` is the folder of a version, or the one above it with `pinned.json` or `latest.json`. InputError where there is no model, or one of a newer format. */
export async function publishedModel(path: string): Promise<PublishedModel> {
  const files = anywhere();
  const place = await findModel(files, keyOf(path, "."));
  if (place === null) throw new InputError(`a model must be a folder with model.json or latest.json, got ${path}`);
  const { folder } = place;
  const metrics = `${folder}/metrics.json`;
  return {
    folder,
    model: await readModel(files, `${folder}/model.json`),
    metrics: (await exists(files, metrics)) ? await readJson<MetricsJson>(files, metrics) : null,
  };
}

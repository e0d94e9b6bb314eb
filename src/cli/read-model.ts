/** A published model and its metrics, for people. */
import { join } from "node:path";
import { fileStore } from "../adapters/local/file-store.ts";
import { keyOf } from "../api/execute.ts";
import type { MetricsJson, ModelJson } from "../model/format.ts";
import { readModel } from "../model/read.ts";
import { InputError } from "../ports/errors.ts";
import { exists, readJson } from "../ports/json.ts";

export interface PublishedModel {
  readonly folder: string;
  readonly model: ModelJson;
  readonly metrics: MetricsJson | null;
}

/** `path` is the folder of a version, or the one above it with `latest.json`. InputError where there is no model, or one of a newer format. */
export async function publishedModel(path: string): Promise<PublishedModel> {
  const files = fileStore("/");
  const has = (file: string): Promise<boolean> => exists(files, keyOf(file, "."));
  const folder = (await has(join(path, "model.json"))) ? path : await latestIn(path, has);
  const metrics = join(folder, "metrics.json");
  return {
    folder,
    model: await readModel(files, keyOf(join(folder, "model.json"), ".")),
    metrics: (await has(metrics)) ? await readJson<MetricsJson>(files, keyOf(metrics, ".")) : null,
  };

  async function latestIn(above: string, there: typeof has): Promise<string> {
    const pointer = join(above, "latest.json");
    if (!(await there(pointer))) throw new InputError(`a model must be a folder with model.json or latest.json, got ${above}`);
    const { version } = await readJson<{ version: string }>(files, keyOf(pointer, "."));
    return join(above, version);
  }
}

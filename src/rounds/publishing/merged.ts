/** `merged.json` of a version: the objects whose rows updates have brought in since the training, so that none counts twice. */
import { NotFoundError } from "../../ports/errors.ts";
import { readJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

export interface MergedObject {
  readonly key: string;
  readonly etag: string;
  /** The version that brought it in. */
  readonly version: string;
}

/** Those of a version by the key of its folder; none of one that was trained. */
export async function mergedInto(outputs: ObjectStore, folder: string): Promise<readonly MergedObject[]> {
  try {
    return await readJson<readonly MergedObject[]>(outputs, `${folder}/merged.json`);
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}

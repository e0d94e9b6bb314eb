/** `latest.json` beside a model's versions, moved by conditional writes: of two that publish at once neither is lost unseen. */
import type { Pointer } from "../../model/find.ts";
import { NotFoundError } from "../../ports/errors.ts";
import { readJson, writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

export interface Latest {
  readonly version: string;
  readonly etag: string;
}

const keyOf = (folder: string): string => `${folder}/latest.json`;

/** Null where nothing has been published. */
export async function readLatest(outputs: ObjectStore, folder: string): Promise<Latest | null> {
  try {
    // Were the pointer moved between the two, the etag would be the older one, and whoever writes by it is refused.
    const { etag } = await outputs.info(keyOf(folder));
    const { version } = await readJson<Pointer>(outputs, keyOf(folder));
    return { version, etag };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** ConflictError when another version was published since `from` was read. */
export async function moveLatest(outputs: ObjectStore, folder: string, version: string, from: Latest | null): Promise<void> {
  await writeJson(outputs, keyOf(folder), { version } satisfies Pointer, from === null ? "absent" : { etag: from.etag });
}

/** Versions are named after the runs that made them. */
export const UPDATE = "update-";
export const isUpdate = (version: string): boolean => version.startsWith(UPDATE);

/** A copy of a small object, which may not be there. */
import { NotFoundError } from "../../ports/errors.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

/** The key of the copy; null where there is nothing to copy. */
export async function copyObject(from: ObjectStore, key: string, to: ObjectStore, copy: string): Promise<string | null> {
  try {
    await to.write(copy, await from.read(key));
    return copy;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

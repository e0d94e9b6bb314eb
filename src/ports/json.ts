/** JSON objects in a store. */
import { NotFoundError } from "./errors.ts";
import type { Condition, ObjectStore } from "./object-store.ts";

export async function readJson<T>(store: ObjectStore, key: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await store.read(key))) as T;
}

export function writeJson(store: ObjectStore, key: string, value: unknown, condition?: Condition): Promise<string> {
  return store.write(key, new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`), condition);
}

export async function exists(store: ObjectStore, key: string): Promise<boolean> {
  try {
    await store.info(key);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

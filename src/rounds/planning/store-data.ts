/** Data in memory on its way to a run: an object of the store, named by its content, and from there on a source like any other. */
import { createHash } from "node:crypto";
import { type MemoryData, parquetOf } from "../../data/in-memory.ts";
import { exists } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";

/** Answers the key. The same data is written once, so that its dataset is found again. */
export async function storeData(store: ObjectStore, data: MemoryData): Promise<string> {
  const bytes = parquetOf(data);
  const key = `memory/${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.parquet`;
  if (!(await exists(store, key))) await store.write(key, bytes);
  return key;
}

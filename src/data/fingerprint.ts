/** The name of a dataset. Apart from what reads sources, as threads do, which need no cryptography: it loads for 5 ms. */
import { createHash } from "node:crypto";
import type { ObjectInfo } from "../ports/object-store.ts";

/** Of the files of a dataset and of what reading makes of a source: one more whenever either changes, so that nobody reads what older code left. */
const DATASET_FORMAT = 4;

/** Names a dataset: 32 hexadecimal digits of the SHA-256 of its format, its objects and everything that decides how they are read. The order of keys in `options` does not matter. */
export function fingerprint(objects: readonly ObjectInfo[], options: unknown): string {
  const identity = { format: DATASET_FORMAT, objects: objects.map(({ key, size, etag }) => [key, size, etag]), options };
  return createHash("sha256").update(JSON.stringify(identity, sortKeys)).digest("hex").slice(0, 32);
}

function sortKeys(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

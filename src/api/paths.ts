/** Paths of users and keys of the store that has them. */
import { isAbsolute, relative, resolve } from "node:path";

/** A path as a key of `anywhere`: files begin at the root. A slash at the end, which says that a folder is meant, stays. */
export function keyOf(path: string, folder: string): string {
  if (path.startsWith("s3://")) return path;
  const absolute = isAbsolute(path) ? path : resolve(folder, path);
  return relative("/", resolve(absolute)) + (path.endsWith("/") ? "/" : "");
}

/** The key of a model's folder; its `model.json` may be named instead. */
export const modelKeyOf = (path: string): string => keyOf(path.replace(/\/model\.json$/, ""), ".");

/** The path of a key, as people write it. */
export const pathOf = (key: string): string => (key.startsWith("s3://") ? key : `/${key}`);

/** Paths of users and keys of the store that has them. */
import { resolve } from "node:path";

/** A path as a key of `anywhere`: absolute, if it is no `s3://` one. A slash at the end, which says that a folder is meant, stays. */
export function keyOf(path: string, folder: string): string {
  if (path.startsWith("s3://")) return path;
  const absolute = resolve(folder, path);
  return path.endsWith("/") && absolute !== "/" ? `${absolute}/` : absolute;
}

/** The key of a model's folder; its `model.json` may be named instead. */
export const modelKeyOf = (path: string): string => keyOf(path.replace(/\/model\.json$/, ""), ".");

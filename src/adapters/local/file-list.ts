import { type BigIntStats, type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { InputError } from "../../ports/errors.ts";
import type { ObjectInfo } from "../../ports/object-store.ts";
import { byteOrder, OWN_FILES } from "./keys.ts";

interface Entry {
  readonly name: string;
  readonly found: BigIntStats;
  /** The name, with a slash behind a folder's: what decides the order of whole keys. */
  readonly sortName: string;
}

/**
 * Files below `base` whose key starts with the prefix, in byte order of the keys, a folder at a time. Links are followed, but not into a folder
 * that holds them. Sockets, devices and dangling links are no objects. A base that does not exist holds nothing.
 */
export async function* listFiles(
  base: string,
  prefix: string,
  describe: (found: BigIntStats) => Omit<ObjectInfo, "key">,
): AsyncGenerator<ObjectInfo> {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (prefix.split("/").some((segment) => segment === ".." || segment === ".") || prefix.startsWith("/") || /[\0\\]/.test(prefix)) {
    throw new InputError(`prefix must stay below the store's root, got ${JSON.stringify(prefix)}`);
  }
  yield* walk(folder);

  async function* walk(folder: string): AsyncGenerator<ObjectInfo> {
    for (const { name, found } of entriesOf(join(base, folder))) {
      const key = folder + name;
      if (!key.startsWith(prefix)) continue;
      if (found.isDirectory()) yield* walk(`${key}/`);
      else yield { key, ...describe(found) };
    }
  }
}

/** Synchronous: 4 µs a file instead of 40, and nothing else goes on while a source is listed. */
function entriesOf(path: string): Entry[] {
  const entries: Entry[] = [];
  for (const dirent of read(path)) {
    if (dirent.name.startsWith(OWN_FILES)) continue;
    const found = statSync(join(path, dirent.name), { bigint: true, throwIfNoEntry: false });
    if (found?.isFile()) entries.push({ name: dirent.name, found, sortName: dirent.name });
    else if (found?.isDirectory() && !isCycle(path, dirent)) entries.push({ name: dirent.name, found, sortName: `${dirent.name}/` });
  }
  return entries.sort((a, b) => byteOrder(a.sortName, b.sortName));
}

function read(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code === "EACCES") throw new InputError(`${path} must be a folder that can be read, got permission denied`, { cause: error });
    throw error;
  }
}

function isCycle(path: string, dirent: Dirent): boolean {
  if (!dirent.isSymbolicLink()) return false;
  return `${realpathSync(path)}${sep}`.startsWith(`${realpathSync(join(path, dirent.name))}${sep}`);
}

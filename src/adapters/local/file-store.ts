/**
 * Objects as files below a directory; a key is the path.
 *
 * - Whole or not at all: content is written beside its place and moved there. A killed process leaves at most a hidden file; nothing is synced,
 *   so a power cut may lose what the system had not written yet.
 * - The etag is size, modification time and inode, because listing 10,000 source files must not read them. The kernel's own times move in steps
 *   of milliseconds, in which a file can be replaced twice and get its old inode back; so each write stamps its file with a microsecond of its own.
 * - A condition on an etag is checked under a lock file, for other threads and processes write too. A write without a condition does not ask
 *   for the lock: keys are written with or without conditions, not now so, now so.
 */
import type { BigIntStats } from "node:fs";
import { type FileHandle, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import { BudgetError, ConflictError, InputError, NotFoundError, TransientError } from "../../ports/errors.ts";
import type { Condition, Content, ObjectInfo, ObjectStore } from "../../ports/object-store.ts";
import { listFiles } from "./file-list.ts";
import { locked } from "./file-lock.ts";
import { checkKey, checkRange, OWN_FILES, otherEtag } from "./keys.ts";

/** A store below `root`, which need not exist before the first write. */
export const fileStore = (root: string): ObjectStore => storeOf(resolve(root), "");

/** All files of this machine; a key is the absolute path, so that messages name files as people do. */
export const machineFiles = (): ObjectStore => storeOf("/", "/");

/** `start` is what every key begins with. */
function storeOf(base: string, start: string): ObjectStore {
  const pathOf = (key: string) => {
    if (!key.startsWith(start)) throw new InputError(`object key must begin with ${start}, got ${JSON.stringify(key)}`);
    checkKey(key.slice(start.length));
    return start === "" ? join(base, key) : key;
  };

  return {
    async read(key, startByte = 0, endByte = Number.POSITIVE_INFINITY, into = undefined, etag = undefined) {
      const path = pathOf(key);
      checkRange(key, startByte, endByte);
      const { bytes, found } = await readRange(path, startByte, endByte, into, etag !== undefined).catch((error) =>
        Promise.reject(readError(key, path, error)),
      );
      if (etag !== undefined && found !== etag) throw otherEtag(key, etag, found);
      return bytes;
    },
    async write(key, content, condition = "always") {
      const path = pathOf(key);
      return writeWhole(key, path, content, condition).catch((error) => Promise.reject(writeError(key, path, error)));
    },
    async info(key) {
      const path = pathOf(key);
      const found = await stat(path, { bigint: true }).catch((error) => Promise.reject(readError(key, path, error)));
      if (!found.isFile()) throw new NotFoundError(`object ${key} must exist, got a folder`);
      return { key, ...describe(found) };
    },
    nameOf: pathOf,
    async *list(prefix) {
      for await (const { key, ...rest } of listFiles(base, prefix.slice(start.length), describe)) yield { key: start + key, ...rest };
    },
  };
}

function describe(found: BigIntStats): Omit<ObjectInfo, "key"> {
  const etag = [found.size, found.mtimeNs, found.ino].map((number) => number.toString(36)).join("-");
  return { size: Number(found.size), etag };
}

/** A single read cannot pass 2 GiB. */
const READ_BYTES = 2 ** 30;

/** The etag is that after reading, where it is asked for: a file that is written over meanwhile has a later time by then. */
async function readRange(path: string, startByte: number, endByte: number, into: Uint8Array | undefined, wantsEtag: boolean) {
  await using file = await open(path, "r");
  const bytes =
    into !== undefined && into.length >= endByte - startByte
      ? into.subarray(0, endByte - startByte)
      : await roomFor(file, startByte, endByte);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(READ_BYTES, bytes.length - filled), startByte + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { bytes: bytes.subarray(0, filled), found: wantsEtag ? describe(await file.stat({ bigint: true })).etag : "" };
}

async function roomFor(file: FileHandle, startByte: number, endByte: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  return new Uint8Array(Math.max(0, Math.min(endByte, size) - startByte));
}

async function writeWhole(key: string, path: string, content: Content, condition: Condition): Promise<string> {
  const aside = join(dirname(path), `${OWN_FILES}${ownName()}`);
  const etag = await writeAside(aside, content instanceof Uint8Array ? [content] : content);
  try {
    if (condition === "always") await rename(aside, path);
    else if (condition === "absent") await placeNew(key, aside, path);
    else await locked(path, () => replace(key, aside, path, condition.etag));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  return etag;
}

async function writeAside(path: string, pieces: readonly Uint8Array[]): Promise<string> {
  const create = () => open(path, "wx");
  await using file = await create().catch(async (error) => {
    if (error.code !== "ENOENT") throw error;
    await mkdir(dirname(path), { recursive: true });
    return create();
  });
  try {
    await writeAll(file, pieces);
    const seconds = ownMicrosecond() / 1e6;
    await file.utimes(seconds, seconds);
    return describe(await file.stat({ bigint: true })).etag;
  } catch (error) {
    // On a full disk what has been written of it takes the room that others need.
    await rm(path, { force: true });
    throw error;
  }
}

/** A single write cannot pass 2 GiB either, and may take less than it is given. */
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let rest = pieces.filter(({ length }) => length > 0);
  while (rest.length > 0) rest = behind(rest, (await file.writev(rest)).bytesWritten);
}

/** The pieces without their first bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes;
  const first = pieces.findIndex(({ length }) => {
    if (skip < length) return true;
    skip -= length;
    return false;
  });
  return first === -1 ? [] : [pieces[first].subarray(skip), ...pieces.slice(first + 1)];
}

/** Different in every thread, process and machine that shares the files, without the cryptography of a UUID, which each thread would load. */
const thisThread = [process.pid, threadId, process.hrtime.bigint()].join("-");
let names = 0;

const ownName = (): string => `${thisThread}-${names++}`;

let lastMicrosecond = 0;

/** Now, later than any answer before. The half keeps the system, which cuts fractions off, from rounding down into the one before. */
function ownMicrosecond(): number {
  lastMicrosecond = Math.max(lastMicrosecond + 1, Math.floor((performance.timeOrigin + performance.now()) * 1_000));
  return lastMicrosecond + 0.5;
}

/** A second name for the content is the one way to create a file with content and fail where one is. */
async function placeNew(key: string, aside: string, path: string): Promise<void> {
  await link(aside, path).catch((error) => {
    throw error.code === "EEXIST" ? new ConflictError(`object ${key} must not exist yet`) : error;
  });
  await rm(aside);
}

async function replace(key: string, aside: string, path: string, etag: string): Promise<void> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  const foundTag = found === null ? "no object" : describe(found).etag;
  if (foundTag !== etag) throw otherEtag(key, etag, foundTag);
  await rename(aside, path);
}

const BUSY = ["EMFILE", "ENFILE", "EAGAIN", "EBUSY"];
const REFUSED: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "a read-only file system",
  ENAMETOOLONG: "a name that is too long",
};

/** Gives the file system's errors the port's names. */
function portError(key: string, path: string, verb: "read" | "written", error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (Object.hasOwn(REFUSED, code))
    return new InputError(`${path} must be a file that can be ${verb}, got ${REFUSED[code]}`, { cause: error });
  if (code === "ENOSPC" || code === "EDQUOT")
    return new BudgetError(`${path} must find room on its disk, got a full one (${code})`, { cause: error });
  if (BUSY.includes(code)) return new TransientError(`object ${key} must be reachable, got ${code}`, { cause: error });
  return code === "ENOENT" ? new NotFoundError(`object ${key} must exist`, { cause: error }) : error;
}

function readError(key: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOTDIR" && code !== "EISDIR") return portError(key, path, "read", error);
  return new NotFoundError(`object ${key} must exist, got a folder or what would lie below an object`, { cause: error });
}

function writeError(key: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOTDIR" && code !== "EISDIR" && code !== "EEXIST") return portError(key, path, "written", error);
  return new InputError(`${path} must be neither a folder nor below a file, to be written`, { cause: error });
}

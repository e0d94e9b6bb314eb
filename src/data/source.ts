/** Which objects a job's paths name, and what they are. */
import { posix } from "node:path";
import { ConflictError, InputError, NotFoundError } from "../ports/errors.ts";
import type { ObjectInfo, ObjectStore } from "../ports/object-store.ts";
import type { ByteSource } from "./cut.ts";

export type SourceFormat = "csv" | "parquet";

export interface SourceObject extends ObjectInfo {
  readonly gzip: boolean;
}

const EXTENSIONS: Readonly<Record<string, SourceFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".data": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
};

/** Keys shown when nothing was found, and keys looked at for them. */
const SHOWN = 5;
const LOOKED_AT = 1_000;

/**
 * The objects that the patterns name, each once, in natural order of their keys (part-2 before part-10). A pattern is a key, a glob
 * (`*`, `?`, `[ab]`, `**`, `{a,b}`) where no object has it for a name, or a prefix that ends in `/`. Of globs and prefixes empty objects, names that start with `.` or `_`
 * and checksums (`.crc`) are left out. `given` overrules what the names or, for other names, the first bytes tell.
 * Throws InputError when a pattern names nothing, or when the objects differ in format; `subject` is what the job calls the patterns.
 */
export async function listSource(
  store: ObjectStore,
  patterns: readonly string[],
  given: SourceFormat | undefined,
  subject = "data.path",
): Promise<{ format: SourceFormat; objects: SourceObject[] }> {
  const found = new Map<string, ObjectInfo>();
  for (const pattern of patterns)
    for (const object of await find(store, pattern.replace(/^(\.\/)+/, ""), subject)) found.set(object.key, object);
  if (found.size === 0) throw new InputError(`${subject} must name at least one object, got none`);
  const objects = [...found.values()]
    .sort((a, b) => compareNaturally(a.key, b.key))
    .map((object) => ({ ...object, gzip: object.key.endsWith(".gz") }));
  return { format: given ?? (await commonFormat(store, objects, subject)), objects };
}

/** One object as bytes to read. Reading throws InputError when the object is not the one that was listed any more, or gone. */
export function byteSource(store: ObjectStore, object: ObjectInfo): ByteSource {
  const { key, size, etag } = object;
  const read = async (startByte: number, endByte: number, into?: Uint8Array): Promise<Uint8Array> => {
    const bytes = await store.read(key, startByte, endByte, into, etag).catch((error: unknown) => {
      if (error instanceof ConflictError) throw changed(key, "another content", error);
      if (!(error instanceof NotFoundError)) throw error;
      throw new InputError(`${key} must be there while it is read, got nothing: it was moved or deleted after it was listed`, {
        cause: error,
      });
    });
    const expected = Math.min(size, endByte) - startByte;
    if (bytes.length < expected) throw changed(key, `fewer bytes (${bytes.length} of ${expected} at byte ${startByte})`);
    return bytes;
  };
  return { key, size, read };
}

const changed = (key: string, found: string, cause?: Error): InputError =>
  new InputError(
    `${key} must not change while it is read, got ${found} than it was listed with; start again once it is complete, and give new content a new name`,
    { cause },
  );

/** `named` is what the user wrote: a prefix may come without its slash. */
async function find(store: ObjectStore, pattern: string, subject: string, named = pattern): Promise<ObjectInfo[]> {
  const isGlob = /[*?[{]/.test(pattern);
  // Who may list a prefix only is told of an object that is not there, as a pattern is none, that it is forbidden.
  let refused: InputError | null = null as InputError | null;
  if (!pattern.endsWith("/")) {
    const object = await infoOrNull(store, pattern).catch((error) => {
      if (!(error instanceof InputError)) throw error;
      refused = error;
      return null;
    });
    if (object?.size === 0) throw new InputError(`${subject} ${pattern} must hold data, got an empty object`);
    if (object !== null) return [object];
    if (!isGlob) return find(store, `${pattern}/`, subject, pattern).catch((error) => Promise.reject(refused ?? error));
  }
  const prefix = isGlob ? pattern.slice(0, pattern.search(/[*?[{]/)) : pattern;
  const directory = directoryOf(prefix);
  const found: ObjectInfo[] = [];
  const [others, hidden]: [string[], string[]] = [[], []];
  for await (const object of store.list(prefix)) {
    const isData = object.size > 0 && !isHidden(object.key.slice(directory.length));
    if (isData && (!isGlob || posix.matchesGlob(object.key, pattern))) found.push(object);
    else note(isData || object.size === 0 ? others : hidden, object.size === 0 ? `${object.key} (empty)` : object.key);
  }
  if (found.length === 0 && refused !== null) throw refused;
  if (found.length === 0)
    throw nothingFound(
      subject,
      named,
      others.length > 0 ? others : hidden.length > 0 ? hidden : await firstKeys(store, directoryOf(named)),
    );
  return found;
}

/** Marks, logs and unfinished writes of Hadoop and Spark (`_SUCCESS`, `_temporary/`, `.part.crc`), and of people's desktops. */
const isHidden = (path: string): boolean =>
  path.endsWith(".crc") || path.split("/").some((name) => name.startsWith(".") || name.startsWith("_"));

async function infoOrNull(store: ObjectStore, key: string): Promise<ObjectInfo | null> {
  try {
    return await store.info(key);
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

const directoryOf = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);

const nothingFound = (subject: string, pattern: string, there: readonly string[]): InputError =>
  new InputError(`${subject} must name at least one object with data, got none for ${pattern} (there: ${there.join(", ") || "nothing"})`);

/** The first ones only. */
function note(keys: string[], key: string): void {
  if (keys.length < SHOWN) keys.push(key);
}

/** Hidden ones only where there is nothing else. */
async function firstKeys(store: ObjectStore, prefix: string): Promise<string[]> {
  const [shown, hidden]: [string[], string[]] = [[], []];
  let looked = 0;
  for await (const { key } of store.list(prefix)) {
    note(isHidden(key.slice(prefix.length)) ? hidden : shown, key);
    if (shown.length === SHOWN || ++looked === LOOKED_AT) break;
  }
  return shown.length > 0 ? shown : hidden;
}

async function commonFormat(store: ObjectStore, objects: readonly SourceObject[], subject: string): Promise<SourceFormat> {
  const formats = await Promise.all(objects.map((object) => formatOf(store, object)));
  const other = formats.findIndex((format) => format !== formats[0]);
  if (other === -1) return formats[0];
  throw new InputError(
    `${subject} must name objects of one format, got ${objects[0].key} (${formats[0]}) and ${objects[other].key} (${formats[other]}) (narrow the pattern)`,
  );
}

async function formatOf(store: ObjectStore, { key }: SourceObject): Promise<SourceFormat> {
  const known = EXTENSIONS[posix.extname(key.replace(/\.gz$/, "")).toLowerCase()];
  if (known !== undefined || key.endsWith(".gz")) return known ?? "csv";
  const magic = await store.read(key, 0, 4);
  return new TextDecoder().decode(magic) === "PAR1" ? "parquet" : "csv";
}

/** Runs of digits compare as numbers; keys that are then equal (1 and 01) as text. */
function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareRuns(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(a, b);
}

function compareRuns(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return compareText(a, b);
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length - y.length || compareText(x, y);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

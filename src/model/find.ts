/** Which version of a model is meant by its folder. */
import { InputError, NotFoundError } from "../ports/errors.ts";
import { exists, readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";

/** `latest.json`, which publishing moves, and `pinned.json`, which a user writes. */
export interface Pointer {
  readonly version: string;
}

export interface ModelPlace {
  /** Key of the folder with `model.json`. */
  readonly folder: string;
  readonly version: string;
}

/**
 * The model of a folder: the version in it where it has `model.json` itself, otherwise the one that `pinned.json` names, and without a
 * pin the one that `latest.json` names. Null where there is none of the three. InputError for a pin on a version that is not there.
 */
export async function findModel(store: ObjectStore, folder: string): Promise<ModelPlace | null> {
  if (await exists(store, `${folder}/model.json`)) return { folder, version: folder.slice(folder.lastIndexOf("/") + 1) };
  const pinned = await pointer(store, `${folder}/pinned.json`);
  const version = (pinned ?? (await pointer(store, `${folder}/latest.json`)))?.version;
  if (version === undefined) return null;
  if (pinned !== null && !(await exists(store, `${folder}/${version}/model.json`)))
    throw new InputError(`${folder}/pinned.json must name a version of the model, got ${JSON.stringify(version)}`);
  return { folder: `${folder}/${version}`, version };
}

async function pointer(store: ObjectStore, key: string): Promise<Pointer | null> {
  const found = await readJson<Pointer>(store, key).catch((error: unknown) => {
    if (error instanceof NotFoundError) return null;
    if (error instanceof SyntaxError) return {} as Partial<Pointer>;
    throw error;
  });
  if (found === null) return null;
  const { version } = found;
  if (typeof version !== "string" || !/^[^/]+$/.test(version)) throw new InputError(`${key} must be {"version": "the name of a version"}`);
  return { version };
}

/** Shown of what is there. */
const SHOWN = 20;

/** Names of the models below a prefix, for messages; the first few of many. */
export async function modelNames(store: ObjectStore, prefix: string): Promise<string[]> {
  const names = new Set<string>();
  for await (const { key } of store.list(prefix)) {
    if (key.endsWith("/latest.json")) names.add(key.slice(prefix.length, -"/latest.json".length));
    if (names.size === SHOWN) break;
  }
  return [...names];
}

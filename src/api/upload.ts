/** Small tables of this machine on their way to a stack's bucket, so that a job that trains here trains there. */
import { createHash } from "node:crypto";
import { anywhere } from "../adapters/anywhere.ts";
import { listSource } from "../data/source.ts";
import type { Job } from "../job/job.ts";
import { InputError, NotFoundError } from "../ports/errors.ts";
import type { ObjectInfo, ObjectStore } from "../ports/object-store.ts";
import { PREFIXES } from "../workflow/stack.ts";
import { keyOf } from "./paths.ts";

/** Of all files of a job together: a minute on a line of 30 Mbit/s. */
const UPLOADED_BYTES = 200 * 2 ** 20;

export interface Bucket {
  /** `s3://bucket/`. */
  readonly home: string;
  readonly store: ObjectStore;
}

/** The job with its local data in the bucket; `folder` is what its paths are relative to. InputError where they are too large for that. */
export async function uploadData(job: Job, folder: string, bucket: Bucket): Promise<Job> {
  const place = (paths: readonly string[]): Promise<string[]> => uploaded(paths, folder, job, bucket);
  const data = { ...job.data, paths: await place(job.data.paths) };
  const split = job.split.kind === "path" ? { ...job.split, paths: await place(job.split.paths) } : job.split;
  return { ...job, data, split };
}

async function uploaded(paths: readonly string[], folder: string, job: Job, { home, store }: Bucket): Promise<string[]> {
  const local = paths.filter((path) => !path.startsWith("s3://"));
  const remote = paths.filter((path) => path.startsWith("s3://"));
  if (local.length === 0) return remote;
  const files = anywhere();
  const { objects } = await listSource(
    files,
    local.map((path) => keyOf(path, folder)),
    job.data.format,
  );
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  if (bytes > UPLOADED_BYTES) throw tooLarge(objects, bytes, home, job.name);
  const contents: { key: string; bytes: Uint8Array }[] = [];
  for (const { key } of objects) contents.push({ key, bytes: await files.read(key) });
  // Named after their content: the same files are uploaded once, and read as the same dataset.
  const hash = createHash("sha256");
  for (const { key, bytes: content } of contents) hash.update(`${nameOf(key)}\0${content.length}\0`).update(content);
  const prefix = `${PREFIXES.data}${hash.digest("hex").slice(0, 16)}/`;
  const keys = contents.map(({ key }, i) => prefix + (names(contents).length === contents.length ? "" : `${i}-`) + nameOf(key));
  for (const [i, key] of keys.entries()) {
    if (!(await isThere(store, key, contents[i].bytes.length))) await store.write(key, contents[i].bytes);
  }
  return [...keys.map((key) => home + key), ...remote];
}

const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
const names = (contents: readonly { key: string }[]): string[] => [...new Set(contents.map(({ key }) => nameOf(key)))];

async function isThere(store: ObjectStore, key: string, size: number): Promise<boolean> {
  try {
    return (await store.info(key)).size === size;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

function tooLarge(objects: readonly ObjectInfo[], bytes: number, home: string, name: string): InputError {
  const [first] = objects;
  const what = objects.length === 1 ? first.key : `${objects.length} files`;
  const megabytes = (n: number): string => `${Math.ceil(n / 2 ** 20)} MB`;
  return new InputError(
    `data.path must lie in S3 for a training on AWS when it is larger than ${megabytes(UPLOADED_BYTES)}, got ${what} of ${megabytes(bytes)}; upload it: aws s3 cp ${first.key} ${home}${PREFIXES.data}${name}/, and name that place in the job`,
  );
}

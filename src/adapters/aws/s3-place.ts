/** Which object of S3 a key means. */
import { InputError, NotFoundError } from "../../ports/errors.ts";
import { checkKey } from "../local/keys.ts";

/** As the commands of the SDK take it. */
export interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

export interface Addressing {
  /** InputError for a key that this store does not take, NotFoundError for one that can be no object. */
  place(key: string): Place;
  /** What to list for a prefix, and the key of an object found there; null where nothing can be. */
  under(prefix: string): { readonly place: Place; keyOf(objectKey: string): string } | null;
}

export const uriOf = ({ Bucket, Key }: Place): string => `s3://${Bucket}/${Key}`;

/** Keys below a prefix (empty, or with a slash at its end) of one bucket. They are our own and keep the rules of a file system too. */
export function inBucket(bucket: string, prefix: string): Addressing {
  return {
    place: (key) => {
      checkKey(key);
      return { Bucket: bucket, Key: prefix + key };
    },
    under: (under) => ({ place: { Bucket: bucket, Key: prefix + under }, keyOf: (objectKey) => objectKey.slice(prefix.length) }),
  };
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;
const PARTS = /^((?:s3:\/\/)?)([^/]*)(?:\/([\s\S]*))?$/;

/** All of S3: keys are `s3://bucket/key`, or the same without the scheme, and the users' own: any that S3 takes. */
export const allBuckets: Addressing = {
  place: (key) => {
    const { bucket, rest } = split(key);
    if (rest === "") throw new NotFoundError(`object ${key} must exist, got a bucket`);
    return { Bucket: bucket, Key: rest };
  },
  under: (prefix) => {
    const { scheme, bucket, rest } = split(prefix);
    if (bucket === "") return null;
    return { place: { Bucket: bucket, Key: rest }, keyOf: (objectKey) => `${scheme}${bucket}/${objectKey}` };
  },
};

function split(key: string): { scheme: string; bucket: string; rest: string } {
  const [, scheme = "", bucket = "", rest = ""] = PARTS.exec(key) ?? [];
  if ((bucket !== "" || rest !== "") && !BUCKET.test(bucket)) {
    throw new InputError(`a place in S3 must be s3://bucket/key with a bucket's name, got ${JSON.stringify(key)}`);
  }
  return { scheme, bucket, rest };
}

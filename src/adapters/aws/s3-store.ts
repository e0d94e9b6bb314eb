/**
 * Objects in S3. Reads and writes of what is large go side by side, slow reads are sent twice, conditions are S3's own
 * (`If-None-Match`, `If-Match`); busy or broken answers are tried again by the SDK and end in TransientError.
 */
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ObjectInfo, ObjectStore } from "../../ports/object-store.ts";
import { checkRange, otherEtag } from "../local/keys.ts";
import { s3Client } from "./clients.ts";
import { createHedge, type Hedge } from "./hedge.ts";
import { portError, statusOf, type Verb } from "./s3-errors.ts";
import { type Addressing, allBuckets, inBucket, type Place, uriOf } from "./s3-place.ts";
import { createReader } from "./s3-read.ts";
import { writeObject } from "./s3-write.ts";

export interface S3Options {
  /** One for all stores of a process where left out. */
  readonly client?: S3Client;
  readonly hedge?: Hedge;
  /** Milliseconds until the first bytes of an answer are slow. */
  readonly slowMillis?: number;
}

/** The objects of a bucket, below a prefix that is empty or ends in a slash. */
export const s3Bucket = (bucket: string, prefix = "", options: S3Options = {}): ObjectStore => s3Store(inBucket(bucket, prefix), options);

/** All of S3, as the file store of the root is all of a disk: keys are `s3://bucket/key`, or `bucket/key`. */
export const s3Root = (options: S3Options = {}): ObjectStore => s3Store(allBuckets, options);

let shared: S3Client | undefined;

function sharedClient(): S3Client {
  shared ??= s3Client();
  return shared;
}

function s3Store(addressing: Addressing, { client = sharedClient(), hedge = createHedge(), slowMillis }: S3Options): ObjectStore {
  const reader = createReader(client, hedge, slowMillis);
  const named = <T>(verb: Verb, place: Place, work: Promise<T>): Promise<T> =>
    work.catch((error) => Promise.reject(portError(error, verb, place)));

  const info = async (key: string): Promise<ObjectInfo> => {
    const place = addressing.place(key);
    const asked = client.send(new HeadObjectCommand({ ...place })).catch(async (error) => {
      // The answer to a HEAD has no body to say why: of credentials that have expired the first byte is asked for to be told.
      if (statusOf(error) === 400) await client.send(new GetObjectCommand({ ...place, Range: "bytes=0-0" }));
      throw error;
    });
    const found = await named("read", place, asked);
    return { key, size: found.ContentLength ?? 0, etag: found.ETag ?? "" };
  };

  return {
    info,
    async read(key, startByte = 0, endByte = Number.POSITIVE_INFINITY, into = undefined, etag = undefined) {
      const place = addressing.place(key);
      checkRange(key, startByte, endByte);
      if (startByte < endByte) return named("read", place, reader.read(place, startByte, endByte, into, etag));
      const found = await info(key);
      if (etag !== undefined && found.etag !== etag) throw otherEtag(key, etag, found.etag);
      return new Uint8Array(0);
    },
    async write(key, content, condition = "always") {
      const place = addressing.place(key);
      return named("write", place, writeObject(client, place, content, condition));
    },
    nameOf: (key) => uriOf(addressing.place(key)),
    async *list(prefix) {
      const under = addressing.under(prefix);
      if (under === null) return;
      const { place, keyOf } = under;
      const pages = paginateListObjectsV2({ client }, { Bucket: place.Bucket, Prefix: place.Key, EncodingType: "url" })[
        Symbol.asyncIterator
      ]();
      for (;;) {
        const { value: page, done } = await named("list", place, pages.next());
        if (done === true) return;
        for (const { Key = "", Size = 0, ETag = "" } of page.Contents ?? []) {
          const name = decoded(Key);
          // A folder that the console made: no object, though S3 keeps one for it.
          if (!name.endsWith("/")) yield { key: keyOf(name), size: Size, etag: ETag };
        }
      }
    },
  };
}

/** XML cannot say every key, so S3 is asked to write them as in a URL's query. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll("+", " "));

/**
 * Writing to S3: one request, or parts side by side where the object is large. Both are whole or nothing, and both take a condition.
 *
 * A conditional write may have happened although its answer was lost; the next try then finds the condition broken by itself. So such writes
 * carry a name of their own, by which the object tells whose it is.
 */
import { randomUUID } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { ConflictError, TransientError } from "../../ports/errors.ts";
import type { Condition, Content } from "../../ports/object-store.ts";
import { statusOf } from "./s3-errors.ts";
import { type Place, uriOf } from "./s3-place.ts";

/** Up to here in one request. */
const WHOLE_BYTES = 16 * 2 ** 20;
const PART_BYTES = 8 * 2 ** 20;
const PARTS_AT_ONCE = 4;
/** S3's limit. */
const MAX_PARTS = 10_000;
/** Concurrent writes of one key answer 409; then it is to be tried again ("Conditional requests", S3 user guide). */
const TRIES = 6;
const PAUSE_MILLIS = 50;

/** Metadata of the object. */
const WRITER = "steplearn-write";

interface Write {
  readonly place: Place;
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly condition: { readonly IfNoneMatch?: "*"; readonly IfMatch?: string };
  readonly writer: string;
}

/** Answers the new etag. ConflictError when the condition does not hold. */
export async function writeObject(client: S3Client, place: Place, content: Content, condition: Condition): Promise<string> {
  const pieces = content instanceof Uint8Array ? [content] : content;
  const write: Write = {
    place,
    pieces,
    bytes: pieces.reduce((sum, { length }) => sum + length, 0),
    condition: condition === "always" ? {} : condition === "absent" ? { IfNoneMatch: "*" } : { IfMatch: condition.etag },
    writer: randomUUID(),
  };
  const attempt = write.bytes <= WHOLE_BYTES ? putWhole : putParts;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(client, write);
    } catch (error) {
      const status = statusOf(error);
      const failed = status === 412 || (status === 404 && isConditional(write, error));
      // An upload that is not there any more may be one that was completed.
      if (failed || (error as Error).name === "NoSuchUpload") {
        const etag = await ownEtag(client, write);
        if (etag !== null) return etag;
        if (failed) throw conflict(write, error);
      } else if (status !== 409) throw error;
      if (tries === TRIES) throw new TransientError(`object ${uriOf(place)} must get its turn to be written`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS * 2 ** tries));
    }
  }
}

/** An object that should have had an etag is not there at all. */
const isConditional = ({ condition }: Write, error: unknown): boolean =>
  condition.IfMatch !== undefined && (error as Error).name === "NoSuchKey";

function conflict({ place, condition }: Write, cause: unknown): ConflictError {
  const rule = condition.IfMatch === undefined ? "must not exist yet" : `must still have the etag ${condition.IfMatch}`;
  return new ConflictError(`object ${uriOf(place)} ${rule}`, { cause });
}

/** The etag of the object where it is the one that we wrote. */
async function ownEtag(client: S3Client, { place, writer }: Write): Promise<string | null> {
  try {
    const found = await client.send(new HeadObjectCommand({ ...place }));
    return found.Metadata?.[WRITER] === writer ? (found.ETag ?? null) : null;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function putWhole(client: S3Client, { place, pieces, bytes, condition, writer }: Write): Promise<string> {
  const Metadata = Object.keys(condition).length === 0 ? undefined : { [WRITER]: writer };
  const Body = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, bytes);
  const { ETag } = await client.send(new PutObjectCommand({ ...place, ...condition, Metadata, Body, ContentLength: bytes }));
  return ETag ?? "";
}

async function putParts(client: S3Client, { place, pieces, bytes, condition, writer }: Write): Promise<string> {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...place, Metadata: { [WRITER]: writer }, ChecksumAlgorithm: "CRC32" }),
  );
  const upload = { ...place, UploadId };
  const partBytes = Math.max(PART_BYTES, Math.ceil(bytes / MAX_PARTS));
  const count = Math.ceil(bytes / partBytes);
  try {
    const parts: { PartNumber: number; ETag?: string; ChecksumCRC32?: string }[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let part = next++; part < count; part = next++) {
        const Body = slice(pieces, part * partBytes, Math.min(bytes, (part + 1) * partBytes));
        const asked = { ...upload, PartNumber: part + 1, Body, ContentLength: Body.length, ChecksumAlgorithm: "CRC32" as const };
        const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand(asked));
        parts[part] = { PartNumber: part + 1, ETag, ChecksumCRC32 };
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work));
    const { ETag } = await client.send(new CompleteMultipartUploadCommand({ ...upload, ...condition, MultipartUpload: { Parts: parts } }));
    return ETag ?? "";
  } catch (error) {
    // What stays behind costs until the bucket's lifecycle rule removes it.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

/** Bytes [from, to) of the pieces one after the other. */
function slice(pieces: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const found: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    const [first, end] = [Math.max(0, from - at), Math.min(piece.length, to - at)];
    if (first < end) found.push(piece.subarray(first, end));
    at += piece.length;
    if (at >= to) break;
  }
  return found.length === 1 ? found[0] : Buffer.concat(found);
}

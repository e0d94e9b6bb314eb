/**
 * Reading from S3: a connection gives about 85 MB/s whatever the function, so what is large is read in ranges side by side (S3's performance
 * guidelines: 8-16 MB each).
 */
import { addAbortSignal, type Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { TransientError } from "../../ports/errors.ts";
import { otherEtag } from "../local/keys.ts";
import { isPassing } from "./clients.ts";
import type { Hedge } from "./hedge.ts";
import { statusOf } from "./s3-errors.ts";
import { type Place, uriOf } from "./s3-place.ts";

/** A range, and how many of one read are on their way at once. */
const RANGE_BYTES = 8 * 2 ** 20;
const RANGES_AT_ONCE = 8;
/** A range whose length is asked for is taken to exist up to here, so that its pieces need not wait for the first. */
const TRUSTED_BYTES = 2 ** 28;
/** First bytes come within 0.2 s, and then 20 MB/s at least; what takes much longer is asked for again. */
const SLOW_MILLIS = 1_000;
const SLOW_BYTES_PER_MILLI = 20_000;
/** The SDK tries again until an answer begins; what breaks inside its body, or is replaced meanwhile, is up to us. */
const TRIES = 4;
const PAUSE_MILLIS = 100;

interface Piece {
  readonly bytes: Uint8Array;
  readonly etag: string;
  /** Of the whole object. */
  readonly size: number;
}

/** The object is no longer the one whose pieces are being read. */
class Replaced extends Error {}

export interface Reader {
  /**
   * Bytes [startByte, endByte) with startByte < endByte; all of one content, also while the object is replaced. ConflictError when that is
   * not the one of the etag.
   */
  read(place: Place, startByte: number, endByte: number, into?: Uint8Array, etag?: string): Promise<Uint8Array>;
}

export function createReader(client: S3Client, hedge: Hedge, slowMillis = SLOW_MILLIS): Reader {
  const piece = (place: Place, startByte: number, endByte: number, etag?: string, room?: Uint8Array): Promise<Piece> =>
    again(() =>
      hedge.run(
        // The two must not write into the same memory.
        (signal, second) => getPiece(client, { place, startByte, endByte, etag, room: second ? undefined : room }, signal),
        slowMillis + (endByte - startByte) / SLOW_BYTES_PER_MILLI,
      ),
    );

  /** Pieces [startByte, endByte), side by side, into `whole`. Answers how many bytes there were. */
  const pieces = async (place: Place, startByte: number, endByte: number, whole: Uint8Array, known?: string): Promise<number> => {
    const count = Math.ceil((endByte - startByte) / RANGE_BYTES);
    const edge = (i: number): number => Math.floor(((endByte - startByte) * i) / count);
    const lengths: number[] = [];
    let etag = known;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let i = next++; i < count; i = next++) {
        const room = whole.subarray(edge(i), edge(i + 1));
        const found = await piece(place, startByte + edge(i), startByte + edge(i + 1), known, room);
        if (found.bytes.buffer !== whole.buffer) room.set(found.bytes);
        if (found.bytes.length > 0 && etag !== undefined && found.etag !== etag) throw new Replaced();
        if (found.bytes.length > 0) etag = found.etag;
        lengths[i] = found.bytes.length;
      }
    };
    await Promise.all(Array.from({ length: Math.min(count, RANGES_AT_ONCE) }, work));
    return lengths.reduce((sum, length) => sum + length, 0);
  };

  const readOnce = async (place: Place, startByte: number, endByte: number, into?: Uint8Array, known?: string): Promise<Uint8Array> => {
    const length = endByte - startByte;
    const lent = into !== undefined && into.length >= length ? into.subarray(0, length) : undefined;
    if (length <= RANGE_BYTES) return (await piece(place, startByte, endByte, known, lent)).bytes;
    if (length <= TRUSTED_BYTES) {
      const whole = lent ?? new Uint8Array(length);
      return whole.subarray(0, await pieces(place, startByte, endByte, whole, known));
    }
    // How long it is, the first piece tells.
    const first = await piece(place, startByte, startByte + RANGE_BYTES, known);
    const end = Math.min(endByte, Math.max(first.size, startByte + first.bytes.length));
    if (first.bytes.length === end - startByte) return first.bytes;
    const whole =
      into !== undefined && into.length >= end - startByte ? into.subarray(0, end - startByte) : new Uint8Array(end - startByte);
    whole.set(first.bytes);
    const from = first.bytes.length;
    const rest = await pieces(place, startByte + from, end, whole.subarray(from), first.etag);
    return whole.subarray(0, from + rest);
  };

  const readThis = (place: Place, startByte: number, endByte: number, into: Uint8Array | undefined, etag: string): Promise<Uint8Array> =>
    readOnce(place, startByte, endByte, into, etag).catch((error) => {
      throw isReplaced(error) ? otherEtag(uriOf(place), etag, "another") : error;
    });

  return {
    read: (place, startByte, endByte, into, etag) =>
      etag === undefined
        ? again(() => readOnce(place, startByte, endByte, into), isReplaced)
        : readThis(place, startByte, endByte, into, etag),
  };
}

interface Asked {
  readonly place: Place;
  readonly startByte: number;
  readonly endByte: number;
  /** The object must still be this one. */
  readonly etag?: string;
  /** Memory for the bytes, of just the length asked for. */
  readonly room?: Uint8Array;
}

async function getPiece(client: S3Client, { place, startByte, endByte, etag, room }: Asked, signal: AbortSignal): Promise<Piece> {
  const range = { Range: `bytes=${startByte}-${endByte - 1}`, ...(etag !== undefined && { IfMatch: etag }) };
  const command = new GetObjectCommand({ ...place, ...range });
  const answer = await client.send(command, { abortSignal: signal }).catch((error) => {
    // Nothing there at or behind the start: also in an object without bytes.
    if (statusOf(error) === 416) return null;
    throw statusOf(error) === 412 ? new Replaced() : error;
  });
  if (answer === null) return { bytes: new Uint8Array(0), etag: etag ?? "", size: 0 };
  const length = answer.ContentLength ?? 0;
  const bytes = room?.subarray(0, length) ?? new Uint8Array(length);
  let filled = 0;
  for await (const chunk of addAbortSignal(signal, answer.Body as Readable) as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted();
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== length)
    throw new TransientError(`object ${uriOf(place)} must arrive whole, got ${filled} of ${length} bytes at byte ${startByte}`);
  const size = Number(/\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1] ?? startByte + length);
  return { bytes, etag: answer.ETag ?? "", size };
}

const isReplaced = (error: unknown): boolean => error instanceof Replaced;
const isBroken = (error: unknown): boolean => error instanceof TransientError || isPassing(error);

async function again<T>(attempt: () => Promise<T>, isWorthIt = isBroken): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWorthIt(error) || tries === TRIES) {
        throw isReplaced(error) && tries === TRIES
          ? new TransientError("an object must not be replaced all the time while it is read")
          : error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS * 2 ** (tries - 1)));
    }
  }
}

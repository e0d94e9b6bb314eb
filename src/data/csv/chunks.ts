/** The bytes of a piece of the source, in order and in portions, read ahead while the ones before are worked on. */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../ports/errors.ts";
import type { ByteSource } from "../cut.ts";
import { notGzip } from "../gunzip.ts";
import { type RoomRead, withRooms } from "../rooms.ts";

/** Bytes of one read: large enough for the latency of an object store, small enough that three fit beside a part. */
const READ_BYTES = 4 * 2 ** 20;
/** Of the first read, as parsing waits for it. */
const FIRST_BYTES = 512 * 2 ** 10;
/** Read beyond the end of a piece at once, for the row that it ends in. */
const TAIL_BYTES = 16 * 2 ** 10;
/** Reads under way while a portion is worked on. */
const READS_AHEAD = 2;

/**
 * Bytes [startByte, ...): up to endByte without a portion across it, then on to the end of the object for as long as asked. A portion
 * holds until the next one is asked for.
 */
export function rangeChunks(source: ByteSource, startByte: number, endByte: number): AsyncGenerator<Uint8Array, void, void> {
  return withRooms(READS_AHEAD + 1, READ_BYTES + TAIL_BYTES, (read) => portions(source, startByte, endByte, read));
}

async function* portions(
  source: ByteSource,
  startByte: number,
  endByte: number,
  readRoom: RoomRead,
): AsyncGenerator<Uint8Array, void, void> {
  const ahead: Promise<Uint8Array>[] = [];
  let next = startByte;
  const read = (): void => {
    const most = next === startByte ? FIRST_BYTES : READ_BYTES;
    const to = endByte - next <= most ? Math.min(endByte + TAIL_BYTES, source.size) : next + most;
    const bytes = whole(source, next, to, readRoom(source, next, to));
    // Whoever waits for it sees the failure; nobody may be waiting yet, or any more.
    bytes.catch(() => {});
    ahead.push(bytes);
    next = to;
  };
  let at = startByte;
  while (at < endByte) {
    while (next < endByte && ahead.length <= READS_AHEAD) read();
    const bytes = (await ahead.shift()) as Uint8Array;
    yield bytes.subarray(0, endByte - at);
    if (bytes.length > endByte - at) yield bytes.subarray(endByte - at);
    at += bytes.length;
  }
  for (let step = TAIL_BYTES; at < source.size; step = Math.min(2 * step, READ_BYTES)) {
    const to = Math.min(at + step, source.size);
    const bytes = await whole(source, at, to, source.read(at, to));
    yield bytes;
    at += bytes.length;
  }
}

async function whole(source: ByteSource, startByte: number, endByte: number, read: Promise<Uint8Array>): Promise<Uint8Array> {
  const bytes = await read;
  if (bytes.length === endByte - startByte) return bytes;
  throw new InputError(`${source.key} must have ${source.size} bytes as listed, got ${startByte + bytes.length}`);
}

/** The stream asks for the next portion before it is done with the one it has. */
async function* copies(source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  for await (const bytes of rangeChunks(source, 0, source.size)) yield bytes.slice();
}

/** The text of a gzip object, at most `portionBytes` at a time; no more of it is in memory. InputError when it is damaged. */
export async function* gunzipChunks(source: ByteSource, portionBytes: number): AsyncGenerator<Uint8Array, void, void> {
  const gunzip = createGunzip({ chunkSize: portionBytes });
  pipeline(Readable.from(copies(source)), gunzip, () => {});
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw notGzip(source.key, error);
  }
}

/** The pages of a column chunk: https://parquet.apache.org/docs/file-format/data-pages/ */
import type { CompressionCodec, Encoding } from "hyparquet";
import { InputError } from "../../ports/errors.ts";
import { decompress, MAX_PAGE_BYTES } from "./decompress.ts";
import { type PageBody, readHeader } from "./header.ts";
import type { PageMemory } from "./memory.ts";

export interface Page {
  /** Distinct values that later pages point to, or the values of rows. */
  readonly isDictionary: boolean;
  /** Rows, missing ones included; entries of a dictionary. */
  readonly count: number;
  readonly encoding: Encoding;
  /** Definition levels in the hybrid encoding: 1 for a value, 0 for a missing one. Undefined where none can be missing. */
  readonly levels: Uint8Array | undefined;
  /** Encoded values. */
  readonly values: Buffer;
}

/** The pages of a chunk, in order, uncompressed. A page holds until the next is taken. Throws InputError or RangeError. */
export function* readPages(chunk: Uint8Array, codec: CompressionCodec, nullable: boolean, memory: PageMemory): Generator<Page> {
  const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 };
  while (reader.offset < chunk.length) {
    const { bytes, compressedBytes, body } = readHeader(reader);
    const endByte = reader.offset + compressedBytes;
    if (!(endByte >= reader.offset && endByte <= chunk.length)) throw new RangeError("a page ends behind its column");
    const page = chunk.subarray(reader.offset, endByte);
    reader.offset = endByte;
    if (body !== undefined) yield readPage(body, page, bytes, codec, nullable, memory);
  }
}

function readPage(body: PageBody, page: Uint8Array, size: number, codec: CompressionCodec, nullable: boolean, memory: PageMemory): Page {
  const { kind, count, encoding } = body;
  if (kind === "dictionary") {
    // Every entry takes a byte at least: a damaged count asks for no memory.
    if (!(count >= 0 && count <= Math.min(size, MAX_PAGE_BYTES))) throw new RangeError(`a dictionary of ${count} values`);
    memory.open(count);
    return { isDictionary: true, count, encoding, levels: undefined, values: buffer(decompress(codec, page, size, memory)) };
  }
  if (kind === "data") {
    const whole = decompress(codec, page, size, memory);
    const { levels, values } = nullable ? splitLevels(whole, body.levelEncoding) : { levels: undefined, values: whole };
    return { isDictionary: false, count, encoding, levels, values: buffer(values) };
  }
  // Levels lie before the values and are never compressed.
  const { repetitionBytes, definitionBytes } = body;
  const levelBytes = repetitionBytes + definitionBytes;
  const rest = page.subarray(levelBytes);
  const values = body.isCompressed ? decompress(codec, rest, size - levelBytes, memory) : rest;
  const levels = nullable ? page.subarray(repetitionBytes, levelBytes) : undefined;
  return { isDictionary: false, count, encoding, levels, values: buffer(values) };
}

/** In pages of version 1 the levels are compressed with the values, after their length. */
function splitLevels(page: Uint8Array, encoding: Encoding): { levels: Uint8Array; values: Uint8Array } {
  if (encoding !== "RLE") throw new InputError(`definition levels must be RLE, got ${encoding}`);
  const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  if (4 + length > page.length) throw new RangeError("definition levels end behind their page");
  return { levels: page.subarray(4, 4 + length), values: page.subarray(4 + length) };
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

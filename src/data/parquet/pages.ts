/** The pages of a column chunk: https://parquet.apache.org/docs/file-format/data-pages/ */
import type { CompressionCodec, Encoding, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { InputError } from "../../ports/errors.ts";
import { decompress, MAX_PAGE_BYTES } from "./decompress.ts";
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
    const header = parquetHeader(reader);
    const endByte = reader.offset + header.compressed_page_size;
    if (!(endByte >= reader.offset && endByte <= chunk.length)) throw new RangeError("a page ends behind its column");
    const bytes = chunk.subarray(reader.offset, endByte);
    reader.offset = endByte;
    if (header.type !== "INDEX_PAGE") yield readPage(header, bytes, codec, nullable, memory);
  }
}

function readPage(header: PageHeader, bytes: Uint8Array, codec: CompressionCodec, nullable: boolean, memory: PageMemory): Page {
  const size = header.uncompressed_page_size;
  const { dictionary_page_header: dictionary, data_page_header: first, data_page_header_v2: second } = header;
  if (dictionary) {
    const count = dictionary.num_values;
    // Every entry takes a byte at least: a damaged count asks for no memory.
    if (!(count >= 0 && count <= Math.min(size, MAX_PAGE_BYTES))) throw new RangeError(`a dictionary of ${count} values`);
    memory.open(count);
    const values = buffer(decompress(codec, bytes, size, memory));
    return { isDictionary: true, count, encoding: "PLAIN", levels: undefined, values };
  }
  if (first) {
    const page = decompress(codec, bytes, size, memory);
    const { levels, values } = nullable ? splitLevels(page, first.definition_level_encoding) : { levels: undefined, values: page };
    return { isDictionary: false, count: first.num_values, encoding: first.encoding, levels, values: buffer(values) };
  }
  if (second) {
    // Levels lie before the values and are never compressed.
    const levelBytes = second.definition_levels_byte_length;
    const skipped = second.repetition_levels_byte_length;
    const rest = bytes.subarray(skipped + levelBytes);
    const values = second.is_compressed === false ? rest : decompress(codec, rest, size - skipped - levelBytes, memory);
    const levels = nullable ? bytes.subarray(skipped, skipped + levelBytes) : undefined;
    return { isDictionary: false, count: second.num_values, encoding: second.encoding, levels, values: buffer(values) };
  }
  throw new RangeError("a page without a header of its type");
}

/** In pages of version 1 the levels are compressed with the values, after their length. */
function splitLevels(page: Uint8Array, encoding: Encoding): { levels: Uint8Array; values: Uint8Array } {
  if (encoding !== "RLE") throw new InputError(`definition levels must be RLE, got ${encoding}`);
  const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  if (4 + length > page.length) throw new RangeError("definition levels end behind their page");
  return { levels: page.subarray(4, 4 + length), values: page.subarray(4 + length) };
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { CompressionCodec } from "hyparquet";
import { InputError } from "../../ports/errors.ts";
import { decompressLz4 } from "./lz4.ts";
import type { PageMemory } from "./memory.ts";
import { decompressSnappy } from "./snappy.ts";

/** Writers keep pages near 1 MiB; a page that claims more than this is damage or an attack on memory. */
export const MAX_PAGE_BYTES = 1 << 28;

/**
 * The bytes of a page. They may lie in `memory`, so they hold until the next call only.
 * Throws InputError for a codec that cannot be read, RangeError for damage.
 */
export function decompress(codec: CompressionCodec, bytes: Uint8Array, size: number, memory: PageMemory): Uint8Array {
  if (!(size >= 0 && size <= MAX_PAGE_BYTES)) throw new RangeError(`a page of ${size} bytes`);
  const output = uncompressed(codec, bytes, size, memory);
  if (output.length !== size) throw new RangeError(`a page of ${output.length} bytes where its header says ${size}`);
  return output;
}

function uncompressed(codec: CompressionCodec, bytes: Uint8Array, size: number, memory: PageMemory): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const options = { maxOutputLength: size };
  switch (codec) {
    case "UNCOMPRESSED":
      return bytes;
    case "SNAPPY":
      return decompressSnappy(bytes, size, memory);
    case "LZ4_RAW": {
      const output = memory.bytes(memory.claim(size)[0], size);
      decompressLz4(bytes, output);
      return output;
    }
    case "GZIP":
      return gunzipSync(bytes, options);
    case "ZSTD":
      return zstdDecompressSync(bytes, options);
    case "BROTLI":
      return brotliDecompressSync(bytes, options);
    default:
      throw new InputError(`the compression must be none, snappy, gzip, zstd, brotli or lz4_raw, got ${codec}`);
  }
}

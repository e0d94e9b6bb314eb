/** Brings the rarer encodings to PLAIN; hyparquet decodes those of texts and split bytes. */
import type { Encoding, ParquetType } from "hyparquet";
import { deltaByteArray, deltaLengthByteArray } from "hyparquet/src/delta.js";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { InputError } from "../../ports/errors.ts";
import { unpackDeltas } from "./deltas.ts";
import { readHybrid } from "./hybrid.ts";

/** `count` values as PLAIN has them, but truth values as one byte each. Throws InputError for an encoding that the format does not have. */
export function toPlain(values: Buffer, encoding: Encoding, type: ParquetType, width: number, count: number): Buffer {
  if (type === "BOOLEAN") return truthBytes(values, encoding, count);
  if (encoding === "PLAIN") return values;
  if (count === 0) return Buffer.alloc(0);
  const reader = { view: new DataView(values.buffer, values.byteOffset, values.byteLength), offset: 0 };
  switch (encoding) {
    case "DELTA_BINARY_PACKED":
      return unpackDeltas(values, count, width);
    case "DELTA_LENGTH_BYTE_ARRAY":
    case "DELTA_BYTE_ARRAY": {
      const out: Uint8Array[] = new Array(count);
      (encoding === "DELTA_BYTE_ARRAY" ? deltaByteArray : deltaLengthByteArray)(reader, count, out);
      return type === "BYTE_ARRAY" ? withLengths(out) : Buffer.concat(out);
    }
    case "BYTE_STREAM_SPLIT": {
      const out = byteStreamSplit(reader, count, type, width);
      return Array.isArray(out) ? Buffer.concat(out as Uint8Array[]) : Buffer.from(out.buffer);
    }
    default:
      throw new InputError(`the encoding must be one of the Parquet format's, got ${encoding}`);
  }
}

function withLengths(values: readonly Uint8Array[]): Buffer {
  const out = Buffer.alloc(values.reduce((sum, value) => sum + 4 + value.length, 0));
  let at = 0;
  for (const value of values) {
    out.writeUInt32LE(value.length, at);
    out.set(value, at + 4);
    at += 4 + value.length;
  }
  return out;
}

function truthBytes(values: Buffer, encoding: Encoding, count: number): Buffer {
  const out = Buffer.alloc(count);
  if (encoding === "RLE") {
    readHybrid(values.subarray(4), 1, count, out);
    return out;
  }
  if (values.length * 8 < count) throw new RangeError("values end too early");
  for (let i = 0; i < count; i++) out[i] = (values[i >>> 3] >>> (i & 7)) & 1;
  return out;
}

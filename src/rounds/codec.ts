/**
 * How asks, statistics, states and models become bytes: CBOR with the typed-array tags of RFC 8746. Plain objects only, keys in
 * insertion order, so equal values built the same way give equal bytes. A plain -0 becomes 0; typed arrays keep their bits.
 */
import { Encoder } from "cbor-x/encode";

const codec = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: true,
  variableMapSize: true,
  useToJSON: false,
  // Else arrays that lie at a multiple of their elements would be views of the message, and give away the memory of all others with theirs.
  copyBuffers: true,
});

/** Bytes of a plain value of numbers, strings, arrays, objects and typed arrays. */
export function encode(value: unknown): Uint8Array {
  return new Uint8Array(codec.encode(value));
}

/** The value again; typed arrays have memory of their own, so the bytes may be reused. */
export function decode<T = unknown>(bytes: Uint8Array): T {
  return codec.decode(bytes as Buffer) as T;
}

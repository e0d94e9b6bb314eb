/**
 * DELTA_BINARY_PACKED, https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 * Sums wrap modulo 2^64. Values are kept as two halves of 32 bits, since BigInt would make this ten times slower.
 */
import { bitsAt } from "./hybrid.ts";

interface Cursor {
  readonly view: DataView;
  at: number;
}

interface Int64 {
  readonly low: number;
  readonly high: number;
}

/** `count` integers of `width` 4 or 8 bytes as PLAIN has them. Throws RangeError for damage. */
export function unpackDeltas(bytes: Uint8Array, count: number, width: number): Buffer {
  const cursor = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const blockSize = varint(cursor).low;
  const miniBlocks = varint(cursor).low;
  varint(cursor);
  const size = blockSize / miniBlocks;
  if (!(Number.isInteger(size) && size > 0)) throw new RangeError(`${miniBlocks} miniblocks in blocks of ${blockSize} deltas`);
  const words = width / 4;
  const out = new Uint32Array(count * words);
  let { low, high } = zigzag(varint(cursor));
  let i = 0;
  const put = (): void => {
    out[i * words] = low;
    if (words === 2) out[2 * i + 1] = high;
    i++;
  };
  put();
  while (i < count) {
    const least = zigzag(varint(cursor));
    const widthsAt = cursor.at;
    cursor.at += miniBlocks;
    for (let m = 0; m < miniBlocks && i < count; m++) {
      const bits = cursor.view.getUint8(widthsAt + m);
      if (bits > 64) throw new RangeError(`deltas of ${bits} bits`);
      for (let j = 0; j < size && i < count; j++) {
        const extraLow = bitsAt(cursor.view, cursor.at, j * bits, Math.min(32, bits));
        const extraHigh = bits > 32 ? bitsAt(cursor.view, cursor.at, j * bits + 32, bits - 32) : 0;
        const sumLow = low + least.low + extraLow;
        low = sumLow >>> 0;
        high = (high + least.high + extraHigh + (sumLow - low) / 4_294_967_296) >>> 0;
        put();
      }
      cursor.at += (size * bits) / 8;
    }
  }
  return Buffer.from(out.buffer, 0, count * width);
}

/** An unsigned integer of up to 64 bits, seven a byte. */
function varint(cursor: Cursor): Int64 {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = cursor.view.getUint8(cursor.at++);
    const bits = byte & 127;
    if (shift < 32) low = (low | (bits << shift)) >>> 0;
    // The fifth byte lies on both halves.
    if (shift >= 28) high = (high | (shift < 32 ? bits >>> 4 : bits << (shift - 32))) >>> 0;
    if (byte < 128) return { low, high };
  }
  throw new RangeError("an integer of more than 64 bits");
}

/** 0, 1, 2, 3 … stand for 0, -1, 1, -2 … */
function zigzag({ low, high }: Int64): Int64 {
  const sign = -(low & 1);
  return { low: (((low >>> 1) | (high << 31)) ^ sign) >>> 0, high: ((high >>> 1) ^ sign) >>> 0 };
}

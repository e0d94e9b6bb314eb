/**
 * Parquet's hybrid of runs and bit-packed groups, which holds dictionary indexes, definition levels and truth values:
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */

/** What takes decoded values: rows [row, row + count) are one value, or lie bit-packed from byte `at` of `view`. */
interface Taker {
  run(value: number, row: number, count: number): void;
  packed(view: DataView, at: number, row: number, count: number): void;
}

/** Decodes `count` values of `bitWidth` bits (0 to 32) into `out`. Throws RangeError when the bytes end before. */
export function readHybrid(bytes: Uint8Array, bitWidth: number, count: number, out: Uint32Array | Uint8Array): void {
  eachRun(bytes, bitWidth, count, {
    run: (value, row, length) => out.fill(value, row, row + length),
    packed: (view, at, row, length) => unpack(view, at, bitWidth, length, out, row),
  });
}

export const pointsBehind = (index: number, length: number): RangeError =>
  new RangeError(`a value points to entry ${index} of a dictionary of ${length}`);

function eachRun(bytes: Uint8Array, bitWidth: number, count: number, taker: Taker): void {
  if (bitWidth > 32) throw new RangeError(`values of ${bitWidth} bits`);
  if (bitWidth === 0) {
    if (count > 0) taker.run(0, 0, count);
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const valueBytes = (bitWidth + 7) >>> 3;
  let at = 0;
  let row = 0;
  while (row < count) {
    let header = 0;
    let shift = 0;
    for (;;) {
      if (at >= bytes.length || shift > 28) throw new RangeError("runs end too early");
      const byte = bytes[at++];
      header |= (byte & 127) << shift;
      if (byte < 128) break;
      shift += 7;
    }
    const isPacked = (header & 1) === 1;
    const length = Math.min(count - row, isPacked ? (header >>> 1) * 8 : header >>> 1);
    const runBytes = isPacked ? Math.ceil((length * bitWidth) / 8) : valueBytes;
    if (at + runBytes > bytes.length) throw new RangeError("runs end too early");
    if (isPacked) taker.packed(view, at, row, length);
    else taker.run(bitsAt(view, at, 0, 8 * valueBytes), row, length);
    at += isPacked ? (header >>> 1) * bitWidth : valueBytes;
    row += length;
  }
}

/** Value i lies in the bits [i * bitWidth, (i + 1) * bitWidth) after byte `at`, least significant first. */
function unpack(view: DataView, at: number, bitWidth: number, count: number, out: Uint32Array | Uint8Array, to: number): void {
  const mask = 0xffffffff >>> (32 - bitWidth);
  const fast = fastValues(view, at, bitWidth, count);
  let bit = 0;
  let i = 0;
  for (; i < fast; i++, bit += bitWidth) out[to + i] = (view.getInt32(at + (bit >>> 3), true) >>> (bit & 7)) & mask;
  for (; i < count; i++) out[to + i] = bitsAt(view, at, i * bitWidth, bitWidth);
}

/** A value of up to 25 bits lies within the four bytes from its first; answers how many values have four bytes left to read. */
function fastValues(view: DataView, at: number, bitWidth: number, count: number): number {
  if (bitWidth > 25) return 0;
  return Math.max(0, Math.min(count, Math.floor(((view.byteLength - at - 4) * 8) / bitWidth)));
}

/** `bitWidth` bits, 32 at most, from bit `firstBit` after byte `at`. Throws RangeError where the view ends before. */
export function bitsAt(view: DataView, at: number, firstBit: number, bitWidth: number): number {
  let value = 0;
  let scale = 1;
  let bit = firstBit;
  let left = bitWidth;
  while (left > 0) {
    const within = bit & 7;
    const take = Math.min(8 - within, left);
    value += ((view.getUint8(at + Math.floor(bit / 8)) >>> within) & ((1 << take) - 1)) * scale;
    scale *= 1 << take;
    bit += take;
    left -= take;
  }
  return value;
}

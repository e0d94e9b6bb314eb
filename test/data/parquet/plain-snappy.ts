/** Snappy's raw format a byte at a time: what the kernel must equal. https://github.com/google/snappy/blob/main/format_description.txt */

/** Fills `output` from a whole Snappy block. Throws RangeError when the block is damaged or does not give exactly `output.length` bytes. */
export function plainSnappy(input: Uint8Array, output: Uint8Array): void {
  const end = input.length;
  const size = output.length;
  let at = skipLength(input, size);
  let to = 0;
  while (at < end) {
    const tag = input[at++];
    let length: number;
    let offset = 0;
    if ((tag & 3) === 0) {
      length = (tag >>> 2) + 1;
      if (length > 60) {
        const bytes = length - 60;
        length = littleEndian(input, at, bytes) + 1;
        at += bytes;
      }
      if (at + length > end || to + length > size) throw damaged();
      output.set(input.subarray(at, at + length), to);
      at += length;
    } else {
      if ((tag & 3) === 1) {
        length = ((tag >>> 2) & 7) + 4;
        offset = ((tag >>> 5) << 8) | input[at++];
      } else {
        length = (tag >>> 2) + 1;
        const bytes = (tag & 3) === 2 ? 2 : 4;
        offset = littleEndian(input, at, bytes);
        at += bytes;
      }
      if (at > end || offset === 0 || offset > to || to + length > size) throw damaged();
      // Byte by byte: a copy may read what it has just written.
      for (let i = to; i < to + length; i++) output[i] = output[i - offset];
    }
    to += length;
  }
  if (to !== size) throw damaged();
}

/** The block starts with its uncompressed length as a varint. Answers where the elements start. */
function skipLength(input: Uint8Array, size: number): number {
  let length = 0;
  let scale = 1;
  for (let i = 0; i < 5 && i < input.length; i++) {
    length += (input[i] & 0x7f) * scale;
    scale *= 128;
    if (input[i] < 0x80) {
      if (length !== size) throw damaged();
      return i + 1;
    }
  }
  throw damaged();
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > input.length) throw damaged();
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + input[at + i];
  return value;
}

const damaged = (): RangeError => new RangeError("damaged snappy block");

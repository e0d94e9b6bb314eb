/** LZ4's block format (Parquet's LZ4_RAW), https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */

/** Fills `output` from a whole LZ4 block. Throws RangeError when the block is damaged or does not give exactly `output.length` bytes. */
export function decompressLz4(input: Uint8Array, output: Uint8Array): void {
  const end = input.length;
  const size = output.length;
  let at = 0;
  let to = 0;

  const extended = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      if (at >= end) throw damaged();
      const byte = input[at++];
      length += byte;
      if (byte < 255) return length;
    }
  };

  while (at < end) {
    const token = input[at++];
    const literal = extended(token >>> 4);
    if (at + literal > end || to + literal > size) throw damaged();
    output.set(input.subarray(at, at + literal), to);
    at += literal;
    to += literal;
    // The last sequence has no match.
    if (at === end) break;
    if (at + 2 > end) throw damaged();
    const offset = input[at] | (input[at + 1] << 8);
    at += 2;
    const length = extended(token & 15) + 4;
    if (offset === 0 || offset > to || to + length > size) throw damaged();
    for (let i = to; i < to + length; i++) output[i] = output[i - offset];
    to += length;
  }
  if (to !== size) throw damaged();
}

const damaged = (): RangeError => new RangeError("damaged lz4 block");

/**
 * Snappy's raw format (https://github.com/google/snappy/blob/main/format_description.txt). Bytes are copied by the register, so up to 15
 * more than an element has; what lies there is written over by the next. Both the block and its output have SNAPPY_SPARE bytes behind
 * them (src/data/parquet/snappy.ts has the same number).
 */

/** Literals longer than this are worth the call of a native copy. */
const LONG_LITERAL: u32 = 128;

/** Fills [out, out + size) from the block [at, end). False where the block is damaged or does not give exactly `size` bytes. */
export function uncompressSnappy(at: usize, end: usize, out: usize, size: u32): bool {
  // The block starts with its uncompressed length as a varint.
  let told: u64 = 0;
  for (let shift: u64 = 0; ; shift += 7) {
    if (at >= end || shift > 28) return false;
    const byte = <u64>load<u8>(at++);
    told |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  if (told != <u64>size) return false;
  let to = out;
  const last = out + size;
  while (at < end) {
    const tag: u32 = load<u8>(at++);
    let length: u32 = (tag >> 2) + 1;
    if ((tag & 3) == 0) {
      if (length > 60) {
        const bytes: u32 = length - 60;
        if (end - at < bytes) return false;
        length = (load<u32>(at) & (u32.MAX_VALUE >> (32 - 8 * bytes))) + 1;
        // A length of 2^32.
        if (length == 0) return false;
        at += bytes;
      }
      if (end - at < length || last - to < length) return false;
      if (length > LONG_LITERAL) memory.copy(to, at, length);
      else copyForward(at, to, length);
      at += length;
    } else {
      let offset: u32;
      if ((tag & 3) == 1) {
        length = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | load<u8>(at);
        at += 1;
      } else if ((tag & 3) == 2) {
        offset = load<u16>(at);
        at += 2;
      } else {
        offset = load<u32>(at);
        at += 4;
      }
      if (at > end || offset == 0 || offset > <u32>(to - out) || last - to < length) return false;
      if (offset >= 16) copyForward(to - offset, to, length);
      else repeat(to - offset, to, length);
    }
    to += length;
  }
  return to == last;
}

/** Each register is written before the next is read, `to` being 16 bytes or more behind `from`. */
// @ts-ignore: decorator
@inline
function copyForward(from: usize, to: usize, length: u32): void {
  const end = to + length;
  do {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  } while (to < end);
}

/** A copy that reads what it has just written: the bytes between `from` and `to`, again and again. Every copy doubles what is there. */
function repeat(from: usize, to: usize, length: u32): void {
  const end = to + length;
  while (to - from < 8 && to < end) {
    store<u64>(to, load<u64>(from));
    to += to - from;
  }
  for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
}

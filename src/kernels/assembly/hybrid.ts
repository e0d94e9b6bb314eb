/**
 * Values by their dictionary indexes in Parquet's hybrid of runs and bit-packed groups
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE), a block at a time.
 */

/** Where decoding has come to. JavaScript fills it: src/data/parquet/lookup.ts has the same offsets. */
@unmanaged
class Cursor {
  /** The next run's header, and the end of the bytes, behind which eight more can be read. */
  at: usize;
  end: usize;
  bitWidth: u32;
  /** Values left in the run; those of a packed one begin `bit` bits behind `from`, the others are all `index`. */
  left: u32;
  packed: u32;
  index: u32;
  from: usize;
  bit: u32;
}

// Answers beside an index that points behind the dictionary.
const DONE: f64 = -1;
const TOO_SHORT: f64 = -2;

/** out[i] = table[index i] for the next `count` indexes, at most 2^24; entries and values are `width` bytes, 4 or 8. */
export function lookUpHybrid(cursorAt: usize, count: u32, table: usize, entries: u32, width: u32, out: usize): f64 {
  const cursor = changetype<Cursor>(cursorAt);
  while (count > 0) {
    if (cursor.left == 0 && !openRun(cursor)) return TOO_SHORT;
    const n = min(count, cursor.left);
    const wrong = cursor.packed
      ? width == 4
        ? lookUpPacked<u32>(cursor, n, table, entries, out)
        : lookUpPacked<u64>(cursor, n, table, entries, out)
      : fill(cursor.index, n, table, entries, width, out);
    if (wrong != DONE) return wrong;
    cursor.left -= n;
    count -= n;
    out += <usize>n * width;
  }
  return DONE;
}

/** Goes to the next run that has values; false where the bytes end before its first one does. */
function openRun(cursor: Cursor): bool {
  let header: u64 = 0;
  while (header < 2) {
    header = 0;
    let byte: u32 = 128;
    for (let shift: u64 = 0; byte & 128; shift += 7) {
      if (cursor.at >= cursor.end || shift > 28) return false;
      byte = load<u8>(cursor.at++);
      header |= <u64>(byte & 127) << shift;
    }
  }
  const length = header >> 1;
  const room = <u64>(cursor.end - cursor.at);
  const valueBytes = (cursor.bitWidth + 7) >> 3;
  cursor.packed = <u32>(header & 1);
  cursor.from = cursor.at;
  cursor.bit = 0;
  if (cursor.packed) {
    // A last group may be cut off behind its last value.
    cursor.left = <u32>min(length * 8, (room * 8) / cursor.bitWidth);
    cursor.at += <usize>min(length * cursor.bitWidth, room);
  } else if (room >= valueBytes) {
    cursor.left = <u32>length;
    cursor.index = load<u32>(cursor.at) & (u32.MAX_VALUE >> (32 - 8 * valueBytes));
    cursor.at += valueBytes;
  }
  return cursor.left > 0;
}

function fill(index: u32, n: u32, table: usize, entries: u32, width: u32, out: usize): f64 {
  if (index >= entries) return <f64>index;
  const end = out + <usize>n * width;
  if (width == 4) for (const value = load<u32>(table + (<usize>index << 2)); out < end; out += 4) store<u32>(out, value);
  else for (const value = load<u64>(table + (<usize>index << 3)); out < end; out += 8) store<u64>(out, value);
  return DONE;
}

// @ts-ignore: decorator
@inline
function lookUpPacked<T>(cursor: Cursor, n: u32, table: usize, entries: u32, out: usize): f64 {
  const from = cursor.from;
  const bitWidth = cursor.bitWidth;
  const mask = u64.MAX_VALUE >> (64 - <u64>bitWidth);
  const end = out + <usize>n * sizeof<T>();
  let bit = cursor.bit;
  if (bitWidth <= PAIRED_BITS) {
    const done = lookUpEights<T>(from, bit, bitWidth, mask, n >> 3, table, entries, out);
    bit += 8 * done * bitWidth;
    out += 8 * <usize>done * sizeof<T>();
  }
  for (; out < end; out += sizeof<T>(), bit += bitWidth) {
    // Up to 7 bits before the value and 32 of its own.
    const index = <u32>((load<u64>(from + (bit >> 3)) >> <u64>(bit & 7)) & mask);
    if (index >= entries) return <f64>index;
    store<T>(out, load<T>(table + <usize>index * sizeof<T>()));
  }
  cursor.bit = bit;
  return DONE;
}

/** Two values of so many bits lie in the eight bytes from the first one's, whichever bit of its byte that begins at. */
const PAIRED_BITS: u32 = 28;

/**
 * Eight values take as many bytes as one has bits, so that all eights begin at the same bit of a byte, and where the others lie behind
 * the first is worked out once. Answers how many eights it has looked up: all, or those before the first with an index that points
 * behind the dictionary.
 */
function lookUpEights<T>(from: usize, bit: u32, bitWidth: u32, mask: u64, eights: u32, table: usize, entries: u32, out: usize): u32 {
  const first = bit & 7;
  const third = first + 2 * bitWidth;
  const fifth = third + 2 * bitWidth;
  const seventh = fifth + 2 * bitWidth;
  from += bit >> 3;
  for (let done: u32 = 0; done < eights; done++) {
    if (!lookUpTwo<T>(from, first, bitWidth, mask, table, entries, out)) return done;
    if (!lookUpTwo<T>(from, third, bitWidth, mask, table, entries, out + 2 * sizeof<T>())) return done;
    if (!lookUpTwo<T>(from, fifth, bitWidth, mask, table, entries, out + 4 * sizeof<T>())) return done;
    if (!lookUpTwo<T>(from, seventh, bitWidth, mask, table, entries, out + 6 * sizeof<T>())) return done;
    from += bitWidth;
    out += 8 * sizeof<T>();
  }
  return eights;
}

// @ts-ignore: decorator
@inline
function lookUpTwo<T>(from: usize, bit: u32, bitWidth: u32, mask: u64, table: usize, entries: u32, out: usize): bool {
  const bits = load<u64>(from + (bit >> 3)) >> <u64>(bit & 7);
  const a = <u32>(bits & mask);
  const b = <u32>((bits >> <u64>bitWidth) & mask);
  if (a >= entries || b >= entries) return false;
  store<T>(out, load<T>(table + <usize>a * sizeof<T>()));
  store<T>(out, load<T>(table + <usize>b * sizeof<T>()), sizeof<T>());
  return true;
}

/**
 * Finds field ends 64 bytes at a time: bit masks of quotes, and of separators and line ends outside quotes, as in Langdale & Lemire,
 * "Parsing gigabytes of JSON per second" (VLDB J. 2019), sections 3.1.1 and 3.1.5.
 */
import { QUOTED, Scan } from "./csv-layout";

/** Loaded before the loop, vectors stay in registers; V8 makes those of immediate operands anew at each use. */
const QUOTES = memory.data<u64>([0x2222_2222_2222_2222, 0x2222_2222_2222_2222]);
const LINE_ENDS = memory.data<u64>([0x0a0a_0a0a_0a0a_0a0a, 0x0a0a_0a0a_0a0a_0a0a]);

// @ts-ignore: decorator
@inline
function mask64(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    (<u64>(<u32>i8x16.bitmask(a))) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  );
}

/** One bit for each of 64 bytes: whether it is this one. */
// @ts-ignore: decorator
@inline
function equal64(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return mask64(i8x16.eq(a, byte), i8x16.eq(b, byte), i8x16.eq(c, byte), i8x16.eq(d, byte));
}

/** Bit i of the answer is the parity of bits 0 ... i: set from an opening quote up to, not including, the closing one. */
// @ts-ignore: decorator
@inline
function prefixXor(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  bits ^= bits << 32;
  return bits;
}

/** Writes the end of the lowest mark, and answers the others. */
// @ts-ignore: decorator
@inline
function write1(out: usize, base: u32, marks: u64): u64 {
  store<u32>(out, base + <u32>ctz(marks));
  return marks & (marks - 1);
}

/** Writes eight ends, the last ones perhaps junk that the next write covers. */
// @ts-ignore: decorator
@inline
function write8(out: usize, base: u32, marks: u64): u64 {
  marks = write1(out, base, marks);
  marks = write1(out + 4, base, marks);
  marks = write1(out + 8, base, marks);
  marks = write1(out + 12, base, marks);
  marks = write1(out + 16, base, marks);
  marks = write1(out + 20, base, marks);
  marks = write1(out + 24, base, marks);
  return write1(out + 28, base, marks);
}

/** Indexes the text from `indexed` to `to`: adds to the ends, and counts the line ends among them. */
export function indexFields(scan: Scan, to: u32): void {
  const text = scan.text;
  const separator = i8x16.splat(<u8>scan.separator);
  const quote = v128.load(QUOTES);
  const lineEnd = v128.load(LINE_ENDS);
  let inside: u64 = -(<u64>scan.inside);
  let pending = scan.pending;
  const ends = scan.ends;
  let out = ends + (<usize>scan.endCount << 2);
  let lineCount: u32 = 0;
  // The fields of the row that goes on are part of what is looked at.
  let seen: u64 = inside | pending | (scan.endCount ? scan.quotes : 0);
  for (let base = scan.indexed; base < to; base += 64) {
    const at = text + base;
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let quotes = equal64(a, b, c, d, quote);
    let lines = equal64(a, b, c, d, lineEnd);
    let marks = equal64(a, b, c, d, separator) | lines;
    if (to - base < 64) {
      const valid = ((<u64>1) << (to - base)) - 1;
      quotes &= valid;
      marks &= valid;
      lines &= valid;
    }
    seen |= quotes;
    if ((quotes | inside | pending) == 0) {
      lineCount += <u32>popcnt(lines);
      const count = <usize>popcnt(marks);
      let rest = write8(out, base, marks);
      if (count > 8) {
        rest = write8(out + 32, base, rest);
        for (let k: usize = 16; k < count; k += 8) rest = write8(out + (k << 2), base, rest);
      }
      out += count << 2;
      continue;
    }
    const within = prefixXor(quotes) ^ inside;
    inside = <u64>((<i64>within) >> 63);
    marks &= ~within;
    lineCount += <u32>popcnt(lines & ~within);
    while (marks) {
      const bit = ctz(marks);
      const before = ((<u64>1) << bit) - 1;
      store<u32>(out, (base + <u32>bit) | pending | (quotes & before ? QUOTED : 0));
      out += 4;
      pending = 0;
      quotes &= ~before;
      marks &= marks - 1;
    }
    if (quotes) pending = QUOTED;
  }
  scan.indexed = to;
  scan.inside = <u32>(inside & 1);
  scan.pending = pending;
  scan.endCount = <u32>((out - ends) >> 2);
  scan.lineCount = lineCount;
  scan.quotes = u32(seen != 0);
}

/**
 * The dictionary of a string column: texts numbered by appearance, found through an open-addressing hash table, their bytes packed in
 * blocks. Missing tokens come before the first row and have no code. A slot of the table is the key (the text itself up to 8 bytes,
 * else its hash), the length of the text and its number from 1 on (0: free), so that short texts are found without a look at the text.
 */
import { Column, OFFSET, Scan, UPPER } from "./csv-layout";
import { allocate } from "./memory";

/** Code of a missing value. */
export const ABSENT: u32 = 0xffff_ffff;

const FIRST_ROOM: u32 = 32;
const FIRST_BLOCK: u32 = 1024;
const LARGEST_BLOCK: u32 = 1 << 20;

@unmanaged
export class Words {
  slots: usize;
  /** Of the bytes from the first slot to any other. Twice as many slots as room for texts. */
  mask: u32;
  entries: usize;
  entryCount: u32;
  entryRoom: u32;
  /** Missing tokens: the first entries. */
  tokens: u32;
  /** Where the next text goes, and the end of its block. */
  next: usize;
  blockEnd: usize;
  blockBytes: u32;
  /** 1 where a short text, once quoted, has a blank at an end. */
  padded: u32;
}

@unmanaged
class Slot {
  key: u64;
  length: u32;
  number: u32;
}
const SLOT = <usize>offsetof<Slot>();
const LENGTH = <usize>offsetof<Slot>("length");

@unmanaged
class Entry {
  text: usize;
  length: u32;
  key: u64;
}

/** Bytes [8 - n, 16 - n) select the first n of 8 characters. */
const FIRST = memory.data<u64>([0xffff_ffff_ffff_ffff, 0]);

// Odd constants with well-mixed bits, from the fractions of the golden ratio and of pi.
const K0: u64 = 0x9e37_79b9_7f4a_7c15;
const K1: u64 = 0x243f_6a88_85a3_08d3;

function reserve(bytes: u32): usize {
  return <usize>allocate(<f64>bytes);
}

/** An empty dictionary. */
export function csvWords(): usize {
  const at = reserve(<u32>offsetof<Words>());
  const words = changetype<Words>(at);
  words.entryRoom = FIRST_ROOM;
  words.entries = reserve(FIRST_ROOM * <u32>offsetof<Entry>());
  words.slots = reserve(FIRST_ROOM * 2 * <u32>SLOT);
  words.mask = maskOf(FIRST_ROOM);
  words.blockBytes = FIRST_BLOCK;
  return at;
}

/** Puts the missing token of `length` bytes at `text` into an unused dictionary. 8 bytes from `text` must be readable. */
export function csvToken(at: usize, text: usize, length: u32): void {
  const words = changetype<Words>(at);
  if (!isToken(words, text, text + length)) {
    add(words, text, length, keyOf(text, length));
    words.tokens++;
  }
}

/** Whether the text is a missing token. */
export function isToken(words: Words, s: usize, e: usize): bool {
  const length = <u32>(e - s);
  const number = numberOf(words, s, length, keyOf(s, length));
  return number != 0 && number <= words.tokens;
}

/** The code of the text [s, e), which is added when it is not there. 8 bytes from `s` must be readable. */
// @ts-ignore: decorator
@inline
export function codeOf(words: Words, s: usize, e: usize): u32 {
  const length = <u32>(e - s);
  const key = keyOf(s, length);
  let number = numberOf(words, s, length, key);
  if (number == 0) number = add(words, s, length, key);
  const tokens = words.tokens;
  return number > tokens ? number - tokens - 1 : ABSENT;
}

/**
 * Takes the codes of texts from a row of the chunk on that have 1 to 8 characters, no quotes, and are soon found; answers the first row that
 * has another. A text with blanks around it is not found, as long as none is known that has them. A function of its own for the reason of
 * csvShortNumbers.
 */
export function csvShortWords(scanAt: usize, columnAt: usize, row: u32): u32 {
  const scan = changetype<Scan>(scanAt);
  const column = changetype<Column>(columnAt);
  const words = changetype<Words>(column.words);
  if (words.padded) return row;
  const before = scan.ends + (<usize>column.field << 2) - 4;
  const cr: u32 = column.field + 1 == scan.fields ? scan.cr : 0;
  const text = scan.text;
  const rows = scan.firsts + (<usize>scan.found << 2);
  const slots = words.slots;
  const mask = words.mask;
  const firstNumber = <i32>words.tokens + 1;
  let out = column.out + (<usize>(scan.rows + row) << 2);
  let first = scan.firsts + (<usize>row << 2);
  for (; first < rows; first += 4, out += 4) {
    const at = before + (load<u32>(first) << 2);
    const start = (load<u32>(at) + 1) & OFFSET;
    const length = load<u32>(at, 4) - cr - start;
    if (length - 1 > 7) break;
    const key = load<u64>(text + start) & load<u64>(FIRST + (8 - length));
    let place = placeOf(key, mask);
    let slot = load<u64>(slots + place, LENGTH);
    // Another text may have come to the slot before. Where there are many, most are new, and a longer search would not find them either.
    if (differs(slots + place, slot, key, length)) {
      place = (place + SLOT) & mask;
      slot = load<u64>(slots + place, LENGTH);
      if (differs(slots + place, slot, key, length)) break;
    }
    const code = <i32>(slot >> 32) - firstNumber;
    store<u32>(out, code | (code >> 31));
  }
  return <u32>((first - scan.firsts) >> 2);
}

/** Whether the slot has another text than a short one; `rest` is its length and number. */
// @ts-ignore: decorator
@inline
function differs(slot: usize, rest: u64, key: u64, length: u32): bool {
  return ((load<u64>(slot) ^ key) | <u64>((<u32>rest) ^ length)) != 0;
}

// @ts-ignore: decorator
@inline
function keyOf(s: usize, length: u32): u64 {
  if (length - 1 > 7) return length ? longKey(s, length) : 0;
  return load<u64>(s) & ~load<u64>(UPPER + (<usize>(8 - length) << 3));
}

function longKey(s: usize, length: u32): u64 {
  let key: u64 = length;
  const e = s + length;
  // The last eight bytes overlap the ones before: no tail.
  for (let at = s; at < e; at += 8) {
    key = (key ^ load<u64>(min(at, e - 8))) * K1;
    key ^= key >> 32;
  }
  return key;
}

/**
 * Bytes from the first slot to the one where the search begins: the upper bits of a product that all bits of the key went into. They are
 * had by multiplying, for V8 takes eight instructions to shift by a variable.
 */
// @ts-ignore: decorator
@inline
function placeOf(key: u64, mask: u32): usize {
  return <usize>(((((key ^ (key >> 32)) * K0) >> 32) * (<u64>mask + SLOT)) >> 32) & mask;
}

/** Of so many texts. */
// @ts-ignore: decorator
@inline
function maskOf(room: u32): u32 {
  return (2 * room - 1) * <u32>SLOT;
}

/** The number of the text, 0 when it is not there. */
// @ts-ignore: decorator
@inline
function numberOf(words: Words, s: usize, length: u32, key: u64): u32 {
  let place = placeOf(key, words.mask);
  while (true) {
    const slot = changetype<Slot>(words.slots + place);
    const number = slot.number;
    if (number == 0) return 0;
    if (slot.key == key && slot.length == length && (length <= 8 || isEntry(words, number, s, length))) return number;
    place = (place + SLOT) & words.mask;
  }
}

function isEntry(words: Words, number: u32, s: usize, length: u32): bool {
  const entry = changetype<Entry>(words.entries + <usize>(number - 1) * offsetof<Entry>());
  return memory.compare(entry.text, s, length) == 0;
}

function add(words: Words, s: usize, length: u32, key: u64): u32 {
  if (words.entryCount == words.entryRoom) grow(words);
  const entry = changetype<Entry>(words.entries + <usize>words.entryCount * offsetof<Entry>());
  if (length - 1 <= 7 && (load<u8>(s) <= 32 || load<u8>(s + length - 1) <= 32)) words.padded = 1;
  entry.text = keep(words, s, length);
  entry.length = length;
  entry.key = key;
  words.entryCount++;
  occupy(words, entry, words.entryCount);
  return words.entryCount;
}

function occupy(words: Words, entry: Entry, number: u32): void {
  let place = placeOf(entry.key, words.mask);
  while (changetype<Slot>(words.slots + place).number) place = (place + SLOT) & words.mask;
  const slot = changetype<Slot>(words.slots + place);
  slot.key = entry.key;
  slot.length = entry.length;
  slot.number = number;
}

/** Twice the room. The arena takes nothing back before the end, so the old tables add up to one more at most. */
function grow(words: Words): void {
  const room = words.entryRoom << 1;
  const entries = reserve(room * <u32>offsetof<Entry>());
  memory.copy(entries, words.entries, <usize>words.entryCount * offsetof<Entry>());
  words.entries = entries;
  words.entryRoom = room;
  words.slots = reserve(room * 2 * <u32>SLOT);
  words.mask = maskOf(room);
  for (let i: u32 = 0; i < words.entryCount; i++) {
    occupy(words, changetype<Entry>(entries + <usize>i * offsetof<Entry>()), i + 1);
  }
}

/** Copies a text behind the others. */
function keep(words: Words, s: usize, length: u32): usize {
  if (words.next + length > words.blockEnd) {
    const bytes = max(words.blockBytes, length);
    words.next = reserve(bytes);
    words.blockEnd = words.next + bytes;
    words.blockBytes = min(words.blockBytes << 1, LARGEST_BLOCK);
  }
  const text = words.next;
  memory.copy(text, s, length);
  words.next += length;
  return text;
}

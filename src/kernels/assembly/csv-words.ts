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
  /** The hash is shifted right by this: 64 less the bits of a slot's number. Twice as many slots as room for texts. */
  shift: u32;
  entries: usize;
  entryCount: u32;
  entryRoom: u32;
  /** Missing tokens: the first entries. */
  tokens: u32;
  /** Where the next text goes, and the end of its block. */
  next: usize;
  blockEnd: usize;
  blockBytes: u32;
}

@unmanaged
class Slot {
  key: u64;
  length: u32;
  number: u32;
}

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
  words.slots = reserve(FIRST_ROOM * 2 * <u32>offsetof<Slot>());
  words.shift = 64 - ctz(FIRST_ROOM * 2);
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
 * Takes the codes of texts from a row of the chunk on that have 1 to 8 characters, neither quotes nor blanks around them, and are at
 * once found; answers the first row that has another. A function of its own for the reason of csvShortNumbers.
 */
export function csvShortWords(scanAt: usize, columnAt: usize, row: u32): u32 {
  const scan = changetype<Scan>(scanAt);
  const column = changetype<Column>(columnAt);
  const words = changetype<Words>(column.words);
  const text = scan.text;
  const before = scan.ends + (<usize>column.field << 2) - 4;
  const cr: u32 = column.field + 1 == scan.fields ? scan.cr : 0;
  const rows = scan.firsts + (<usize>scan.found << 2);
  const slots = words.slots;
  const shift = <u64>words.shift;
  const tokens = words.tokens;
  let out = column.out + (<usize>(scan.rows + row) << 2);
  let first = scan.firsts + (<usize>row << 2);
  for (; first < rows; first += 4, out += 4) {
    const at = before + (load<u32>(first) << 2);
    const start = (load<u32>(at) + 1) & OFFSET;
    const end = load<u32>(at, 4) - cr;
    const length = end - start;
    if (length - 1 > 7 || load<u8>(text + start) <= 32 || load<u8>(text + end - 1) <= 32) break;
    const key = load<u64>(text + start) & load<u64>(FIRST + (8 - length));
    const slot = changetype<Slot>(slots + (<usize>(((key ^ (key >> 32)) * K0) >> shift)) * offsetof<Slot>());
    if (slot.key != key || slot.length != length) break;
    const number = slot.number;
    store<u32>(out, number > tokens ? number - tokens - 1 : ABSENT);
  }
  return <u32>((first - scan.firsts) >> 2);
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

// @ts-ignore: decorator
@inline
function slotOf(words: Words, key: u64): usize {
  return <usize>(((key ^ (key >> 32)) * K0) >> <u64>words.shift);
}

/** The number of the text, 0 when it is not there. */
// @ts-ignore: decorator
@inline
function numberOf(words: Words, s: usize, length: u32, key: u64): u32 {
  let at = slotOf(words, key);
  while (true) {
    const slot = changetype<Slot>(words.slots + at * offsetof<Slot>());
    const number = slot.number;
    if (number == 0) return 0;
    if (slot.key == key && slot.length == length && (length <= 8 || isEntry(words, number, s, length))) return number;
    at = (at + 1) & ((words.entryRoom << 1) - 1);
  }
}

function isEntry(words: Words, number: u32, s: usize, length: u32): bool {
  const entry = changetype<Entry>(words.entries + <usize>(number - 1) * offsetof<Entry>());
  return memory.compare(entry.text, s, length) == 0;
}

function add(words: Words, s: usize, length: u32, key: u64): u32 {
  if (words.entryCount == words.entryRoom) grow(words);
  const entry = changetype<Entry>(words.entries + <usize>words.entryCount * offsetof<Entry>());
  entry.text = keep(words, s, length);
  entry.length = length;
  entry.key = key;
  words.entryCount++;
  occupy(words, entry, words.entryCount);
  return words.entryCount;
}

function occupy(words: Words, entry: Entry, number: u32): void {
  let at = slotOf(words, entry.key);
  const mask = <usize>((words.entryRoom << 1) - 1);
  while (changetype<Slot>(words.slots + at * offsetof<Slot>()).number) at = (at + 1) & mask;
  const slot = changetype<Slot>(words.slots + at * offsetof<Slot>());
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
  words.slots = reserve(room * 2 * <u32>offsetof<Slot>());
  words.shift--;
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

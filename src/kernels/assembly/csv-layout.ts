/**
 * What the CSV kernel works on. JavaScript fills these records and reads them back; src/data/csv/scan.ts has the same offsets.
 * Offsets into the text count from its first byte and stay below 2^31. The text has 16 readable bytes before it and 64 after it.
 */

/** Bit of a field end: the field holds quotes. */
export const QUOTED: u32 = 0x8000_0000;
/** The other bits: where the field ends. */
export const OFFSET: u32 = 0x7fff_ffff;

// What a column wants.
/** Its text does not fit its type; its values are of no use any more. */
export const REFUSED: u32 = 0;
export const NUMBER: u32 = 1;
export const DATE: u32 = 2;
export const STRING: u32 = 3;

/** The upper n bytes of a word, n = 0 ... 8: a load is cheaper here than two shifts by a variable. */
export const UPPER = memory.data<u64>([
  0, 0xff00_0000_0000_0000, 0xffff_0000_0000_0000, 0xffff_ff00_0000_0000, 0xffff_ffff_0000_0000, 0xffff_ffff_ff00_0000,
  0xffff_ffff_ffff_0000, 0xffff_ffff_ffff_ff00, 0xffff_ffff_ffff_ffff,
]);

/** Bytes [n, n + 8) select the last n of 8 characters. */
export const LAST = memory.data<u64>([0, 0xffff_ffff_ffff_ffff]);

/** Of a column of numbers: they are float64, not whole numbers. */
export const FLOATS: u32 = 0xffff_ffff;
/** Stands for a missing value among whole numbers; narrowed with the others it becomes the least number of their type. */
export const MISSING: i32 = i32.MIN_VALUE;

@unmanaged
export class Scan {
  text: usize;
  /** Bytes of text. */
  length: u32;
  /** Where the next row starts. */
  position: u32;
  /** Rows that start here or later are not ours. */
  ownEnd: u32;
  separator: u32;
  fields: u32;
  /** Rows in the block so far, and how many it takes. */
  rows: u32;
  blockRows: u32;
  columns: usize;
  columnCount: u32;
  /** Field ends: the one before the first field at -4, then room for those of a chunk, 16 more, and those left of the row before it. */
  ends: usize;
  endCount: u32;
  /** Room to list which ends are those of lines, for one more than there are; how many are; and whether any field of the chunk may hold quotes. */
  lines: usize;
  lineCount: u32;
  quotes: u32;
  /** Good rows found in the chunk: the number of each one's first end; and how many ends all rows found take. */
  firsts: usize;
  found: u32;
  consumed: u32;
  /** 1 where all these rows end in CR LF. */
  cr: u32;
  /** The text before is indexed, ending inside quotes (1) or not (0), in a field with quotes (QUOTED) or not (0). */
  indexed: u32;
  inside: u32;
  pending: u32;
  /** Bad rows since JavaScript last looked, and records of the first of them. */
  badRows: u32;
  bad: usize;
  badRoom: u32;
  /** Numbers that only JavaScript can round. */
  left: usize;
  leftCount: u32;
  leftRoom: u32;
  /** Powers of five, see csv-number.ts. */
  fives: usize;
  /** Missing tokens (Words). */
  missing: usize;
}

@unmanaged
export class Column {
  kind: u32;
  /** 1: a text that does not fit makes the row a bad one instead. */
  fixed: u32;
  /** Position of the field in the row. */
  field: u32;
  /** float64 values, int32 whole numbers, or uint32 codes. */
  out: usize;
  /** Dictionary of a string column (Words). */
  words: usize;
  /** Offset and length of the text that did not fit the type. */
  refusedAt: u32;
  refusedLength: u32;
  /** Numbers are whole numbers of 10^-places, 0 to 6, as long as all in the block are; FLOATS where they are float64. */
  places: u32;
  /** Of the whole numbers in the block, 0 among them: their range, whether one is missing, and how many could not be taken four at a time. */
  least: i32;
  most: i32;
  missing: u32;
  others: u32;
}

/** A bad row: where it starts and why; how many fields it has, or which column has a text that does not fit, and where that is. */
@unmanaged
export class Bad {
  start: u32;
  reason: u32;
  detail: u32;
  at: u32;
  length: u32;
}

/** A number left to JavaScript: the address it goes to (0: nowhere), its text, its column. */
@unmanaged
export class Left {
  value: usize;
  at: u32;
  length: u32;
  column: usize;
}

// @ts-ignore: decorator
@inline
export function isBlank(byte: u8): bool {
  return byte == 32 || byte == 9;
}

// @ts-ignore: decorator
@inline
export function trimStart(s: usize, e: usize): usize {
  if (load<u8>(s) <= 32) while (s < e && isBlank(load<u8>(s))) s++;
  return s;
}

// @ts-ignore: decorator
@inline
export function trimEnd(s: usize, e: usize): usize {
  if (load<u8>(e - 1) <= 32) while (e > s && isBlank(load<u8>(e - 1))) e--;
  return e;
}

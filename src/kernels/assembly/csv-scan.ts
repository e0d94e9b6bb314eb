/**
 * CSV text to typed columns, a chunk of text at a time: its field ends are indexed (csv-fields.ts), its rows found and their form
 * checked, then the rows are converted column by column, so that every loop does one thing.
 */
import { convertColumns } from "./csv-convert";
import { indexFields } from "./csv-fields";
import { Bad, OFFSET, QUOTED, Scan, trimEnd, trimStart } from "./csv-layout";

/** Text indexed at once: it and its field ends stay in the first-level cache between the passes. */
const CHUNK: u32 = 16384;
/** Longest field taken, in bytes: bounds what one row of an untrusted file may cost. */
const LONGEST_FIELD: u32 = 1 << 20;

// What csvScan answers.
const NEEDS_TEXT: u32 = 0;
const BLOCK_FULL: u32 = 1;
const LEFT_FULL: u32 = 2;
const DONE: u32 = 3;

/** The last two bytes of a line as a word: CR LF, and LF behind any other. */
const CR_LF: u32 = 0x0a0d;
const LF: u32 = 0x0a00;

// Why a row is bad; 0 when it is not. 4 is a text that does not fit a fixed column (csv-convert.ts).
const WRONG_COUNT: u32 = 1;
const STRAY_QUOTE: u32 = 2;
const LONG_FIELD: u32 = 3;

/**
 * Reads rows from `position` on until the text, the block, the room for left numbers or the own range ends. `position` is then where
 * the next row starts: one that is not complete in the text, or one for which there is no room yet.
 */
export function csvScan(at: usize): u32 {
  const scan = changetype<Scan>(at);
  scan.indexed = scan.position;
  scan.inside = 0;
  scan.pending = 0;
  scan.endCount = 0;
  // The end before the first field.
  store<u32>(scan.ends - 4, scan.position - 1);
  while (true) {
    const outcome = csvScanChunk(at);
    if (outcome != NEEDS_TEXT || scan.indexed == scan.length) return outcome;
  }
}

/**
 * Reads the rows that end in the next chunk of text. Exported although only `csvScan` calls it: that keeps it a function of its own, to
 * whose optimised code V8 can change in the middle of a text.
 */
export function csvScanChunk(at: usize): u32 {
  const scan = changetype<Scan>(at);
  // A number left to JavaScript has four bytes at least with its separator, like 1e99.
  if (scan.leftCount + CHUNK / 4 + scan.fields > scan.leftRoom) return LEFT_FULL;
  indexFields(scan, min(scan.indexed + CHUNK, scan.length));
  const outcome = areRegular(scan) ? takeRows(scan) : findRows(scan);
  convertColumns(scan);
  return outcome;
}

/**
 * Whether each line of the chunk is a good row of ours, and they end alike, in LF or in CR LF. That they have the right number of fields is
 * seen at their ends: every so many of all ends is that of a line, and there are no other line ends.
 */
function areRegular(scan: Scan): bool {
  const rows = scan.lineCount;
  const fields = scan.fields;
  // The first line may have begun long before the chunk; those behind it are no longer than it is.
  if (scan.quotes || scan.indexed > scan.ownEnd || rows * fields > scan.endCount || rows == 0) return false;
  const text = scan.text - 1;
  const step = <usize>fields << 2;
  let at = scan.ends + step - 4;
  const first = load<u32>(at);
  if (first - scan.position > LONGEST_FIELD) return false;
  // The last two bytes of a line. Behind LF alone may stand any byte but CR, which the others then may have: its column tells.
  const isCr = load<u8>(text + first) == 13;
  const wanted: u32 = isCr ? CR_LF : LF;
  const mask: u32 = isCr ? 0xffff : 0xff00;
  let others: u32 = 0;
  for (const end = at + <usize>rows * step; at < end; at += step) others |= (<u32>load<u16>(text + load<u32>(at)) ^ wanted) & mask;
  scan.cr = u32(isCr);
  return others == 0;
}

/** Takes the lines of a regular chunk as they are. */
function takeRows(scan: Scan): u32 {
  const fields = scan.fields;
  const room = scan.blockRows - scan.rows;
  const found = min(scan.lineCount, room);
  let row = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(fields));
  const step = i32x4.splat(fields << 2);
  for (let at = scan.firsts, end = at + (<usize>found << 2); at < end; at += 16) {
    v128.store(at, row);
    row = i32x4.add(row, step);
  }
  scan.found = found;
  scan.consumed = found * fields;
  if (found > 0) scan.position = load<u32>(scan.ends + (<usize>scan.consumed << 2) - 4) + 1;
  return scan.position >= scan.ownEnd ? DONE : found == room ? BLOCK_FULL : NEEDS_TEXT;
}

/** Lists which of the ends are those of lines; answers the end of the list. */
function listLines(scan: Scan): usize {
  const text = scan.text;
  const ends = scan.ends;
  let line = scan.lines;
  for (let i: u32 = 0, n = scan.endCount; i < n; i++) {
    store<u32>(line, i);
    line += <usize>u32(load<u8>(text + (load<u32>(ends + (<usize>i << 2)) & OFFSET)) == 10) << 2;
  }
  return line;
}

/** Lists the good rows among the indexed fields, and leaves the ends of a row that is not complete as the first ones. */
function findRows(scan: Scan): u32 {
  const text = scan.text;
  const ends = scan.ends;
  const fields = scan.fields;
  const room = scan.blockRows - scan.rows;
  const ownEnd = scan.ownEnd;
  const quotes = scan.quotes;
  let start = scan.position;
  let found: u32 = 0;
  let crs: u32 = 0;
  let i: u32 = 0;
  let line = scan.lines;
  const lineEnd = listLines(scan);
  let outcome = NEEDS_TEXT;
  for (; ; line += 4) {
    if (start >= ownEnd) {
      outcome = DONE;
      break;
    }
    if (found == room) {
      outcome = BLOCK_FULL;
      break;
    }
    if (line == lineEnd) break;
    const last = load<u32>(line);
    const end = load<u32>(ends + (<usize>last << 2)) & OFFSET;
    const width = last - i + 1;
    const reason = width != fields ? WRONG_COUNT : quotes || end - start > LONGEST_FIELD ? check(scan, i) : 0;
    if (reason == 0) {
      store<u32>(scan.firsts + (<usize>found << 2), i);
      found++;
      crs += u32(load<u8>(text + end - 1) == 13);
    } else if (width != 1 || !isBlankLine(scan, start, end)) {
      report(scan, start, reason, width, 0, 0);
    }
    start = end + 1;
    i = last + 1;
  }
  scan.found = found;
  scan.cr = u32(crs == found);
  scan.position = start;
  scan.consumed = i;
  return outcome;
}

export function report(scan: Scan, start: u32, reason: u32, detail: u32, at: u32, length: u32): void {
  if (scan.badRows < scan.badRoom) {
    const bad = changetype<Bad>(scan.bad + <usize>scan.badRows * offsetof<Bad>());
    bad.start = start;
    bad.reason = reason;
    bad.detail = detail;
    bad.at = at;
    bad.length = length;
  }
  scan.badRows++;
}

function isBlankLine(scan: Scan, start: u32, end: u32): bool {
  const e = scan.text + end;
  const s = trimStart(scan.text + start, e);
  return s == e || (s + 1 == e && load<u8>(s) == 13);
}

/** Why a row whose first end is number i is bad: a quoted field must be quoted from end to end, and none may be too long. */
function check(scan: Scan, i: u32): u32 {
  for (let field = i; field < i + scan.fields; field++) {
    const at = scan.ends + (<usize>field << 2);
    const start = (load<u32>(at - 4) + 1) & OFFSET;
    const end = load<u32>(at) & OFFSET;
    if (end - start > LONGEST_FIELD) return LONG_FIELD;
    if (load<u32>(at) & QUOTED && !isQuoted(scan.text + start, scan.text + end)) return STRAY_QUOTE;
  }
  return 0;
}

/** Whether the field is a quote, text with its quotes doubled, and a quote, with nothing but blanks or a CR around. */
function isQuoted(s: usize, e: usize): bool {
  s = trimStart(s, e);
  if (e > s && load<u8>(e - 1) == 13) e--;
  e = trimEnd(s, e);
  if (e - s < 2 || load<u8>(s) != 34 || load<u8>(e - 1) != 34) return false;
  for (s++, e--; s < e; s++) {
    if (load<u8>(s) == 34) {
      s++;
      if (s == e || load<u8>(s) != 34) return false;
    }
  }
  return true;
}

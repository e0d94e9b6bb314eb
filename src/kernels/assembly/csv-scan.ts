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
  const outcome = findRows(scan);
  convertColumns(scan);
  return outcome;
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
  const lineEnd = line + (<usize>scan.lineCount << 2);
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

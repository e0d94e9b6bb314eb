/** The rows found in a chunk, converted column by column. */
import { parseDate } from "./csv-date";
import { Column, DATE, FLOATS, Left, MISSING, NUMBER, OFFSET, QUOTED, REFUSED, Scan, STRING, trimEnd, trimStart } from "./csv-layout";
import { decimal16, LEFT, NOT_A_NUMBER, PARSED, parseNumber, TENS } from "./csv-number";
import { report } from "./csv-scan";
import { csvShortNumbers } from "./csv-short";
import { csvWholeNumbers } from "./csv-whole";
import { codeOf, csvShortWords, isToken, Words } from "./csv-words";

/** Where a number goes that is looked at first. */
const NUMBER_AT = memory.data(8, 8);

/** Reason of a bad row. */
const MISFIT: u32 = 4;
/** Bit of a row's first end: a text in it does not fit a fixed column. */
const DROPPED: u32 = 0x8000_0000;

/** Takes the found rows into the columns, and moves what is left of the field ends to the front. */
export function convertColumns(scan: Scan): void {
  const leftBefore = scan.leftCount;
  const badBefore = scan.badRows;
  for (let c: u32 = 0, at = scan.columns; c < scan.columnCount; c++, at += offsetof<Column>()) {
    const column = changetype<Column>(at);
    if (column.kind == NUMBER) numbers(scan, column, c);
    else if (column.kind == STRING) strings(scan, column);
    else if (column.kind == DATE) dates(scan, column, c);
  }
  const kept = scan.badRows == badBefore ? scan.found : dropRows(scan, leftBefore);
  scan.rows += kept;
  // What is left belongs to one row; when that has too many fields already, some of them are enough to tell.
  const left = min(scan.endCount - scan.consumed, scan.fields + 1);
  memory.copy(scan.ends - 4, scan.ends + (<usize>scan.consumed << 2) - 4, (<usize>left + 1) << 2);
  scan.endCount = left;
}

// @ts-ignore: decorator
@inline
function firstOf(scan: Scan, row: u32): usize {
  return load<u32>(scan.firsts + (<usize>row << 2)) & OFFSET;
}

/** Address of the end of a row's field; the end before it lies four bytes before. */
// @ts-ignore: decorator
@inline
function endAt(scan: Scan, column: Column, row: u32): usize {
  return scan.ends + ((firstOf(scan, row) + <usize>column.field) << 2);
}

// @ts-ignore: decorator
@inline
function startOf(scan: Scan, end: usize): usize {
  return scan.text + <usize>((load<u32>(end - 4) + 1) & OFFSET);
}

/** 1 where the line ends in CR LF: the CR is not part of the last field. */
// @ts-ignore: decorator
@inline
function endsInCr(e: usize, isLast: bool): usize {
  return isLast ? usize(load<u8>(e - 1) == 13) : 0;
}

function numbers(scan: Scan, column: Column, c: u32): void {
  const isLast = column.field + 1 == scan.fields;
  const rows = scan.found;
  for (let row = wholeNumbers(scan, column); row < rows; row++) {
    row = csvShortNumbers(changetype<usize>(scan), changetype<usize>(column), row);
    if (row == rows) return;
    const end = endAt(scan, column, row);
    const out = column.out + (<usize>(scan.rows + row) << 3);
    let e = scan.text + <usize>(load<u32>(end) & OFFSET);
    e -= endsInCr(e, isLast);
    const value = decimal16(startOf(scan, end), e);
    if (value == value) store<f64>(out, value);
    else if (!anyNumber(scan, column, c, row, end, out)) return;
  }
}

/** Takes the rows of a column of whole numbers; answers the first that has no such number, from which on, and up to which, all are floats. */
function wholeNumbers(scan: Scan, column: Column): u32 {
  const rows = scan.found;
  let row: u32 = 0;
  while (row < rows && column.places != FLOATS) {
    row = csvWholeNumbers(changetype<usize>(scan), changetype<usize>(column), row);
    if (row + 4 <= rows) column.others += 4;
    for (const end = min(row + 4, rows); row < end; row++) {
      if (anyWhole(scan, column, row)) continue;
      csvFloats(changetype<usize>(column), scan.rows + row);
      break;
    }
  }
  return row;
}

/** Any whole number or a missing token; answers whether it was one. */
function anyWhole(scan: Scan, column: Column, row: u32): bool {
  const out = column.out + (<usize>(scan.rows + row) << 2);
  const end = endAt(scan, column, row);
  const s = trimmedStart(scan, end);
  const e = trimmedEnd(scan, s, end);
  if (isMissing(scan, s, e)) {
    column.missing = 1;
    store<i32>(out, MISSING);
    return true;
  }
  let value = decimal16(s, e);
  if (value != value) {
    if (parseNumber(s, e, scan.fives, NUMBER_AT) != PARSED) return false;
    value = load<f64>(NUMBER_AT);
  }
  const tens = load<f64>(TENS + (<usize>column.places << 3));
  const whole = nearest(value * tens);
  if (!(Math.abs(whole) < 2147483648)) return false;
  const number = <i32>whole;
  // Compared as bits: -0 is no whole number.
  if (reinterpret<u64>(<f64>number / tens) != reinterpret<u64>(value)) return false;
  column.least = min(column.least, number);
  column.most = max(column.most, number);
  store<i32>(out, number);
  return true;
}

/** Makes a column's first n whole numbers float64, in place: the last ones first, as they grow. */
export function csvFloats(columnAt: usize, n: u32): void {
  const column = changetype<Column>(columnAt);
  const out = column.out;
  const tens = load<f64>(TENS + (<usize>column.places << 3));
  for (let i: usize = n; i > 0; i--) {
    const number = load<i32>(out + ((i - 1) << 2));
    store<f64>(out + ((i - 1) << 3), number == MISSING ? NaN : <f64>number / tens);
  }
  column.places = FLOATS;
}

function strings(scan: Scan, column: Column): void {
  const words = changetype<Words>(column.words);
  const isLast = column.field + 1 == scan.fields;
  for (let row: u32 = 0, rows = scan.found; row < rows; row++) {
    row = csvShortWords(changetype<usize>(scan), changetype<usize>(column), row);
    if (row == rows) return;
    const end = endAt(scan, column, row);
    const mark = load<u32>(end);
    let e = scan.text + <usize>(mark & OFFSET);
    e -= endsInCr(e, isLast);
    const s = trimStart(startOf(scan, end), e);
    e = trimEnd(s, e);
    const code = mark & QUOTED ? codeOf(words, s + 1, unescape(s + 1, e - 1)) : codeOf(words, s, e);
    store<u32>(column.out + (<usize>(scan.rows + row) << 2), code);
  }
}

function dates(scan: Scan, column: Column, c: u32): void {
  let out = column.out + (<usize>scan.rows << 3);
  for (let row: u32 = 0, rows = scan.found; row < rows; row++, out += 8) {
    const end = endAt(scan, column, row);
    const s = trimmedStart(scan, end);
    const e = trimmedEnd(scan, s, end);
    const days = parseDate(s, e);
    store<f64>(out, days);
    if (days != days && !isMissing(scan, s, e) && !refuse(scan, column, c, row, s, e)) return;
  }
}

/** The text of a number or date begins after blanks and a quote. */
function trimmedStart(scan: Scan, end: usize): usize {
  const e = scan.text + <usize>(load<u32>(end) & OFFSET);
  const s = trimStart(startOf(scan, end), e);
  return load<u32>(end) & QUOTED ? trimStart(s + 1, e) : s;
}

function trimmedEnd(scan: Scan, s: usize, end: usize): usize {
  let e = scan.text + <usize>(load<u32>(end) & OFFSET);
  if (e > s && load<u8>(e - 1) == 13) e--;
  e = trimEnd(s, e);
  return load<u32>(end) & QUOTED ? trimEnd(s, e - 1) : e;
}

/** Any number or a missing token; answers whether the column goes on. */
function anyNumber(scan: Scan, column: Column, c: u32, row: u32, end: usize, out: usize): bool {
  const s = trimmedStart(scan, end);
  const e = trimmedEnd(scan, s, end);
  store<f64>(out, NaN);
  if (isMissing(scan, s, e)) return true;
  const outcome = parseNumber(s, e, scan.fives, out);
  if (outcome == NOT_A_NUMBER) return refuse(scan, column, c, row, s, e);
  if (outcome == LEFT) {
    const left = changetype<Left>(scan.left + <usize>scan.leftCount * offsetof<Left>());
    left.value = out;
    left.at = <u32>(s - scan.text);
    left.length = <u32>(e - s);
    left.column = changetype<usize>(column);
    scan.leftCount++;
  }
  return true;
}

function isMissing(scan: Scan, s: usize, e: usize): bool {
  return s == e || isToken(changetype<Words>(scan.missing), s, e);
}

/** A text that does not fit: the end of the column, or of the row where the column is fixed. Answers whether the column goes on. */
function refuse(scan: Scan, column: Column, c: u32, row: u32, s: usize, e: usize): bool {
  const at = <u32>(s - scan.text);
  if (!column.fixed) {
    column.kind = REFUSED;
    column.refusedAt = at;
    column.refusedLength = <u32>(e - s);
    return false;
  }
  const place = scan.firsts + (<usize>row << 2);
  const first = load<u32>(place);
  if (first & DROPPED) return true;
  store<u32>(place, first | DROPPED);
  const start = (load<u32>(scan.ends + (<usize>first << 2) - 4) + 1) & OFFSET;
  report(scan, start, MISFIT, c, at, <u32>(e - s));
  return true;
}

/** Closes the gaps that dropped rows leave in the columns; answers how many rows remain. */
function dropRows(scan: Scan, leftBefore: u32): u32 {
  let kept: u32 = 0;
  for (let row: u32 = 0; row < scan.found; row++) {
    const place = scan.firsts + (<usize>row << 2);
    const dropped = (load<u32>(place) & DROPPED) != 0;
    // From here on: where the row goes.
    store<u32>(place, dropped ? DROPPED : kept);
    if (dropped) continue;
    if (kept != row) moveRow(scan, scan.rows + row, scan.rows + kept);
    kept++;
  }
  for (let i = leftBefore; i < scan.leftCount; i++) {
    const left = changetype<Left>(scan.left + <usize>i * offsetof<Left>());
    const out = changetype<Column>(left.column).out + (<usize>scan.rows << 3);
    const place = load<u32>(scan.firsts + (((left.value - out) >> 3) << 2));
    left.value = place & DROPPED ? 0 : out + (<usize>place << 3);
  }
  return kept;
}

function moveRow(scan: Scan, from: u32, to: u32): void {
  for (let c: u32 = 0, at = scan.columns; c < scan.columnCount; c++, at += offsetof<Column>()) {
    const column = changetype<Column>(at);
    if (column.kind == STRING || (column.kind == NUMBER && column.places != FLOATS)) store<u32>(column.out + (<usize>to << 2), load<u32>(column.out + (<usize>from << 2)));
    else store<u64>(column.out + (<usize>to << 3), load<u64>(column.out + (<usize>from << 3)));
  }
}

/** Makes two quotes one, in place; answers the new end. */
function unescape(s: usize, e: usize): usize {
  let out = s;
  for (; s < e; s++) {
    const byte = load<u8>(s);
    store<u8>(out++, byte);
    if (byte == 34) s++;
  }
  return out;
}

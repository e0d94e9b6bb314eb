/** Plain splitting of a little CSV text: the header, and what sniffing looks at. The rows themselves go through the kernel. */

/**
 * The rows of a text, each a list of fields; quotes and blanks around a field are taken off. Blank lines are skipped. Any quote opens or
 * closes a quoted stretch, as in the kernel.
 */
export function splitRows(text: string, separator: string, rowsAtMost: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let start = 0;
  let inside = false;
  for (let at = 0; at <= text.length && rows.length < rowsAtMost; at++) {
    const character = at < text.length ? text[at] : "\n";
    if (character === '"') inside = !inside;
    const ends = character === "\n" && (!inside || at === text.length);
    if (!ends && (inside || character !== separator)) continue;
    row.push(unquote(text.slice(start, at)));
    start = at + 1;
    if (!ends) continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** Where the first line ends, outside quotes, of a text that has no LF for it: its lines end in CR alone. -1 for any other text. */
export function bareReturn(text: Uint8Array): number {
  let found = -1;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === 34) inside = !inside;
    else if (!inside && text[at] === 10) return -1;
    // The LF of a CR at the very end may have been cut off.
    else if (!inside && text[at] === 13 && found < 0 && at + 1 < text.length && text[at + 1] !== 10) found = at;
  }
  return found;
}

function unquote(field: string): string {
  const text = field.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** Whether a field is meant as a number or a date, also a number with a decimal comma, which stays a text. */
export function isTyped(field: string): boolean {
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(field) || /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d|$)/i.test(field);
}

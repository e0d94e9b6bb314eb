/** Rows that a quote out of place may have made of many. */

const LINE_END = 10;
const QUOTE = 34;
const CARRIAGE_RETURN = 13;

/** Whether a row has a quote that neither opens a field, nor closes one, nor is doubled within one. */
export function hasStrayQuote(row: Uint8Array, separator: string): boolean {
  const ends = [separator.charCodeAt(0), LINE_END, CARRIAGE_RETURN];
  const isBlank = (byte: number): boolean => byte === 32 || byte === 9;
  /** Before a field's text, in an unquoted one, in a quoted one, behind it. */
  let state: "before" | "plain" | "quoted" | "behind" = "before";
  for (let i = 0; i < row.length; i++) {
    const byte = row[i];
    if (state === "quoted") {
      if (byte !== QUOTE) continue;
      if (row[i + 1] === QUOTE) i++;
      else state = "behind";
    } else if (ends.includes(byte)) state = "before";
    else if (byte === QUOTE && state !== "before") return true;
    else if (byte === QUOTE) state = "quoted";
    else if (!isBlank(byte)) {
      if (state === "behind") return true;
      state = "plain";
    }
  }
  return state === "quoted";
}

export function lineEnds(text: Uint8Array): number {
  let found = 0;
  for (let at = text.indexOf(LINE_END); at !== -1; at = text.indexOf(LINE_END, at + 1)) found++;
  return found;
}

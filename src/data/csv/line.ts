/** On which line of a text a byte lies: what people look for where a program says bytes. */
import type { ByteSource } from "../cut.ts";
import { gunzipChunks, rangeChunks } from "./chunks.ts";
import { lineEnds } from "./stray-quote.ts";

/** Text that is read for the number of a line: seconds from a disk, a quarter of a minute over a network. */
const MOST_BYTES = 2 ** 30;
const PORTION_BYTES = 256 * 2 ** 10;

interface Text {
  readonly source: ByteSource;
  readonly gzip: boolean;
}

/** The line, from 1, where the byte of the text lies; null where it lies further on than is worth reading. Reads all that is before it. */
export async function lineAt({ source, gzip }: Text, byte: number, mostBytes = MOST_BYTES): Promise<number | null> {
  if (byte > mostBytes) return null;
  let [line, at] = [1, 0];
  if (byte === 0) return line;
  for await (const chunk of gzip ? gunzipChunks(source, PORTION_BYTES) : rangeChunks(source, 0, byte)) {
    line += lineEnds(chunk.subarray(0, byte - at));
    at += chunk.length;
    if (at >= byte) break;
  }
  return line;
}

/** `on line 7`; by byte where the line is too far on, or the object cannot be read any more. */
export async function placeText(text: Text, byte: number): Promise<string> {
  const line = await lineAt(text, byte).catch(() => null);
  return line === null ? `at byte ${byte}` : `on line ${line}`;
}

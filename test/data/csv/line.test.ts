import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { lineAt, placeText } from "../../../src/data/csv/line.ts";
import { sourceOf } from "./reference.ts";

const encoder = new TextEncoder();
const text = 'x,y\r\n"two\nlines",1\n\nz,2';

describe("lineAt", () => {
  test("counts the lines of the file, as an editor does, before any byte", async () => {
    const bytes = encoder.encode(text);
    const lines = [...Array(bytes.length + 1).keys()].map((byte) => text.slice(0, byte).split("\n").length);
    const found = await Promise.all(lines.map((_, byte) => lineAt({ source: sourceOf(bytes), gzip: false }, byte)));
    expect(found).toEqual(lines);
    const packed = sourceOf(gzipSync(bytes));
    expect(await Promise.all(lines.map((_, byte) => lineAt({ source: packed, gzip: true }, byte)))).toEqual(lines);
  });

  test("counts over many reads, and stops reading there", async () => {
    const row = `${"a".repeat(99)}\n`;
    const bytes = encoder.encode(row.repeat(200_000));
    const source = sourceOf(bytes);
    let furthest = 0;
    const watched = {
      ...source,
      read: (startByte: number, endByte: number, into?: Uint8Array) => {
        furthest = Math.max(furthest, endByte);
        return source.read(startByte, endByte, into);
      },
    };
    expect(await lineAt({ source: watched, gzip: false }, 14_000_050)).toBe(140_001);
    expect(furthest).toBeLessThan(14_100_000);
  });

  test("is not worth any amount of reading", async () => {
    const source = sourceOf(encoder.encode(text));
    expect(await lineAt({ source, gzip: false }, 21, 20)).toBeNull();
    expect(await lineAt({ source, gzip: false }, 20, 20)).toBe(5);
  });
});

test("a place is told by byte where the file is not there any more", async () => {
  const source = sourceOf(encoder.encode(text));
  expect(await placeText({ source, gzip: false }, 22)).toBe("on line 5");
  const gone = { ...source, read: () => Promise.reject(new Error("gone")) };
  expect(await placeText({ source: gone, gzip: false }, 22)).toBe("at byte 22");
});

import { expect, test } from "vitest";
import { hasStrayQuote, lineEnds } from "../../../src/data/csv/stray-quote.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ["", false],
  ["a,b", false],
  ['"a","b"', false],
  [' "a"\t, "b" \r', false],
  ['"a ""quoted"" word","two\nlines"', false],
  ['"",""', false],
  ['5" pipe,b', true],
  ['"a"b,c', true],
  ['"a" "b"', true],
  ['a,b"', true],
  ['"never closed,b', true],
])("%j has a quote out of place: %s", (row, expected) => {
  expect(hasStrayQuote(bytes(row), ",")).toBe(expected);
});

test("the separator is the dialect's", () => {
  expect(hasStrayQuote(bytes('"a";"b"'), ";")).toBe(false);
  expect(hasStrayQuote(bytes('"a";"b"'), ",")).toBe(true);
});

test("line ends are counted", () => {
  expect(["", "a", "a\n", "a\nb", "\n\n"].map((text) => lineEnds(bytes(text)))).toEqual([0, 0, 1, 1, 2]);
});

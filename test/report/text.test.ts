import { describe, expect, it } from "vitest";
import {
  bytesText,
  count,
  dollarsText,
  durationText,
  figure,
  plural,
  printable,
  rateText,
  shellWord,
  signed,
} from "../../src/report/text.ts";

describe("count and plural", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [1_234_567, "1,234,567"],
  ])("%d is %s", (n, text) => expect(count(n)).toBe(text));

  it("says one row, and many rows", () => {
    expect(plural(1, "row")).toBe("1 row");
    expect(plural(2_000, "row")).toBe("2,000 rows");
    expect(plural(0, "class", "classes")).toBe("0 classes");
  });
});

describe("bytesText", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1_000, "0.98 KiB"],
    [5 * 1_024, "5.00 KiB"],
    [50 * 1_024, "50.0 KiB"],
    [300 * 1_048_576, "300 MiB"],
    [3 * 2 ** 40, "3.00 TiB"],
    [5_000 * 2 ** 40, "5000 TiB"],
  ])("%d is %s", (bytes, text) => expect(bytesText(bytes)).toBe(text));
});

describe("durationText", () => {
  it.each([
    [0, "0.000 s"],
    [0.0421, "0.042 s"],
    [0.9949, "0.995 s"],
    [0.996, "1.00 s"],
    [3.14, "3.14 s"],
    [59.94, "59.9 s"],
    [59.96, "1 min 0 s"],
    [125, "2 min 5 s"],
    [3_599.9, "1 h 0 min"],
    [12_000, "3 h 20 min"],
  ])("%d seconds are %s", (seconds, text) => expect(durationText(seconds)).toBe(text));
});

describe("rateText", () => {
  it.each([
    [0, "0"],
    [950, "950"],
    [2_400, "2.4 k"],
    [31_200_000, "31 M"],
  ])("%d is %s", (rate, text) => expect(rateText(rate)).toBe(text));
});

describe("figure", () => {
  it.each([
    [0.84374999, "0.8437"],
    [-0.5, "-0.5000"],
    [0, "0.0000"],
    [0.000323456, "0.000323"],
    [12.3456789, "12.346"],
    [123_456.7, "123,457"],
    [-1_234_567, "-1,234,567"],
    [1e20, "1.000e+20"],
    [null, "-"],
    [undefined, "-"],
    [Number.NaN, "-"],
  ])("%s is %s", (value, text) => expect(figure(value)).toBe(text));

  it("shows the sign of effects, which zero has none of", () => {
    expect(signed(0.25)).toBe("+0.2500");
    expect(signed(-0.25)).toBe("-0.2500");
    expect(signed(0)).toBe("0.0000");
    expect(signed(null)).toBe("-");
  });
});

describe("printable", () => {
  it("lets no name move the cursor, break the line or turn the writing", () => {
    expect(printable("a\u001b[2Jb\nc\td\u202ee")).toBe("a\ufffd[2Jb\ufffdc\ufffdd\ufffde");
  });

  it("cuts long names between characters, not within them", () => {
    expect(printable("äöü", 3)).toBe("äöü");
    expect(printable("😀😀😀😀", 3)).toBe("😀😀…");
  });
});

describe("shellWord", () => {
  it("quotes what a shell would read otherwise", () => {
    expect(shellWord("models/churn-1.0")).toBe("models/churn-1.0");
    expect(shellWord("my model")).toBe("'my model'");
    expect(shellWord("it's; rm *")).toBe("'it'\\''s; rm *'");
    expect(shellWord("")).toBe("''");
  });
});

it.each([
  [0, "$0.00"],
  [0.0000271, "$0.000027"],
  [0.00732, "$0.0073"],
  [0.0999, "$0.100"],
  [0.1, "$0.10"],
  [12.345, "$12.35"],
  [1_234.5, "$1,235"],
])("writes %d dollars as %s", (dollars, text) => {
  expect(dollarsText(dollars)).toBe(text);
});

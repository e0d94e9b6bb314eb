import { describe, expect, test } from "vitest";
import { guessTypes, sniffCsv } from "../../../src/data/csv/sniff.ts";
import { dialectOf } from "./reference.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const missing = ["", "NA"];
const sniff = (text: string, given: { separator?: string; header?: boolean } = {}) => sniffCsv(bytes(text), { missing, ...given });

describe("separator", () => {
  test.each([
    [",", "a,b\n1,2\n3,4\n"],
    [";", "a;b\n1,5;2,5\n3,1;4,2\n"],
    [";", "1,5;2,5;9\n3,1;4,2;8\n"],
    ["\t", "name\ttext\nx\thello, you\ny\tone, two, three\n"],
    ["|", "a|b|c\n1|x,y|3\n"],
    [",", 'a,b\n"x;y;z",1\n"p;q;r",2\n'],
    [",", "only\n1\n2\n"],
  ])("%j of %j", (separator, text) => {
    expect(sniff(text).separator).toBe(separator);
  });

  test("a given one is taken", () => {
    expect(sniff("a,b;c\n1,2;3\n", { separator: ";" }).names).toEqual(["a,b", "c"]);
  });

  test.each(["", ",,", '"', "\n", "é"])("%j cannot be one", (separator) => {
    expect(() => sniff("a,b\n", { separator })).toThrow("data.separator must be one ASCII character other than a quote or line end, got");
  });
});

describe("header", () => {
  test.each<[string, boolean, string]>([
    ["names above numbers", true, "id,age\n1,20\n2,30\n"],
    ["names above dates and missing values", true, "day,note\n,x\n2020-01-01,y\nNA,z\n"],
    ["numbers everywhere", false, "1,20\n2,30\n"],
    ["text, and a number in the first row", false, "a,1\nb,2\n"],
    ["a name above numbers, though other names are numbers", true, "0,1,target\n0.5,2,1\n0.25,3,0\n"],
    ["a missing value above numbers", false, "NA,1\n2,3\n"],
    ["text everywhere, first row unlike the others", true, "name,colour\nann,red\nbob,blue\n"],
    ["text everywhere, first row like the others", false, "ann,red\nbob,red\nann,blue\n"],
    ["only one row of text", true, "name,colour\n"],
    ["a byte order mark before it", true, "\ufeffid,age\n1,2\n"],
  ])("%s: %s", (_, header, text) => {
    expect(sniff(text).header).toBe(header);
  });

  test("names: trimmed, unquoted, by position where there are none", () => {
    expect(sniff('\ufeff a ,"b ""x""",,d\n1,2,3,4\n').names).toEqual(["a", 'b "x"', "c2", "d"]);
    expect(sniff("a,b\nc,d\n", { header: false }).names).toEqual(["c0", "c1"]);
    expect(sniff("1,2\n3,4\n", { header: true }).names).toEqual(["1", "2"]);
    expect(() => sniff("a,b,a\n1,2,3\n")).toThrow('the header must name every column once, got "a" twice');
  });
});

test.each<[string, Uint8Array, string]>([
  ["nothing", bytes("\n\n"), "a CSV source must have a row, got none"],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), "a CSV source must be UTF-8 text, got UTF-16 (save it as UTF-8)"],
  ["binary", Uint8Array.of(0x61, 0x62, 0), "a CSV source must be UTF-8 text, got a zero byte at byte 2"],
])("%s is refused", (_, head, message) => {
  expect(() => sniffCsv(head, { missing })).toThrow(message);
});

describe("types", () => {
  const names = ["a", "b", "c", "d"];
  const dialect = dialectOf(names, { header: true });
  const first = { key: "a.csv", bytes: bytes("a,b,c,d\n1,x,2020-01-01,\n2.5e3,7,NA,NA\n,8,2020-02-03T10:00,\n"), startsMidFile: false };

  test("number, string, date, and number where all is missing", () => {
    expect(guessTypes([first], dialect)).toEqual(["number", "string", "date", "number"]);
  });

  test("every sample counts, rows cut off at its ends do not", () => {
    const middle = { key: "a.csv", bytes: bytes('5,oops\n3,y,2020-01-01,"t"\n4,z,2020-0'), startsMidFile: true };
    expect(guessTypes([first, middle], dialect)).toEqual(["number", "string", "date", "string"]);
    const other = { key: "a.csv", bytes: bytes("tail\n3,y,17,\n4,z,2020-01-01,\n"), startsMidFile: true };
    expect(guessTypes([first, other], dialect)).toEqual(["number", "string", "string", "number"]);
  });

  test("a sample that starts inside quotes is read as such", () => {
    const rows = '9,"a,b\nc,d,e,f\n",2020-01-01,1\n8,"x\ny,1,2,3\n",2020-01-01,2\n7,"q",2020-01-01,3\n';
    expect(
      guessTypes([first, { key: "a.csv", bytes: bytes(`tail,of it\n${rows.slice(4)}${rows}`), startsMidFile: true }], dialect),
    ).toEqual(["number", "string", "date", "number"]);
  });

  test("whole numbers beyond 2^53 are strings where they are most of a column; floats as large are numbers", () => {
    const lines = ["9007199254740993,9007199254740993,9.1e15", "-9007199254740995,1,1e300", "NA,2,12345678901234567.5"];
    const ids = { key: "a.csv", bytes: bytes(`a,b,c\n${lines.join("\n")}\n`), startsMidFile: false };
    const three = { separator: ",", header: true, names: ["a", "b", "c"], missing };
    expect(guessTypes([ids], three)).toEqual(["string", "number", "number"]);
  });

  test("a last row without its end counts when there is no other", () => {
    expect(guessTypes([{ key: "a.csv", bytes: bytes("a,b,c,d\n1,x,2020-01-01,y"), startsMidFile: false }], dialect)).toEqual([
      "number",
      "string",
      "date",
      "string",
    ]);
  });
});

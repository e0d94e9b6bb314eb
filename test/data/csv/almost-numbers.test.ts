import { expect, it } from "vitest";
import { almostNumbers, joinAlmostNumbers } from "../../../src/data/csv/almost-numbers.ts";
import { firstConflict } from "../../../src/data/csv/read.ts";
import { columnsOf, dialectOf, piece, readText, sourceOf } from "./reference.ts";

/** One column of text. */
const counted = async (lines: readonly string[]) => almostNumbers((await readText(lines.join("\n"), 1, "string")).parts, "c0");

it("counts the values that are no numbers, missing ones aside", async () => {
  const lines = ["1", "n.a.", "-2.5", "1e3", ".5", "inf", "", "n.a.", " 7 ", "0x10", "1e999"];
  expect(await counted(lines)).toEqual({ column: "c0", values: 10, others: 5, texts: ["n.a.", "inf", "0x10", "1e999"], foreign: null });
  expect(await counted(["1", "2"])).toEqual({ column: "c0", values: 2, others: 0, texts: [], foreign: null });
  expect(await counted(["a", "b", "1"])).toBeNull();
});

it.each([
  [["1,5", "2,25", "3"], "1,5"],
  [["1,031.5", "950"], "1,031.5"],
  [["1.031,5", "950"], "1.031,5"],
  [["1 031", "12.50"], "1 031"],
  [["$12.50", "$3"], "$12.50"],
  [["12 %", "-"], "12 %"],
  [["1/31/2024", "2/1/2024"], "1/31/2024"],
  [["31.01.24 10:30", "01.02.24 9:00"], "31.01.24 10:30"],
  [["2024.01.02", "1.2.3", "12:30", "1"], null],
])("tells numbers and dates in other notations: %j", async (lines, foreign) => {
  const found = await counted(lines.map((text) => JSON.stringify(text)));
  expect(found?.foreign ?? null).toBe(foreign);
  if (foreign !== null) expect(found?.others).toBe(lines.includes("-") ? 1 : 0);
});

it("joins cuts: mostly numbers in each and in all", () => {
  const first = { column: "c", key: "b.csv", byte: 3, found: '"-"', line: 2 };
  const cut = (values: number, others: number, texts: readonly string[]) => ({
    column: "c",
    values,
    others,
    texts,
    foreign: null,
    first: null,
  });
  const all = [cut(10, 0, []), { ...cut(10, 2, ["-", "x"]), first }, cut(5, 1, ["x", "y"])];
  expect(joinAlmostNumbers(all)).toEqual({ column: "c", values: 25, others: 3, texts: ["-", "x", "y"], foreign: null, first });
  expect(joinAlmostNumbers([...all, null])).toBeNull();
  expect(joinAlmostNumbers([all[0]])).toMatchObject({ values: 10, others: 0 });
  expect(joinAlmostNumbers([cut(4, 2, ["x"])])).toBeNull();
});

it("finds the first by object, byte and line; by byte alone in a piece from the middle", async () => {
  const [text, dialect] = ['1,"a\nb"\n2,c\n-,d\nx,e\n', dialectOf(["n", "t"])];
  const [column] = columnsOf(["n", "t"], "number");
  const found = await firstConflict([piece(sourceOf("5,z\n")), piece(sourceOf(text))], dialect, column);
  expect(found).toMatchObject({ column: "n", byte: 12, line: 4, found: '"-"' });
  const middle = { ...piece(sourceOf(text)), startByte: 8 };
  expect(await firstConflict([middle], dialect, column)).toMatchObject({ byte: 12, line: null });
  expect(await firstConflict([piece(sourceOf("5,z\n"))], dialect, column)).toBeNull();
});

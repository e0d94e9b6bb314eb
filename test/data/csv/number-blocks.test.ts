/** Blocks that the kernel reads as whole numbers give what blocks of floats give: values, storages, missing values, bad rows. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collectNumbers } from "../../../src/data/csv/collect-numbers.ts";
import type { CsvKernels } from "../../../src/data/csv/kernel.ts";
import { type NumberBlocks, takeBlock } from "../../../src/data/csv/number-blocks.ts";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import { get, set, sizeOf } from "../../../src/data/csv/scan.ts";
import type { CutAnswer, LoadColumn } from "../../../src/data/cut.ts";
import { createKernels, float64 } from "../../../src/kernels/kernels.ts";
import { dialectOf, piece, sourceOf, valuesOf } from "./reference.ts";

/** Rows of a block, and of a part. */
const BLOCK = 512;
const names = ["c0", "c1"];

function read(text: string, columns: readonly LoadColumn[], missing: readonly string[]): Promise<CutAnswer> {
  return readCsvCut([piece(sourceOf(text))], dialectOf(names, { missing }), columns, BLOCK);
}

/** Reads both columns, and once more with a missing token that is a number and nowhere to be found: all blocks are float64 then. */
async function readBoth(rows: readonly (readonly [string, string])[], lineEnd: string, fixed: boolean): Promise<CutAnswer> {
  const text = rows.map((row) => row.join(",") + lineEnd).join("");
  const columns = names.map((name, index): LoadColumn => ({ name, index, type: "number", fixed }));
  const answer = await read(text, columns, ["", "NA"]);
  // By Node's own comparison: the test runner's takes its time over arrays of numbers.
  expect(isDeepStrictEqual(answer, await read(text, columns, ["", "NA", "-98765432.125"]))).toBe(true);
  return answer;
}

const usual = {
  digit: (n: number) => `${n % 10}`,
  age: (n: number) => `${n % 130}`,
  price: (n: number) => (((n % 700_000) - 50_000) / 100).toFixed(2),
  shortest: (n: number) => `${(n % 700_000) / 100}`,
  coordinate: (n: number) => ((n % 9_999_999) / 1e6).toFixed(6),
  thousandth: (n: number) => `${(n % 9_999_999) / 1e3}`,
  large: (n: number) => `${n % 100_000_000}`,
  wide: (n: number) => `${(n % 900) + 0.25}`,
  rarelyThere: (n: number) => (n % 3 === 0 ? `${n % 1_000}` : ""),
  signed: (n: number) => `${(n % 2_001) - 1_000}`,
  float: (n: number) => `${n / 7}`,
} as const;
const rare = [
  ...["", "NA", "-0", "-0.0", "0", "00012", "+5", "1.", ".5", "-.5", "-7.25", "1e2", "25e-2", "-1E1", " 7 ", '"8"', '" 1.5"', "\t3"],
  ...["1.50", "2.500", "127", "128", "-127", "-128", "-129", "32767", "32768", "-32768", "16777216", "16777217", "-16777217"],
  ...["21474836.47", "21474836.48", "-21474836.48", "2147483647", "2147483648", "-2147483648", "99999999", "9999999.", "-9999999"],
  ...["1.2345678", "0.30000000000000004", "0.1000000000000000055511151231257827", "9007199254740993", "123456789012345678901234567890"],
  ...[
    "12345678",
    "123456789",
    "1234567.8",
    "999999.9",
    "99999.99",
    "9999.999",
    "-999.999",
    "0.000001",
    "0.0000001",
    "2147.483",
    "-2147.484",
  ],
];
const others = ["x", "-", "--5", "1.2.3", "5-", ".", "-.", "1-2", "1..2", "1e", "/5", ":5", "1,5"];

const kind = fc.constantFrom(...(Object.keys(usual) as (keyof typeof usual)[]));
const stretch = fc.tuple(kind, kind, fc.integer({ min: 1, max: 3 * BLOCK }), fc.constantFrom(0, 0, 3, 50));

test("any numbers, the usual ones with rare ones among them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretch, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.constantFrom("\n", "\n", "\r\n"),
      fc.boolean(),
      async (stretches, seed, lineEnd, fixed) => {
        let state = seed;
        const next = (): number => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state >>> 4;
        };
        const special = (): string => (fixed && next() % 8 === 0 ? others[next() % (others.length - 1)] : rare[next() % rare.length]);
        const rows = stretches.flatMap(([a, b, count, specials]) =>
          Array.from({ length: count }, (): [string, string] => {
            const row: [string, string] = [usual[a](next()), usual[b](next())];
            if (specials > 0 && next() % (BLOCK / specials) < 1) row[next() % 2] = special();
            return row;
          }),
        );
        const { parts, badRows } = await readBoth(rows, lineEnd, fixed);
        const isBad = (row: readonly string[]): boolean => row.some((text) => others.includes(text));
        expect(badRows).toBe(rows.filter(isBad).length);
        const good = rows.filter((row) => !isBad(row));
        names.forEach((name, column) => {
          const values = valuesOf(parts, name);
          const expected = good.map((row) => numberOf(row[column]));
          expect(values.length).toBe(expected.length);
          expect(expected.findIndex((value, row) => !Object.is(values[row], value))).toBe(-1);
        });
      },
    ),
    { seed: 29, numRuns: 30 },
  );
});

function numberOf(text: string): number {
  const trimmed = text.replaceAll('"', "").trim();
  return trimmed === "" || trimmed === "NA" ? Number.NaN : Number(trimmed);
}

const texts = [...rare, ...others.slice(0, -1)];
test.each(texts)("%j among whole numbers and decimals, somewhere among four", async (text) => {
  const isNumber = !others.includes(text);
  for (const places of [0, 2, 6]) {
    const at = BLOCK + 40 + ((texts.indexOf(text) + places / 2) % 4);
    const plain = (i: number): string => (i % 900).toFixed(0) + (places > 0 ? `.${`${i % 9}1`.padStart(places, "5").slice(-places)}` : "");
    const rows = Array.from({ length: 3 * BLOCK }, (_, i): [string, string] => [
      i === at ? text : plain(i).slice(0, 8),
      i < BLOCK ? "1.5" : text,
    ]);
    const { parts, types } = await readBoth(rows, "\n", false);
    expect(types[0]).toBe(isNumber ? "number" : "string");
    if (!isNumber) continue;
    const values = valuesOf(parts, "c0");
    expect(rows.findIndex(([own], row) => !Object.is(values[row], numberOf(own)))).toBe(-1);
  }
});

test("whole numbers are asked for until that does not do, and for the same places then no more", () => {
  const k = createKernels() as CsvKernels;
  const [record, out, whole] = [k.allocate(sizeOf("column")), k.allocate(8 * 16), k.allocate(4 * 16)];
  set(k, "column", record, { out, places: 0xffff_ffff });
  const blocks: NumberBlocks = { numbers: collectNumbers("number"), record, missing: [], asked: null, givenUp: null };
  let filled = 0;
  const take = (rows: number): number | null => {
    takeBlock(k, blocks, whole, [0, filled, 100], rows);
    filled += rows;
    return blocks.asked;
  };
  float64(k, out, 16).fill(7);
  expect(take(16)).toBe(0);
  // As the kernel leaves it: a last block of a part may be small.
  set(k, "column", record, { most: 9, others: 0 });
  expect(take(2)).toBe(0);
  set(k, "column", record, { most: 9, others: 4 });
  expect(take(16)).toBe(null);
  expect(get(k, "column", record, "places")).toBe(0xffff_ffff);
  float64(k, out, 16).fill(8);
  expect(take(16)).toBe(null);
  // Decimals are something else, at least those that float32 does not hold.
  float64(k, out, 16).fill(1.23);
  expect(take(16)).toBe(2);
});

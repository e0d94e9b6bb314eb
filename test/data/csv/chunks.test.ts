/** Texts of several chunks of 16 KiB: rows are found by a short way where a chunk is regular, and one by one elsewhere. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import { dialectOf, parsePlainly, piece, readText, rowsOf, sourceOf, valuesOf } from "./reference.ts";

const names = ["c0", "c1"];

/** Draws from what is given, the same for the same seed. */
function drawing(seed: number): <T>(from: readonly T[]) => T {
  let state = seed + 1;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[(state >>> 8) % from.length];
  };
}

test("regular and irregular chunks give the rows that the plain parser finds", async () => {
  const kinds = {
    line: [["a,7", "b,12345678901"], ["\n"]],
    crLf: [["a,7", "word,2"], ["\r\n"]],
    mixed: [
      ["a,7", "b,8"],
      ["\n", "\r\n"],
    ],
    blank: [["a,7", "word,2", "", " "], ["\n"]],
    quoted: [['"a",7', "word,2", '"x\ny",""'], ["\n"]],
  } as const;
  const stretch = fc.tuple(fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])), fc.integer({ min: 1, max: 6_000 }));
  await fc.assert(
    fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 5 }), fc.nat(), async (stretches, seed) => {
      const draw = drawing(seed);
      const text = stretches
        .flatMap(([kind, rows]) => Array.from({ length: rows }, () => draw<string>(kinds[kind][0]) + draw<string>(kinds[kind][1])))
        .join("");
      const { parts, badRows } = await readText(text, 2, "string", { missing: [] });
      expect(badRows).toBe(0);
      const [found, expected] = [rowsOf(parts, names), parsePlainly(text, ",")];
      expect(found.length).toBe(expected.length);
      expect(expected.findIndex(([a, b], row) => found[row][0] !== a || found[row][1] !== b)).toBe(-1);
    }),
    {
      seed: 17,
      numRuns: 25,
      examples: [
        [[["crLf", 6_000]], 1],
        [[["mixed", 6_000]], 2],
      ],
    },
  );
});

test("a cut ends where its last row does, in the middle of a regular chunk", async () => {
  const text = "12,abc\n".repeat(9_000);
  for (const endByte of [7, 8, 16_384, 16_385, 30_001, 62_999]) {
    const columns = names.map((name, index) => ({ name, index, type: index === 0 ? ("number" as const) : ("string" as const) }));
    const first = await readCsvCut([piece(sourceOf(text), { endByte })], dialectOf(names), columns, 1_000);
    expect(first.rows).toBe(Math.ceil(endByte / 7));
    expect(first.parts.slice(0, -1).every(({ rows }) => rows === 1_000)).toBe(true);
    const second = await readCsvCut([piece(sourceOf(text), { startByte: endByte })], dialectOf(names), columns, 1_000);
    expect(first.rows + second.rows).toBe(9_000);
  }
});

test("a quote out of place counts in a row that ends in a chunk without quotes", async () => {
  // Fewer rows than a part has, after which the index begins anew.
  const before = `${`3,${"x".repeat(94)}\n`.repeat(168)}5,${"y".repeat(68)}\n`;
  expect(before.length).toBe(16_384 - 17);
  const { badRows, badSamples, rows } = await readText(`${before}a"b"c,${"z".repeat(60)}\n7,8\n`, 2, "string");
  expect([rows, badRows]).toEqual([170, 1]);
  expect(badSamples[0].byte).toBe(before.length);
});

test("texts with blanks at their ends are others than those without", async () => {
  const texts = ["a", '" a"', " a", "a ", '"a "', "b", '"b\t"', "b\t", "a"];
  const expected = ["a", " a", "a", "a", "a ", "b", "b\t", "b", "a"];
  const { parts } = await readText(`${texts.join("\n")}\n`.repeat(50), 1, "string");
  expect(valuesOf(parts, "c0")).toEqual(Array.from({ length: 50 }, () => expected).flat());
});

test("many short texts, however their places in the table of the dictionary meet", async () => {
  const texts = Array.from({ length: 3_000 }, (_, i) => `${(i * 7_919) % 1_000}`.padStart(1 + (i % 8), "k"));
  const { parts } = await readText(`${texts.join("\n")}\n`.repeat(2), 1, "string");
  expect(valuesOf(parts, "c0")).toEqual([...texts, ...texts]);
});

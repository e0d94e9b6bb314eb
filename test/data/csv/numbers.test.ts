import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import { dialectOf, piece, readText, sourceOf, valuesOf } from "./reference.ts";

/** All texts as one column of numbers; the oracle is JavaScript's own conversion, which rounds correctly. */
async function expectExact(texts: readonly string[]): Promise<void> {
  const { parts, types, badRows } = await readText(`${texts.join("\n")}\n`, 1, "number");
  expect([types, badRows]).toEqual([["number"], 0]);
  const values = valuesOf(parts, "c0");
  expect(values.length).toBe(texts.length);
  // Object.is tells -0 from 0; comparing in a loop is quicker than one large toEqual.
  const wrong = texts.filter((text, i) => !Object.is(values[i], Number(text)));
  expect(wrong).toEqual([]);
}

test("all digit counts, points and signs", async () => {
  const texts: string[] = [];
  for (let length = 1; length <= 24; length++) {
    const digits = "1234567890987654321098765".slice(0, length);
    for (const sign of ["", "-", "+"]) {
      texts.push(sign + digits, sign + "9".repeat(length), `${sign}0${"0".repeat(length)}`);
      for (let point = 0; point <= length; point++) texts.push(`${sign}${digits.slice(0, point)}.${digits.slice(point)}`);
    }
  }
  await expectExact(texts);
});

test("edges of the format", async () => {
  await expectExact([
    ...[
      "0",
      "-0",
      "0.0",
      "-0.0",
      ".5",
      "5.",
      "-.5",
      "1e5",
      "1E+5",
      "1e-5",
      "-1.5e3",
      "00012",
      "0e999",
      "-0e-999",
      "1e22",
      "1e23",
      "1e-22",
      "1e-23",
    ],
    ...["9007199254740991", "9007199254740992", "9007199254740993", "9007199254740993.0", "9007199254740992.99", "900719925474.0993"],
    ...[
      "1.7976931348623157e308",
      "2.2250738585072014e-308",
      "2.2250738585072011e-308",
      "4.9e-324",
      "5e-324",
      "2e-324",
      "1e-400",
      "-1e-400",
    ],
    ...[
      "8.5e64",
      "8.5e65",
      "1.5e-64",
      "1.5e-66",
      "18446744073709551615",
      "18446744073709551616",
      "9999999999999999999",
      "99999999999999999999",
    ],
    // Halfway between two floats, and a digit beyond: ties go to even.
    ...[
      "9007199254740993e0",
      "9007199254740995",
      "4503599627370496.5",
      "4503599627370497.5",
      "4503599627370497.50000000001",
      "1.00000005960464477539",
    ],
    ...[
      "0.500000000000000166533453693773481063544750213623046875",
      "3.518437208883201171875e13",
      "62.5364939768271845828",
      "8.10109172351e-10",
    ],
  ]);
});

test("what programs write: shortest forms, fixed places, exponents", async () => {
  const texts: string[] = [];
  await fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(12), (value, places) => {
      texts.push(String(value), value.toExponential(places), value.toPrecision(1 + places));
      const small = (value % 1e6) / 7;
      texts.push(small.toFixed(places), String(small), String(Math.fround(small)));
    }),
    { seed: 3, numRuns: 5_000 },
  );
  await expectExact(texts.filter((text) => !text.includes("Infinity") && Number.isFinite(Number(text))));
});

test("significands of 17 to 19 digits with all exponents", async () => {
  let state = 88_172_645_463_325_252n;
  const next = (): bigint => {
    state = BigInt.asUintN(64, state ^ (state << 13n));
    state ^= state >> 7n;
    state = BigInt.asUintN(64, state ^ (state << 17n));
    return state;
  };
  const texts: string[] = [];
  for (let exponent = -90; exponent <= 90; exponent++) {
    for (let i = 0; i < 200; i++) texts.push(`${next() % 10_000_000_000_000_000_000n}e${exponent}`);
  }
  await expectExact(texts);
});

test("midpoints between neighbouring floats, and one unit to either side", async () => {
  const texts: string[] = [];
  for (let bit = 53; bit < 63; bit++) {
    for (let i = 0n; i < 40n; i++) {
      const float = (1n << BigInt(bit)) + i * (1n << BigInt(bit - 52));
      const middle = float + (1n << BigInt(bit - 53));
      texts.push(`${middle}`, `${middle - 1n}`, `${middle + 1n}`, `${middle}.0`, `${middle}e3`, `${middle}e-3`);
    }
  }
  await expectExact(texts);
});

test("texts that look like numbers are refused where they are none, wherever in a pair they stand", async () => {
  const texts: string[] = [];
  const characters = [..."0123456789.-+e/:x"];
  await fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...characters, ..."05.-"), { minLength: 1, maxLength: 9 }),
      (text) => void texts.push(text.join("")),
    ),
    { seed: 5, numRuns: 20_000 },
  );
  texts.push(".", "-", "-.", "5.-", "--5", "1.2.3", "12345678.", "-1234567.", ".1234567", "-.123456", "1-2", "12-", "/5", "5/", ":5");
  const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
  for (const before of [[], ["7"]]) {
    const all = [...before, ...texts.filter((text) => !/e[+-]?\d{3}/.test(text))];
    const column = { name: "c0", index: 0, type: "number" as const, fixed: true };
    const { parts, badRows } = await readCsvCut([piece(sourceOf(all.join("\n")))], dialectOf(["c0"]), [column], 1_024);
    const expected = all.filter(isNumber).map(Number);
    expect(expected.length).toBeGreaterThan(1_000);
    expect(badRows).toBe(all.length - expected.length);
    // Dropped rows leave no short part behind.
    expect(parts.slice(0, -1).filter(({ rows }) => rows !== 1_024)).toEqual([]);
    const values = valuesOf(parts, "c0");
    expect(values.length).toBe(expected.length);
    expect(expected.filter((value, i) => !Object.is(values[i], value))).toEqual([]);
  }
});

import { describe, expect, test } from "vitest";
import { isKnown, takeNumber, takeString } from "../../src/features/take.ts";
import type { Take } from "../../src/features/view.ts";
import { hashString } from "../../src/kernels/hash.ts";

const none = Number.NaN;
const strings = (take: Take) => ["a", "b", null].map(takeString(take));
const numbers = (take: Take) => [1, 2.5, none].map(takeNumber(take));

describe("take", () => {
  test("of strings a, b and a missing one", () => {
    expect(strings({ kind: "level", level: "a" })).toEqual([1, 0, 0]);
    expect(strings({ kind: "level", level: "a", missingAs: "a" })).toEqual([1, 0, 1]);
    expect(strings({ kind: "other", levels: ["a"] })).toEqual([0, 1, 1]);
    expect(strings({ kind: "other", levels: ["a"], missingAs: "a" })).toEqual([0, 1, 0]);
    expect(strings({ kind: "missing" })).toEqual([0, 0, 1]);
    expect(strings({ kind: "index", levels: ["b"], other: null })).toEqual([none, 0, none]);
    expect(strings({ kind: "index", levels: ["b"], other: 7 })).toEqual([7, 0, 7]);
    expect(strings({ kind: "index", levels: ["b"], other: 7, missingAs: "b" })).toEqual([7, 0, 0]);
    expect(strings({ kind: "constant", value: 3 })).toEqual([3, 3, none]);
    expect(strings({ kind: "hash", buckets: 8, bucket: hashString("", 42) % 8 })[2]).toBe(1);
    expect(strings({ kind: "number" })).toEqual([none, none, none]);
  });

  test("of numbers 1, 2.5 and a missing one", () => {
    expect(numbers({ kind: "number" })).toEqual([1, 2.5, none]);
    expect(numbers({ kind: "constant", value: 3 })).toEqual([3, 3, none]);
    expect(numbers({ kind: "missing" })).toEqual([0, 0, 1]);
    expect(numbers({ kind: "equals", value: 2.5 })).toEqual([0, 1, 0]);
    expect(numbers({ kind: "level", level: "2.5" })).toEqual([0, 1, 0]);
    expect(numbers({ kind: "level", level: "2.5", missingAs: "2.5" })).toEqual([0, 1, 1]);
    expect(numbers({ kind: "other", levels: ["1"] })).toEqual([0, 1, 1]);
    expect(numbers({ kind: "index", levels: ["2.5", "1"], other: 2 })).toEqual([1, 0, 2]);
  });

  test("zero and minus zero are one level", () => {
    expect([0, -0].map(takeNumber({ kind: "level", level: "0" }))).toEqual([1, 1]);
    expect([0, -0].map(takeNumber({ kind: "index", levels: ["0"], other: null }))).toEqual([0, 0]);
  });

  test("known values, null and NaN missing", () => {
    const some = isKnown({ source: "c", known: ["a", "1"] });
    expect(["a", "b", null, 1, 2, none].map(some)).toEqual([true, false, false, true, false, false]);
    const withMissing = isKnown({ source: "c", known: ["a", null] });
    expect(["a", null, none, "b"].map(withMissing)).toEqual([true, true, true, false]);
    const any = isKnown({ source: "c", known: null });
    expect(["a", 0, null, none].map(any)).toEqual([true, true, false, false]);
  });
});

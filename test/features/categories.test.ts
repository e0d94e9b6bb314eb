import { describe, expect, test } from "vitest";
import { fittedSummary, viewFor } from "../../src/features/fit.ts";
import { column, encode, fitted, names, stage } from "./helpers.ts";

const colours = { c: ["red", "blue", null, "red", "green", "blue", "red"] };

describe("stringIndexer", () => {
  const levels = (stringOrderType: string, data: Parameters<typeof fitted>[1] = colours) =>
    (
      fittedSummary(fitted([stage("stringIndexer", { inputs: ["c"], stringOrderType, handleInvalid: "keep" })], data))[0].fitted as {
        c: string[];
      }
    ).c;

  test("orders by frequency or alphabet, equally frequent ones ascending, missing ones not counted", () => {
    expect(levels("frequencyDesc")).toEqual(["red", "blue", "green"]);
    expect(levels("frequencyAsc")).toEqual(["green", "blue", "red"]);
    expect(levels("alphabetAsc")).toEqual(["blue", "green", "red"]);
    expect(levels("alphabetDesc")).toEqual(["red", "green", "blue"]);
    expect(levels("frequencyDesc", { c: ["b", "a", "c"] })).toEqual(["a", "b", "c"]);
    expect(levels("frequencyAsc", { c: ["b", "a", "c"] })).toEqual(["a", "b", "c"]);
  });

  const indexed = (handleInvalid: string) => {
    const view = viewFor(fitted([stage("stringIndexer", { inputs: ["c"], handleInvalid })], colours), null);
    return encode(view, { c: ["blue", "violet", null] }).map((row) => (typeof row === "string" ? row : row[0]));
  };

  test("unseen and missing values: the index after the last, no row, or an error", () => {
    expect(indexed("keep")).toEqual([1, 3, 3]);
    expect(indexed("skip")).toEqual([1, "skip", "skip"]);
    expect(indexed("error")).toEqual([1, "fail", "fail"]);
  });

  test("later stages are not fitted on skipped rows", () => {
    const data = { c: ["a", null, "b"], x: [1, 101, 3] };
    const stages = [stage("stringIndexer", { inputs: ["c"], handleInvalid: "skip" }), stage("standardScaler", { inputs: ["x"] })];
    expect(fittedSummary(fitted(stages, data))[1].fitted).toEqual({ x: { mean: 2, sd: Math.sqrt(2) } });
    expect(fittedSummary(fitted([...stages].reverse(), data))[0].fitted).toMatchObject({ x: { mean: 35 } });
  });

  test("an imputed column skips unseen values only", () => {
    const data = { c: ["a", null, "a", "b"], x: [1, 2, 3, 4] };
    const stages = [
      stage("imputer", { inputs: ["c"], strategy: "mode" }),
      stage("stringIndexer", { inputs: ["c"], handleInvalid: "skip" }),
      stage("standardScaler", { inputs: ["x"] }),
    ];
    const state = fitted(stages, data);
    expect(fittedSummary(state)[2].fitted).toMatchObject({ x: { mean: 2.5 } });
    expect(column(viewFor(state, null), { c: ["b", null, "z"], x: [1, 1, 1] }, "c")).toEqual([1, 0, "skip"]);
  });

  test("numbers are indexed by what String prints", () => {
    const data = { c: [10, 9, 10, null, 9, 10, -0.5] };
    expect(levels("frequencyDesc", data)).toEqual(["10", "9", "-0.5"]);
    expect(levels("alphabetAsc", data)).toEqual(["-0.5", "10", "9"]);
    const view = viewFor(fitted([stage("stringIndexer", { inputs: ["c"], handleInvalid: "keep" })], data), null);
    expect(encode(view, { c: [9, 10, -0.5, 11, null] }).flat()).toEqual([1, 0, 2, 3, 3]);
  });

  test("imputed numbers are indexed as what they became", () => {
    const data = { c: [5, null, 7, 5] };
    const stages = [stage("imputer", { inputs: ["c"], strategy: "constant", value: 7 }), stage("stringIndexer", { inputs: ["c"] })];
    expect(encode(viewFor(fitted(stages, data), null), data).flat()).toEqual([0, 1, 1, 0]);
  });

  test("an index can be scaled like any number", () => {
    const stages = [stage("stringIndexer", { inputs: ["c"], handleInvalid: "keep" }), stage("minMaxScaler", { inputs: ["c"] })];
    // Indices 0, 1, 2 and 3 for the missing one.
    expect(encode(viewFor(fitted(stages, colours), null), { c: ["red", "blue", "green", null] }).flat()).toEqual([
      0,
      1 / 3,
      2 * (1 / 3),
      1,
    ]);
  });

  test("refuses what is indexed or scaled already and columns without a value", () => {
    const indexer = stage("stringIndexer", { inputs: ["c"] });
    expect(() => fitted([indexer, indexer], colours)).toThrow(
      "stringIndexer input c must be a column of strings or numbers, got one that is indexed already",
    );
    expect(() => fitted([stage("standardScaler", { inputs: ["c"] }), indexer], { c: [1, 2] })).toThrow(
      "stringIndexer input c must not be scaled before",
    );
    expect(() => fitted([indexer], { c: [null, null] })).toThrow("column c must have a value in the training rows");
  });
});

describe("oneHotEncoder", () => {
  const view = (indexer: string | null, params: object) => {
    const index = indexer === null ? [] : [stage("stringIndexer", { inputs: ["c"], handleInvalid: indexer })];
    return viewFor(fitted([...index, stage("oneHotEncoder", { inputs: ["c"], ...params })], colours), null);
  };
  const all = ["c=red", "c=blue", "c=green"];

  test("categories by indexer, handleInvalid and dropLast, as Spark has them", () => {
    const rows = [
      ["error", "error", all],
      ["skip", "error", all],
      ["keep", "error", [...all, "c=__unknown"]],
      [null, "error", all],
      [null, "keep", [...all, "c=__unknown"]],
    ] as const;
    for (const [indexer, handleInvalid, expected] of rows) {
      expect(names(view(indexer, { handleInvalid, dropLast: false }))).toEqual(expected);
      expect(names(view(indexer, { handleInvalid, dropLast: true }))).toEqual(expected.slice(0, -1));
    }
  });

  test("keep behind an indexer: the category that no row can have is the dropped one", () => {
    expect(names(view("error", { handleInvalid: "keep" }))).toEqual(all);
    expect(names(view("keep", { handleInvalid: "keep" }))).toEqual([...all, "c=__unknown"]);
  });

  test("a row of zeros for the dropped category, and __unknown for unseen and missing values", () => {
    const data = { c: ["red", "green", "violet", null] };
    expect(encode(view(null, {}), data)).toEqual([[1, 0], [0, 0], "fail", "fail"]);
    expect(encode(view("skip", {}), data)).toEqual([[1, 0], [0, 0], "skip", "skip"]);
    expect(encode(view(null, { handleInvalid: "keep", dropLast: false }), data)).toEqual([
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ]);
    expect(encode(view("keep", { dropLast: false }), data)).toEqual([
      [1, 0, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ]);
  });

  test("numbers are categories in ascending order", () => {
    const state = fitted([stage("oneHotEncoder", { inputs: ["c"], dropLast: false, handleInvalid: "keep" })], { c: [10, 9, 10] });
    expect(names(viewFor(state, null))).toEqual(["c=9", "c=10", "c=__unknown"]);
    expect(encode(viewFor(state, null), { c: [9, 10, 8, null] })).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  test("an imputed string is its category, known and not missing", () => {
    const stages = [stage("imputer", { inputs: ["c"], strategy: "mode" }), stage("oneHotEncoder", { inputs: ["c"], dropLast: false })];
    const view = viewFor(fitted(stages, colours), null);
    expect(column(view, { c: [null, "blue", "violet"] }, "c=red")).toEqual([1, 0, "fail"]);
  });
});

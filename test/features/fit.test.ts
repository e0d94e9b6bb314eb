import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askFit, emptyFit, fittedSummary, mapFit, mergeFit, startFit, stepFit, viewFor } from "../../src/features/fit.ts";
import { decode, encode as encodeBytes } from "../../src/rounds/codec.ts";
import { addCounts, distinct, emptyCounts } from "../../src/statistics/counts.ts";
import { type Cell, encode, fitParts, fitted, names, slice, stage, tableOf } from "./helpers.ts";

const pipeline = [
  stage("imputer", { inputs: ["x"], strategy: "median" }),
  stage("imputer", { inputs: ["y"] }),
  stage("stringIndexer", { inputs: ["c"], handleInvalid: "keep" }),
  stage("oneHotEncoder", { inputs: ["c"] }),
  stage("standardScaler", { inputs: ["x", "y"], withMean: true }),
];

const cell = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -9, max: 9 }) }, { weight: 1, arbitrary: fc.constant(null) });
const level = fc.constantFrom("a", "b", "c", null);
/** Every third row, the rows of a fold of three, begins with values, so that no fit is without any. */
const rows = fc
  .array(fc.record({ x: cell, y: cell, c: level }), { minLength: 3, maxLength: 40 })
  .map((made) => [{ x: 1, y: 2, c: "a" }, { x: 2, y: 5, c: "b" }, { x: 4, y: 1, c: "c" }, ...made]);

function columnsOf(made: readonly { x: Cell; y: Cell; c: Cell }[]) {
  return { x: made.map((row) => row.x), y: made.map((row) => row.y), c: made.map((row) => row.c) };
}

describe("fit", () => {
  test("each stage alone in plain loops gives the same encoded rows", () => {
    fc.assert(
      fc.property(rows, (made) => {
        const view = viewFor(fitted(pipeline, columnsOf(made)), null);
        const expected = plainPipeline(made);
        const off = encode(view, columnsOf(made)).flatMap((row, i) =>
          (row as number[]).map((value, j) => Math.abs(value - expected[i][j])),
        );
        // Means and deviations of 43 small integers: some tens of roundings.
        expect(off.every((difference) => difference < 1e-12)).toBe(true);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("a fold's fit is the fit of a table without its rows", () => {
    fc.assert(
      fc.property(rows, (made) => {
        const { state } = fitParts(pipeline, [tableOf(columnsOf(made))], { folds: 3 });
        for (const fold of [0, 1, 2]) {
          const alone = fitted(pipeline, columnsOf(made.filter((_, i) => i % 3 !== fold)));
          expectClose(viewFor(state, fold), viewFor(alone, null));
        }
      }),
      { seed: 6, numRuns: 50 },
    );
  });

  test("other parts give the same view", () => {
    const made = columnsOf(fc.sample(rows, { seed: 7, numRuns: 1 })[0]);
    const table = tableOf(made);
    const whole = viewFor(fitted(pipeline, made), null);
    for (const cut of [1, 2, table.rows - 1]) {
      const { state } = fitParts(pipeline, [slice(table, 0, cut), slice(table, cut, table.rows)]);
      expectClose(viewFor(state, null), whole);
    }
  });

  test("ask, statistic and state survive their bytes, merging with empty changes nothing, and inputs stay as they are", () => {
    const values = Array.from({ length: 20_000 }, (_, i) => ((i * 7_919) % 20_011) / 7);
    const data = { x: values, y: values.map((v) => -v), c: values.map((_, i) => (i % 3 === 0 ? "a" : "b")) };
    const table = tableOf(data);
    const before = structuredClone(table);
    const groups = [0, 1].map((fold) => Uint32Array.from(values.keys()).filter((i) => i % 2 === fold));
    let state = startFit(
      pipeline,
      [
        { name: "x", type: "number" },
        { name: "y", type: "number" },
        { name: "c", type: "string" },
      ],
      [],
      2,
    );
    let rounds = 0;
    for (let ask = askFit(state); ask !== null; ask = askFit(state)) {
      const asked = decode<typeof ask>(encodeBytes(ask));
      expect(asked).toEqual(ask);
      const statistic = emptyFit(asked);
      mapFit(statistic, { table, groups }, asked);
      const bytes = encodeBytes(statistic);
      mergeFit(statistic, emptyFit(asked));
      expect(Buffer.compare(encodeBytes(statistic), bytes)).toBe(0);
      const fromEmpty = emptyFit(asked);
      mergeFit(fromEmpty, decode(bytes));
      expect(Buffer.compare(encodeBytes(fromEmpty), bytes)).toBe(0);
      state = decode(encodeBytes(stepFit(decode(bytes), asked, state)));
      rounds++;
    }
    expect(rounds).toBe(2);
    expect(table).toEqual(before);
    expect(viewFor(state, 0).columns[0].fill).toBe(
      [...values.keys()]
        .filter((i) => i % 2 === 1)
        .map((i) => values[i])
        .sort((a, b) => a - b)[4_999],
    );
  });

  test("a median of many distinct numbers takes a second round, everything else one", () => {
    const values = Array.from({ length: 20_000 }, (_, i) => (i % 10 === 3 ? null : ((i * 7_919) % 20_011) / 7));
    const sorted = values.filter((v) => v !== null).sort((a, b) => a - b);
    const median = [stage("imputer", { inputs: ["x"], strategy: "median" })];
    const { state, rounds } = fitParts(median, [tableOf({ x: values })], { folds: 2 });
    expect(rounds).toBe(2);
    expect(fittedSummary(state)).toEqual([{ stage: "imputer", fitted: { x: sorted[sorted.length / 2 - 1] } }]);
    const odd = values.filter((v, i) => v !== null && i % 2 === 1).sort((a, b) => Number(a) - Number(b));
    expect(viewFor(state, 0).columns[0].fill).toBe(odd[Math.ceil(odd.length / 2) - 1]);
    expect(fitParts([stage("imputer", { inputs: ["x"] })], [tableOf({ x: values })]).rounds).toBe(1);
    expect(fitParts("auto", [tableOf({ x: values })]).rounds).toBe(1);
  });

  test("columns are read in any storage", () => {
    const stages = [stage("oneHotEncoder", { inputs: ["c"], dropLast: false })];
    const cells = [3, 1, 3, 100];
    const expected = viewFor(fitted(stages, { x: cells, c: ["a", "b", "a", "a"] }), null);
    for (const Storage of [Int8Array, Int16Array, Int32Array, Float32Array]) {
      for (const Codes of [Uint8Array, Uint16Array, Uint32Array]) {
        const table = {
          rows: 4,
          columns: {
            x: { type: "number", values: Storage.from(cells) },
            c: { type: "string", codes: Codes.from([0, 1, 0, 0]), dictionary: ["a", "b"] },
          },
        } as const;
        expect(viewFor(fitParts(stages, [table]).state, null)).toEqual(expected);
      }
    }
  });

  test("without an assembler every column at the end is in the view; with one only those named, in its order", () => {
    const data = { a: [1, 2], b: [3, 4], c: ["x", "y"] };
    const hot = stage("oneHotEncoder", { inputs: ["c"], dropLast: false });
    expect(names(viewFor(fitted([hot], data), null))).toEqual(["a", "b", "c=x", "c=y"]);
    expect(names(viewFor(fitted([hot, stage("vectorAssembler", { inputs: ["c", "a"] })], data), null))).toEqual(["c=x", "c=y", "a"]);
    expect(() => fitted([], data)).toThrow("features must leave no column of strings, got c; encode or exclude them");
    expect(() => fitted([stage("vectorAssembler", { inputs: ["c"] })], data)).toThrow(
      "vectorAssembler inputs must be numbers, got strings in c",
    );
    expect(() => fitted([stage("vectorAssembler", { inputs: ["a"] }), hot], data)).toThrow(
      "vectorAssembler must be the last stage, got oneHotEncoder after it",
    );
    expect(() => fitted([stage("vectorAssembler", { inputs: ["d"] })], data)).toThrow(
      "vectorAssembler inputs must be columns at that stage (a, b, c), got d",
    );
  });

  test("the assembler skips rows with missing values where asked", () => {
    const data = { a: [1, null, 3], b: [4, 5, null] };
    const views = ["error", "skip", "keep"].map((handleInvalid) =>
      viewFor(fitted([stage("vectorAssembler", { inputs: ["a", "b"], handleInvalid })], data), null),
    );
    expect(encode(views[1], data)).toEqual([[1, 4], "skip", "skip"]);
    expect(encode(views[0], data)).toEqual([
      [1, 4],
      [Number.NaN, 5],
      [3, Number.NaN],
    ]);
    expect(encode(views[2], data)).toEqual(encode(views[0], data));
  });

  test("what an indexer refuses is not skipped by the assembler", () => {
    const data = { a: [1, 2], c: ["x", null] };
    const view = viewFor(
      fitted([stage("stringIndexer", { inputs: ["c"] }), stage("vectorAssembler", { inputs: ["a", "c"], handleInvalid: "skip" })], data),
      null,
    );
    expect(encode(view, data)).toEqual([[1, 0], "fail"]);
  });

  test("a category of more than a million values is refused by name", () => {
    const numbers = {
      rows: 1_000_001,
      columns: { n: { type: "number", values: Int32Array.from({ length: 1_000_001 }, (_, i) => i) } },
    } as const;
    const hot = [stage("oneHotEncoder", { inputs: ["n"] })];
    const message = "column n must have at most 1000000 distinct values to be a category, got";
    expect(() => fitParts(hot, [numbers])).toThrow(`${message} more`);
    const state = startFit(hot, [{ name: "n", type: "string" }], [], 1);
    const statistic = emptyFit(state.first);
    const strings = Array.from({ length: 100 }, (_, i) => `s${i}`);
    const counts = emptyCounts(8);
    addCounts(counts, Uint32Array.from(strings.keys()), strings, Uint32Array.from(strings.keys()));
    Object.assign(statistic.strings[0][0], counts);
    expect(() => stepFit(statistic, state.first, state)).toThrow(`${message} about ${distinct(counts)}`);
  });

  test("two stages that exchange columns read both before they write", () => {
    const data = { a: [1, null], b: [null, 20] };
    const swap = stage("imputer", { inputs: ["a", "b"], outputs: ["b", "a"] });
    expect(encode(viewFor(fitted([swap], data), null), data)).toEqual([
      [20, 1],
      [20, 1],
    ]);
  });

  test("no such fold is an error", () => {
    expect(() => viewFor(fitted([], { a: [1] }), 0)).toThrow("fold must be one of 0 held-out folds or null, got 0");
  });
});

/** The pipeline above by its definition, stage by stage over whole columns. */
function plainPipeline(made: readonly { x: Cell; y: Cell; c: Cell }[]): number[][] {
  const numbers = (name: "x" | "y") => made.map((row) => row[name]).filter((v) => v !== null) as number[];
  const xs = numbers("x").sort((a, b) => a - b);
  const ys = numbers("y");
  const standardised = (cells: readonly Cell[], fill: number): number[] => {
    const full = cells.map((v) => (v === null ? fill : Number(v)));
    const mean = full.reduce((sum, v) => sum + v, 0) / full.length;
    const sd = Math.sqrt(full.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / (full.length - 1));
    return full.map((v) => (v - mean) / sd);
  };
  const x = standardised(
    made.map((row) => row.x),
    xs[Math.ceil(xs.length / 2) - 1],
  );
  const y = standardised(
    made.map((row) => row.y),
    ys.reduce((sum, v) => sum + v, 0) / ys.length,
  );
  const strings = made.map((row) => row.c).filter((c) => c !== null) as string[];
  const frequency = (c: string) => strings.filter((other) => other === c).length;
  const levels = [...new Set(strings)].sort((a, b) => frequency(b) - frequency(a) || (a < b ? -1 : 1));
  return made.map((row, i) => [x[i], y[i], ...levels.map((c) => (row.c === c ? 1 : 0))]);
}

function expectClose(actual: ReturnType<typeof viewFor>, expected: ReturnType<typeof viewFor>): void {
  expect(actual.columns.map(({ name, take }) => [name, take])).toEqual(expected.columns.map(({ name, take }) => [name, take]));
  actual.columns.forEach((column, j) => {
    for (const key of ["fill", "shift", "scale"] as const) {
      const [a, b] = [column[key], expected.columns[j][key]];
      // The order of summing differs: a few roundings.
      expect(Object.is(a, b) || Math.abs(a - b) <= 1e-13 * (1 + Math.abs(b))).toBe(true);
    }
  });
}

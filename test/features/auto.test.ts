import { describe, expect, test } from "vitest";
import { fittedSummary, viewFor } from "../../src/features/fit.ts";
import { type Cell, column, encode, fitParts, fitted, names, tableOf } from "./helpers.ts";

const repeat = (n: number, cell: (i: number) => Cell): Cell[] => Array.from({ length: n }, (_, i) => cell(i));

describe("features: auto", () => {
  test("numbers are imputed by their mean and standardised", () => {
    const data = { x: [0, 4, null, null] };
    const state = fitted("auto", data);
    // Imputed 0, 4, 2, 2: mean 2, squared deviations 8 over 3.
    const sd = Math.sqrt(8 / 3);
    expect(fittedSummary(state)).toEqual([{ stage: "auto", fitted: { x: { as: "standardised", mean: 2, sd } } }]);
    expect(encode(viewFor(state, null), { x: [0, null, 4] }).flat()).toEqual([-2 * (1 / sd), 0, 2 * (1 / sd)]);
  });

  test("strings are one-hot, most frequent first, with a level for missing ones that training had", () => {
    const view = viewFor(fitted("auto", { c: ["b", "a", "c", null, "c"] }), null);
    expect(names(view)).toEqual(["c=c", "c=a", "c=b", "c=missing"]);
    expect(encode(view, { c: ["c", "new", null] })).toEqual([
      [1, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    expect(names(viewFor(fitted("auto", { c: ["b", "a"] }), null))).toEqual(["c=a", "c=b"]);
  });

  test("a level called missing keeps its name apart from the missing values", () => {
    const view = viewFor(fitted("auto", { c: ["missing", "missing", null] }), null);
    expect(names(view)).toEqual(["c=missing", "c=missing (2)"]);
    expect(encode(view, { c: ["missing", null] })).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("100 levels are one-hot, 101 are hashed into 1,024 buckets", () => {
    expect(viewFor(fitted("auto", { c: repeat(300, (i) => `v${i % 100}`) }), null).columns.length).toBe(100);
    const view = viewFor(fitted("auto", { c: repeat(300, (i) => `v${i % 101}`) }), null);
    expect(view.columns.length).toBe(1_024);
    const rows = encode(view, { c: ["v7", "never seen", "v7", null] }) as number[][];
    for (const row of rows) expect(row.reduce((sum, x) => sum + x, 0)).toBe(1);
    expect(rows[0]).toEqual(rows[2]);
  });

  test("ids, constants and empty columns are left out, and the notes say why", () => {
    const data = {
      x: repeat(200, (i) => i),
      id: repeat(200, (i) => `id ${i}`),
      nearlyId: repeat(200, (i) => `name ${i % 190}`),
      same: repeat(200, () => 4),
      sameText: repeat(200, () => "yes"),
      sameOrMissing: repeat(200, (i) => (i % 2 === 0 ? "yes" : null)),
      nothing: repeat(200, () => null),
    };
    const state = fitted("auto", data);
    expect(names(viewFor(state, null))).toEqual(["x", "sameOrMissing=yes", "sameOrMissing=missing"]);
    expect(state.notes).toEqual([
      "column id is left out: it looks like an id: 200 different strings in 200 training rows",
      "column nearlyId is left out: it looks like an id: 190 different strings in 200 training rows",
      "column same is left out: it is always 4 in the training rows",
      'column sameText is left out: it is always "yes" in the training rows',
      "column nothing is left out: it has no value in the training rows",
    ]);
  });

  test("small tables keep their distinct strings, and 9 in 10 distinct are not yet an id", () => {
    expect(names(viewFor(fitted("auto", { c: repeat(100, (i) => `c${i}`) }), null)).length).toBe(100);
    expect(viewFor(fitted("auto", { c: repeat(200, (i) => `c${i % 180}`) }), null).columns.length).toBe(1_024);
  });

  test("an id of very many strings is told from a sample of them", () => {
    const rows = 30_000;
    const columns = {
      type: "string",
      codes: Uint16Array.from({ length: rows }, (_, i) => i),
      dictionary: Array.from({ length: rows }, (_, i) => `id ${i}`),
    } as const;
    const x = { type: "number", values: Int8Array.from({ length: rows }, (_, i) => i % 5) } as const;
    const { state } = fitParts("auto", [{ rows, columns: { id: columns, x } }]);
    expect(names(viewFor(state, null))).toEqual(["x"]);
    expect(state.notes[0]).toMatch(/^column id is left out: it looks like an id: about \d+ different strings in 30000 training rows$/);
  });

  test("of more strings than a byte tells apart trees take the most frequent, also where too many to count differ", () => {
    const rows = 20_000;
    const dictionary = Array.from({ length: 6_000 }, (_, i) => `v${(i * 7_919) % 6_000}`);
    // String i of the first 100 in 100 rows each, the others in one or two.
    const codes = Uint16Array.from({ length: rows }, (_, row) => (row < 10_000 ? row % 100 : 100 + (row % 5_900)));
    const { state } = fitParts("auto", [{ rows, columns: { c: { type: "string", codes, dictionary } } }], { kind: "bins" });
    const [{ take }] = viewFor(state, null).columns;
    const levels = take.kind === "index" ? take.levels : [];
    expect(new Set(levels.slice(0, 100))).toEqual(new Set(dictionary.slice(0, 100)));
    expect(state.notes).toEqual([
      expect.stringMatching(
        /^column c is more than trees tell apart: its 100 most frequent strings are categories, about \d+ others count as missing$/,
      ),
    ]);
  });

  test("the label is never a feature, and no usable column is an error", () => {
    const table = tableOf({ x: [1, 2], y: [0, 1] });
    expect(names(viewFor(fitParts("auto", [table], { exclude: ["y"] }).state, null))).toEqual(["x"]);
    expect(() => viewFor(fitParts("auto", [table], { exclude: ["x", "y"] }).state, null)).toThrow("features must give at least one column");
  });

  test("what a held-out fold alone has is not known to its view", () => {
    // Rows of fold 1: "rare" and 1000.
    const data = { c: ["a", "rare", "b", "rare"], x: [1, 1000, 3, 1000] };
    const { state } = fitParts("auto", [tableOf(data)], { folds: 2 });
    const view = viewFor(state, 1);
    expect(names(view)).toEqual(["c=a", "c=b", "x"]);
    expect(column(view, data, "x")[0]).toBe(-1 / Math.SQRT2);
    expect(names(viewFor(state, null))).toEqual(["c=rare", "c=a", "c=b", "x"]);
    expect(state.notes).toEqual([]);
  });
});

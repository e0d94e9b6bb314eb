import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/data/columns.ts";
import type { Split } from "../../../src/job/job.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import {
  countStrata,
  DROPPED,
  foldsOf,
  groupHashesOf,
  groupsOf,
  type SplitPart,
  splitColumns,
  TEST,
} from "../../../src/rounds/parts/split.ts";

const common = { seed: 42, stratify: false };
const part = (firstRow: number, rows: number, columns: Record<string, Column> = {}): SplitPart => ({
  firstRow,
  rows,
  table: { rows, columns },
});
const numbers = (values: number[], type: "number" | "date" = "number"): Column => ({ type, values: Float64Array.from(values) });
const strings = (values: (string | null)[]): Column => {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  return { type: "string", dictionary, codes: Uint8Array.from(values, (v) => (v === null ? dictionary.length : dictionary.indexOf(v))) };
};
const count = (folds: Uint8Array, fold: number): number => folds.filter((f) => f === fold).length;

describe("split by share", () => {
  const split: Split = { kind: "share", test: 0.2, ...common };

  it("draws a sample of the asked size, in folds of equal size, unrelated to each other", () => {
    const n = 50_000;
    const folds = foldsOf(part(0, n), split, 4, null);
    // Five standard deviations of a binomial count.
    const within = (actual: number, trials: number, p: number) =>
      expect(Math.abs(actual - trials * p)).toBeLessThan(5 * Math.sqrt(trials * p * (1 - p)));
    within(count(folds, TEST), n, 0.2);
    const training = n - count(folds, TEST);
    for (let k = 0; k < 4; k++) within(count(folds, k), training, 0.25);
    const next = foldsOf(part(0, n), { ...split, seed: 43 }, 4, null);
    within(folds.filter((fold, i) => fold === TEST && next[i] === TEST).length, n, 0.04);
  });

  it("gives a row the same fold wherever its part begins", () => {
    const whole = foldsOf(part(0, 1_000), split, 3, null);
    const pieces = [0, 137, 600].map((first, i, all) => foldsOf(part(first, (all[i + 1] ?? 1_000) - first), split, 3, null));
    expect(pieces.flatMap((piece) => Array.from(piece))).toEqual(Array.from(whole));
  });

  it("holds the same rows out however many folds there are", () => {
    const tests = (folds: number) => Array.from(foldsOf(part(0, 500), split, folds, null), (fold) => fold === TEST);
    expect(tests(1)).toEqual(tests(5));
  });

  it("is a hash of seed and row", () => {
    const folds = foldsOf(part(0, 200), split, 1, null);
    const seed = hashRow(42, 0x7e57);
    expect(Array.from(folds, (fold) => fold === TEST)).toEqual(Array.from(folds, (_, row) => hashRow(seed, row) < 0.2 * 2 ** 32));
  });

  it("marks dropped rows and only those", () => {
    const dropped = Uint8Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const folds = foldsOf(part(0, 100), split, 2, dropped);
    const all = foldsOf(part(0, 100), split, 2, null);
    expect(Array.from(folds)).toEqual(Array.from(all, (fold, i) => (dropped[i] ? DROPPED : fold)));
  });
});

describe("split by rule", () => {
  it("holds out every nth row of the dataset", () => {
    const folds = foldsOf(part(3, 8), { kind: "everyNth", n: 5, ...common }, 1, null);
    expect(Array.from(folds)).toEqual([0, TEST, 0, 0, 0, 0, TEST, 0]);
  });

  it("holds out the rows of the test files", () => {
    const of = (firstRow: number) =>
      Array.from(foldsOf(part(firstRow, 3), { kind: "path", paths: [], ...common }, 1, null, { testFirstRow: 4 }));
    expect([of(0), of(3), of(6)]).toEqual([
      [0, 0, 0],
      [0, TEST, TEST],
      [TEST, TEST, TEST],
    ]);
  });

  it("holds out what a column marks", () => {
    const of = (column: Column) => {
      const rows = column.type === "string" ? column.codes.length : column.values.length;
      return Array.from(foldsOf(part(0, rows, { fold: column }), { kind: "column", column: "fold", ...common }, 1, null));
    };
    expect(of(strings(["test", "train", "TRUE", "false", "1", "testing"]))).toEqual([TEST, 0, TEST, 0, TEST, 0]);
    expect(of(numbers([0, 1, 2]))).toEqual([0, TEST, 0]);
    expect(() => of(strings(["test", null]))).toThrow(
      "split.column must have a value in every row, got a missing one in column fold, row 1",
    );
  });

  it("holds out what comes after", () => {
    const of = (column: Column, from: string) =>
      Array.from(foldsOf(part(10, 3, { when: column }), { kind: "after", column: "when", from, ...common }, 1, null));
    expect(of(numbers([18_261, 18_262, 18_262.5], "date"), "2020-01-01")).toEqual([0, TEST, TEST]);
    expect(of(numbers([1, 2.5, 3]), "2.5")).toEqual([0, TEST, TEST]);
    expect(of(strings(["2019-4", "2020-1", "2020-2"]), "2020")).toEqual([0, TEST, TEST]);
    expect(() => of(numbers([1, 2, 3], "date"), "soon")).toThrow("split.after must be a date such as 2020-01-31, got soon");
    expect(() => of(numbers([1, 2, 3]), "")).toThrow("split.after must be a number, got ");
    expect(() => of(numbers([1, 2, Number.NaN]), "1")).toThrow("row 12");
    const other = part(0, 1, { other: numbers([1]) });
    expect(() => foldsOf(other, { kind: "after", column: "when", from: "1", ...common }, 1, null)).toThrow(
      "split.after must name a column, got when; there are other",
    );
  });

  it("trains on everything", () => {
    expect(Array.from(foldsOf(part(0, 3), { kind: "none", ...common }, 1, null))).toEqual([0, 0, 0]);
    expect(new Set(foldsOf(part(0, 300), { kind: "none", ...common }, 3, null))).toEqual(new Set([0, 1, 2]));
  });

  it("names the columns that it reads", () => {
    expect(splitColumns({ kind: "after", column: "when", from: "1", ...common, groupBy: "customer" })).toEqual(["when", "customer"]);
    expect(splitColumns({ kind: "none", ...common })).toEqual([]);
  });

  it("refuses folds that a byte cannot hold", () => {
    expect(() => foldsOf(part(0, 1), { kind: "none", ...common }, 255, null)).toThrow(
      "tune.folds must be an integer from 1 to 254, got 255",
    );
  });
});

describe("split by groups", () => {
  const split: Split = { kind: "share", test: 0.3, ...common, groupBy: "customer" };
  const customers = Array.from({ length: 900 }, (_, i) => i % 90);

  it("keeps a group on one side and in one fold, text or number", () => {
    for (const column of [strings(customers.map((c) => `c${c}`)), numbers(customers)]) {
      const folds = foldsOf(part(0, 900, { customer: column }), split, 3, null);
      const byGroup = new Map<number, Set<number>>();
      customers.forEach((c, i) => {
        byGroup.set(c, (byGroup.get(c) ?? new Set()).add(folds[i]));
      });
      expect([...byGroup.values()].every((seen) => seen.size === 1)).toBe(true);
      expect(new Set(folds)).toEqual(new Set([0, 1, 2, TEST]));
    }
  });

  it("does not depend on the dictionary of the part", () => {
    const one = foldsOf(part(0, 2, { customer: strings(["a", "b"]) }), split, 3, null);
    const other = foldsOf(part(500, 3, { customer: strings(["z", "b", "a"]) }), split, 3, null);
    expect([other[2], other[1]]).toEqual([one[0], one[1]]);
  });

  it("refuses rows without a group, and balancing classes too", () => {
    expect(() => foldsOf(part(5, 2, { customer: strings(["a", null]) }), split, 1, null)).toThrow(
      "split.groupBy must have a value in every row, got a missing one in column customer, row 6",
    );
    expect(() => foldsOf(part(0, 1, { customer: strings(["a"]) }), { ...split, stratify: true }, 1, null)).toThrow(
      "split.stratify must be left out where split.groupBy is given",
    );
  });
});

describe("stratified split", () => {
  const n = 1_000;
  const classes = Array.from({ length: n }, (_, i) => (i % 10 === 3 ? 1 : i < 17 ? 2 : 0));
  const dropped = Uint8Array.from({ length: n }, (_, i) => (i === 500 ? 1 : 0));
  const total = [0, 1, 2].map((k) => classes.filter((c, i) => c === k && !dropped[i]).length);

  /** The folds of all rows, in parts of the given size. */
  function inParts(size: number, split: Split, folds: number): number[] {
    const firsts = Array.from({ length: Math.ceil(n / size) }, (_, i) => i * size);
    const pieces = firsts.map((first) => ({
      part: part(first, Math.min(size, n - first)),
      classes: classes.slice(first, first + size),
      dropped: dropped.slice(first, first + size),
    }));
    const counts = pieces.map((piece) => countStrata(piece.part, split, piece.dropped, piece.classes, 3));
    const totals = counts.reduce((a, b) => a.map((x, k) => x + b[k]), new Float64Array(3));
    let before = new Float64Array(3);
    return pieces.flatMap((piece, i) => {
      const context = { strata: { classes: piece.classes, before, totals } };
      before = before.map((x, k) => x + counts[i][k]);
      return Array.from(foldsOf(piece.part, split, folds, piece.dropped, context));
    });
  }

  it("holds out the exact share of each class and cuts the rest evenly", () => {
    const folds = inParts(n, { kind: "share", test: 0.2, seed: 42, stratify: true }, 3);
    for (const k of [0, 1, 2]) {
      const sizes = [0, 1, 2, TEST].map((fold) => folds.filter((f, i) => f === fold && classes[i] === k).length);
      const test = Math.round(0.2 * total[k]);
      expect(sizes[3]).toBe(test);
      expect(Math.max(...sizes.slice(0, 3)) - Math.min(...sizes.slice(0, 3))).toBeLessThanOrEqual(1);
      expect(sizes.reduce((a, b) => a + b)).toBe(total[k]);
    }
    expect(folds[500]).toBe(DROPPED);
  });

  it("does not depend on the parts", () => {
    for (const kind of [{ kind: "share", test: 0.25 } as const, { kind: "everyNth", n: 4 } as const]) {
      const split: Split = { ...kind, seed: 9, stratify: true };
      expect(inParts(64, split, 4)).toEqual(inParts(n, split, 4));
    }
  });

  it("balances the training folds where another rule holds rows out", () => {
    const split: Split = { kind: "everyNth", n: 4, seed: 9, stratify: true };
    const folds = inParts(300, split, 3);
    folds.forEach((fold, i) => {
      if (i !== 500) expect(fold === TEST).toBe(i % 4 === 3);
    });
    for (const k of [0, 1, 2]) {
      const sizes = [0, 1, 2].map((fold) => folds.filter((f, i) => f === fold && classes[i] === k).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it("must be given the classes", () => {
    expect(() => foldsOf(part(0, 1), { kind: "share", test: 0.5, seed: 1, stratify: true }, 1, null)).toThrow("must be given strata");
  });
});

describe("groupHashesOf", () => {
  const { table } = part(0, 4, { customer: strings(["x", "7", "x", "x"]), n: numbers([7, 7, 8, 7]) });

  it("is the same for rows of a group, in any part, as text or number, and null without groups", () => {
    expect(groupHashesOf({ firstRow: 0, table })).toBeNull();
    const [x, seven, ...others] = groupHashesOf({ firstRow: 0, table, groupBy: "customer" }) ?? [];
    expect(others).toEqual([x, x]);
    expect(seven).not.toBe(x);
    const same = groupHashesOf({ firstRow: 4, table, groupBy: "n" }) ?? [];
    expect([same[0], same[1], same[3]]).toEqual([seven, seven, seven]);
    expect(same[2]).not.toBe(seven);
  });
});

describe("groupsOf", () => {
  it("lists offsets by fold, the held-out rows last, dropped rows nowhere", () => {
    const groups = groupsOf(Uint8Array.of(1, 0, TEST, DROPPED, 1, TEST), 3);
    expect(groups.map((group) => Array.from(group))).toEqual([[1], [0, 4], [], [2, 5]]);
  });
});

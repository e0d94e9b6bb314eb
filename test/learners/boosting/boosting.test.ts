/** What boosting promises beyond the laws: lost carries, constraints, samples, categories, early stopping. */
import { describe, expect, it } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import { heldBy } from "../../../src/learners/boosting/draw.ts";
import type { BoostingState } from "../../../src/learners/boosting/state.ts";
import { learnerParams } from "../../../src/learners/params.ts";
import { type LearnerAny, learners } from "../../../src/learners/registry.ts";
import type { Drawn } from "../../../src/learners/trees/draw.ts";
import type { TreeModel } from "../../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import type { Ensemble } from "../../../src/learners/trees/tree.ts";
import { InputError } from "../../../src/ports/errors.ts";
import { candidateOf, fitOne, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";
import { shuffled } from "../../laws/harness.ts";

const { gradientBoostingRegressor: regressor, gradientBoostingClassifier: classifier } = learners;
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;

const ROWS = 1_200;
const rows = Array.from({ length: ROWS }, (_, row) => row);
const a = rows.map((row) => (row % 17 === 3 ? Number.NaN : 4 * uniform(row, 1) - 2));
const b = rows.map((row) => Math.floor(12 * uniform(row, 2)));
const noise = (row: number): number => uniform(row, 3) - 0.5;
const table: MemoryTable = {
  columns: { a, b },
  label: rows.map((row) => (Number.isNaN(a[row]) ? 3 : a[row] * a[row]) + (b[row] > 5 ? 1 : 0) + noise(row)),
};
const column = (name: string) => ({ ...numberColumn(name), keepsMissing: true }) as const;
const view: View = { columns: [column("a"), column("b")], skipWhere: [] };

function ensembleOf(learner: LearnerAny, of: MemoryTable, params: object, classes: readonly string[] = [], over: View = view): Ensemble {
  return unpackEnsemble(fitOne<TreeModel>(learner, memoryParts(of, 256), { view: over, classes, params: { ...params } }).ensemble);
}

/** The rows that early stopping holds out. */
function heldOf(params: object): Drawn {
  const held = heldBy(learnerParams.gradientBoostingRegressor.parse(params));
  if (held === null) throw new Error("early stopping must hold rows out");
  return held;
}

const meanSquare = (ensemble: Ensemble): number =>
  rows.reduce((sum, row) => sum + (sumsOf(ensemble, [a[row], b[row]])[0] - table.label[row]) ** 2, 0) / ROWS;

describe("carries", () => {
  it.each([
    ["numbers", regressor, table, []],
    ["two classes", classifier, { ...table, label: table.label.map((value) => Number(value > 1.5)) }, ["no", "yes"]],
    [
      "three classes",
      classifier,
      { ...table, label: table.label.map((value) => Math.min(2, Math.floor(Math.max(0, value)))) },
      ["x", "y", "z"],
    ],
  ] as const)("may be lost at any round (%s)", (_, learner, of, classes) => {
    // Rows enough for histograms, so that trees take several rounds.
    const params = { trees: 3, maxLeaves: 8, rowSample: 0.8, minRows: 1 };
    const trained = (between: (parts: readonly MemoryPart[], round: number) => void): string => {
      const parts = memoryParts(of, 256);
      let round = 0;
      const { states } = run(learner, parts, [candidateOf(learner, parts, { view, classes, params })], (which, work, all) => {
        between(parts, round++);
        return inOneTask(which, work, all);
      });
      return JSON.stringify(learner.model(states[0]));
    };
    const kept = trained(() => {});
    expect(trained((parts, round) => parts[round % parts.length].forget())).toBe(kept);
    expect(
      trained((parts) => {
        for (const part of parts) part.forget();
      }),
    ).toBe(kept);
  });
});

describe("trees", () => {
  it("learn what is there, missing values included", () => {
    // The noise has variance 1 / 12.
    expect(meanSquare(ensembleOf(regressor, table, { trees: 60 }))).toBeLessThan(1 / 12);
    const ensemble = ensembleOf(regressor, table, { trees: 60, minRows: 5 });
    expect(Math.abs(sumsOf(ensemble, [Number.NaN, 2])[0] - 3)).toBeLessThan(0.2);
  });

  it("keep to monotone constraints", () => {
    const ensemble = ensembleOf(regressor, table, { trees: 40, monotone: { a: 1, b: -1 } });
    for (let i = 0; i < 200; i++) {
      const at = [4 * uniform(i, 5) - 2, Math.floor(12 * uniform(i, 6))];
      const [value] = sumsOf(ensemble, at);
      expect(sumsOf(ensemble, [at[0] + uniform(i, 7), at[1]])[0]).toBeGreaterThanOrEqual(value);
      expect(sumsOf(ensemble, [at[0], at[1] + 3])[0]).toBeLessThanOrEqual(value);
    }
    expect(() => ensembleOf(regressor, table, { monotone: { c: 1 } })).toThrow(
      "params.monotone must name columns of numbers (a, b), got c",
    );
  });

  it("draw rows and columns by the seed", () => {
    const drawn = (seed: number): string =>
      JSON.stringify(ensembleOf(regressor, table, { trees: 5, rowSample: 0.5, colSample: 0.5, seed }));
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
    const used = ensembleOf(regressor, table, { trees: 12, colSample: 0.5 }).trees.map(
      (tree) => new Set(tree.column.filter((j) => j >= 0)).size,
    );
    expect(used.every((columns) => columns <= 1)).toBe(true);
    const [tree] = ensembleOf(regressor, table, { trees: 1, rowSample: 0.5 }).trees;
    expect(Math.abs(tree.weight[0] / ROWS - 0.5)).toBeLessThan(0.05);
  });

  it("stop early at the best on the rows held out", () => {
    const noisy = { ...table, label: rows.map((row) => table.label[row] + 8 * noise(row + ROWS)) };
    const stopped = ensembleOf(regressor, noisy, { trees: 200, minRows: 2, earlyStoppingRounds: 5, validationShare: 0.3 });
    expect(stopped.trees.length).toBeGreaterThan(2);
    expect(stopped.trees.length).toBeLessThan(100);
    // None of those rows grows a tree.
    expect(Math.abs(stopped.trees[0].weight[0] / ROWS - 0.7)).toBeLessThan(0.05);
  });

  it("hold out whole groups to stop by, which rows of the same group would tell", () => {
    // Nothing but which of 240 groups a row is of tells its label.
    const group = rows.map((row) => row % 240);
    const own = { columns: { a: group, b: rows.map(() => 0) }, label: group.map((of) => 5 * noise(of)) };
    const early = { trees: 60, minRows: 2, maxLeaves: 63, learningRate: 0.3, earlyStoppingRounds: 3, validationShare: 0.3 };
    const [alone, together] = [own, { ...own, group }].map((of) => ensembleOf(regressor, of, early).trees);
    expect(alone.length).toBeGreaterThan(15);
    expect(together.length).toBeLessThan(5);
    // A tree grows from all rows of a group or from none; every group has as many.
    expect(together[0].weight[0] % (ROWS / 240)).toBe(0);
    expect(alone[0].weight[0] % (ROWS / 240)).not.toBe(0);
    expect(Math.abs(together[0].weight[0] / ROWS - 0.7)).toBeLessThan(0.1);
  });

  it("judge the last iteration too, and keep the best of all", () => {
    const early = { minRows: 2, earlyStoppingRounds: 5, validationShare: 0.3 };
    const noisy = { ...table, label: rows.map((row) => table.label[row] + 8 * noise(row + ROWS)) };
    const found = ensembleOf(regressor, noisy, { ...early, trees: 200 }).trees.length;
    const sizes = (trees: number): number => ensembleOf(regressor, noisy, { ...early, trees }).trees.length;
    // The best is the last that may be; and the best was before the last, but not long enough before to stop.
    expect(sizes(found)).toBe(found);
    expect(sizes(found + 2)).toBe(found);
  });

  it("refuse to hold out all rows to stop by", () => {
    const one = { ...table, group: rows.map(() => 1) };
    expect(() => ensembleOf(regressor, one, { trees: 2, earlyStoppingRounds: 2, validationShare: 0.999999999 })).toThrow(
      new InputError(
        "early stopping must leave rows to train on, got all 1200 held out, by whole groups where the split has them; give another seed or a smaller validationShare",
      ),
    );
  });

  it("warn where no row is held out to stop by", () => {
    const few = { columns: { a: a.slice(0, 20), b: b.slice(0, 20) }, label: table.label.slice(0, 20) };
    const params = { trees: 8, minRows: 2, earlyStoppingRounds: 2, validationShare: 1e-9 };
    const model = fitOne<TreeModel>(regressor, memoryParts(few, 256), { view, params });
    expect(unpackEnsemble(model.ensemble).trees.length).toBe(8);
    expect(model.warnings).toEqual(["no rows were held out for early stopping: all trees were grown"]);
  });

  it("grow on after one without a split, where the next draw other columns", () => {
    // Column b tells nothing, and a tree may use one column of the two.
    const half: MemoryTable = { columns: { a, b: b.map(() => 1) }, label: table.label };
    const { trees } = ensembleOf(regressor, half, { trees: 12, colSample: 0.5, minRows: 5 });
    expect(trees.length).toBe(12);
    expect(new Set(trees.map(({ column }) => column.length > 1))).toEqual(new Set([true, false]));
  });

  it("warn where no tree has a split, and only there", () => {
    const few = { columns: { a: a.slice(0, 20), b: b.slice(0, 20) }, label: table.label.slice(0, 20) };
    const warningsOf = (params: object) =>
      fitOne<TreeModel>(regressor, memoryParts(few, 256), { view, params: { trees: 3, ...params } }).warnings;
    expect(warningsOf({ minRows: 11 })).toEqual([
      "no tree has a split, so that all rows are predicted the same: each side of a split must have params.minRows (11) of the 20 training rows and gain something",
    ]);
    expect(warningsOf({ minRows: 2 })).toEqual([]);
  });

  it("weigh classes", () => {
    const rare = { ...table, label: rows.map((row) => Number(uniform(row, 9) < 0.1)) };
    const plain = ensembleOf(classifier, rare, { trees: 1 }, ["no", "yes"]);
    const balanced = ensembleOf(classifier, rare, { trees: 1, classWeight: "balanced" }, ["no", "yes"]);
    expect(plain.base[0]).toBeLessThan(-1.9);
    expect(Math.abs(balanced.base[0])).toBeLessThan(1e-12);
  });

  it.each([
    ["numbers", regressor, [], { loss: "huber" }],
    ["samples", regressor, [], { loss: "huber", rowSample: 0.7 }],
    ["two classes", classifier, ["no", "yes"], {}],
    ["three classes, one of factor 0", classifier, ["no", "yes", "none"], { classWeight: { none: 0 } }],
    ["early stopping", classifier, ["no", "yes"], { earlyStoppingRounds: 2 }],
  ] as const)("take no row of weight 0 for one of minRows (%s)", (_, learner, classes, params) => {
    const of = (count: number): MemoryTable => ({
      // Few values, all of them in both tables: factors of classes do not move bins.
      columns: { a: a.slice(0, count).map((value) => Math.round(4 * value)), b: b.slice(0, count) },
      label: rows.slice(0, count).map((row) => (row >= 400 && classes.length === 3 ? 2 : Number(table.label[row] > 1.5))),
      // Classes weigh nothing by their factor.
      weight: rows.slice(0, count).map((row) => (row < 400 ? 0.5 + (row % 3) : classes.length === 3 ? 1 : 0)),
    });
    const trained = (count: number): number[][] =>
      ensembleOf(learner, of(count), { trees: 3, minRows: 30, ...params }, classes).trees.map((tree) => [
        ...tree.column,
        ...tree.threshold,
      ]);
    expect(trained(ROWS)).toEqual(trained(400));
    expect(trained(ROWS)[0].length).toBeGreaterThan(2);
  });

  it("judge rows held out whose labels and weights are beyond all others, in whatever order", () => {
    const early = { trees: 6, minRows: 1, earlyStoppingRounds: 6, validationShare: 0.9 };
    const held = heldOf(early);
    const far = (row: number): number => (hashRow(held.seed, row) < held.below ? 1 : 0);
    const of: MemoryTable = {
      ...table,
      label: rows.map((row) => table.label[row] + far(row) * 1e6 * uniform(row, 20)),
      weight: rows.map((row) => 1 + far(row) * 1e5 * uniform(row, 21)),
    };
    const best = (mapRound: typeof inOneTask): unknown => {
      const parts = memoryParts(of, 100);
      const [state] = run(regressor, parts, [candidateOf(regressor, parts, { view, params: early })], mapRound).states;
      return (state as BoostingState).best;
    };
    expect([1, 2, 3, 4].map((seed) => best(shuffled(seed)))).toEqual(Array(4).fill(best(inOneTask)));
    const refused = { ...of, label: rows.map((row) => (far(row) === 1 ? -1 : 1)) };
    expect(() => ensembleOf(regressor, refused, { ...early, loss: "poisson" })).toThrow("labels must be >= 0");
  });

  it("name what labels a loss cannot have", () => {
    expect(() => ensembleOf(regressor, { ...table, label: rows.map(() => -1) }, { loss: "poisson" })).toThrow("labels must be >= 0");
    expect(() => ensembleOf(regressor, { ...table, label: rows.map(() => 0) }, { loss: "gamma" })).toThrow("labels must be > 0");
  });
});

describe("categories", () => {
  const levels = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const kind = rows.map((row) => Math.floor(8 * uniform(row, 11)));
  const label = kind.map((k, row) => ([1, 4, 6].includes(k) ? 2 : 0) + noise(row) / 4);
  const over: View = {
    columns: [{ ...numberColumn("kind"), keepsMissing: true, take: { kind: "index", levels, other: null } }],
    skipWhere: [],
  };

  it("are split by what they do, not by their order", () => {
    const coded = { columns: { kind: kind.map((k) => levels[k]) }, label };
    const [tree] = ensembleOf(regressor, coded, { trees: 1, maxLeaves: 2, learningRate: 1 }, [], over).trees;
    const left = levels.filter((_, k) => (tree.words[tree.firstWord[0]] >>> k) & 1).map((level) => levels.indexOf(level));
    expect([
      [1, 4, 6],
      [0, 2, 3, 5, 7],
    ]).toContainEqual(left);
    expect(Math.abs(tree.value[1] - tree.value[2])).toBeGreaterThan(1.9);
  });
});

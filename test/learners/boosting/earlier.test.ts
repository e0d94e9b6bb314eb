/** Trees added to a model: what training on would have given, bit for bit, on the same rows; a better model on others. */
import { describe, expect, it } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import { type LearnerAny, learners } from "../../../src/learners/registry.ts";
import type { TreeModel } from "../../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { candidateOf, inOneTask, run } from "../../helpers/fit.ts";
import { type MemoryPart, type MemoryTable, memoryParts, numberColumn } from "../../helpers/memory-part.ts";

const { gradientBoostingRegressor: regressor, gradientBoostingClassifier: classifier } = learners;
const ROWS = 900;
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const tableOf = (seed: number, wide = 1): MemoryTable => {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const a = rows.map((row) => (row % 17 === 3 ? Number.NaN : wide * (4 * uniform(row, seed) - 2)));
  const b = rows.map((row) => Math.floor(6 * uniform(row, seed + 1)));
  const noise = rows.map((row) => uniform(row, seed + 2) - 0.5);
  const label = rows.map((row) => (Number.isNaN(a[row]) ? 3 : a[row] ** 2) + (b[row] % 2) + noise[row]);
  return { columns: { a, kind: b.map((own) => "uvwxyz"[own]) }, label };
};
const table = tableOf(1);
const view: View = {
  columns: [
    { ...numberColumn("a"), keepsMissing: true },
    {
      ...numberColumn("kind"),
      take: { kind: "index", levels: ["u", "v", "w", "x", "y", "z"], other: null },
      keepsMissing: true,
    },
  ],
  skipWhere: [],
};
const shared = { maxLeaves: 8, minRows: 5, learningRate: 0.3, seed: 7 };

interface Setting {
  readonly learner: LearnerAny;
  readonly of: MemoryTable;
  readonly classes: readonly string[];
  readonly params: object;
}

function trained({ learner, of, classes, params }: Setting, from?: TreeModel, between: (parts: readonly MemoryPart[]) => void = () => {}) {
  const parts = memoryParts(of, 256);
  const candidate = candidateOf(learner, parts, { view, classes, params: { ...shared, ...params } });
  const mapRound: typeof inOneTask = (...round) => {
    between(parts);
    return inOneTask(...round);
  };
  return learner.model(run(learner, parts, [candidate], mapRound, [], [from]).states[0]) as TreeModel;
}

const classesOf = (of: MemoryTable, most: number): MemoryTable => ({
  ...of,
  label: of.label.map((value) => Math.min(most, Math.floor(Math.max(0, value)))),
});
const settings: readonly (readonly [string, Setting])[] = [
  ["squares", { learner: regressor, of: table, classes: [], params: {} }],
  ["weights", { learner: regressor, of: { ...table, weight: table.label.map((_, row) => 1 + (row % 3)) }, classes: [], params: {} }],
  ["quantiles", { learner: regressor, of: table, classes: [], params: { loss: "quantile", quantile: 0.7 } }],
  ["rows and columns drawn", { learner: regressor, of: table, classes: [], params: { rowSample: 0.7, colSampleByNode: 0.6 } }],
  ["two classes", { learner: classifier, of: classesOf(table, 1), classes: ["no", "yes"], params: { classWeight: "balanced" } }],
  ["three classes", { learner: classifier, of: classesOf(table, 2), classes: ["x", "y", "z"], params: {} }],
  [
    "by LightGBM's convention",
    { learner: classifier, of: classesOf(table, 2), classes: ["x", "y", "z"], params: { convention: "lightgbm" } },
  ],
];

describe("on the same rows", () => {
  it.each(settings)("trees and trees are those of training on (%s)", (_, setting) => {
    const of = (trees: number): Setting => ({ ...setting, params: { ...setting.params, trees } });
    const whole = trained(of(7));
    expect(trained(of(4), trained(of(3)))).toEqual(whole);
    let round = 0;
    const forgetful = trained(of(4), trained(of(3)), (parts) => void parts[round++ % parts.length].forget());
    expect(forgetful).toEqual(whole);
  });
});

describe("on other rows", () => {
  const square = ({ ensemble }: TreeModel, { columns, label }: MemoryTable): number => {
    const own = unpackEnsemble(ensemble);
    const sum = label.reduce((all, value, row) => {
      const kind = "uvwxyz".indexOf(columns.kind[row] as string);
      return all + (sumsOf(own, [columns.a[row] as number, kind])[0] - value) ** 2;
    }, 0);
    return sum / label.length;
  };

  it("a model learns what it has not seen, and keeps its trees", () => {
    const first = trained({ learner: regressor, of: table, classes: [], params: { trees: 10 } });
    const other = tableOf(50, 2);
    const more = trained({ learner: regressor, of: other, classes: [], params: { trees: 20 } }, first);
    const [before, after] = [unpackEnsemble(first.ensemble), unpackEnsemble(more.ensemble)];
    expect(after.trees.slice(0, 10)).toEqual(before.trees);
    expect(after.trees.length).toBe(30);
    expect(after.base).toEqual(before.base);
    expect(square(more, other)).toBeLessThan(0.1 * square(first, other));
  });

  it("few bins leave room for the thresholds of the model", () => {
    const first = trained({ learner: regressor, of: table, classes: [], params: { trees: 10 } });
    const other = tableOf(90);
    const more = trained({ learner: regressor, of: other, classes: [], params: { trees: 5, maxBins: 4 } }, first);
    expect(square(more, other)).toBeLessThan(square(first, other));
  });

  it("early stopping judges the model that it goes on from", () => {
    const first = trained({ learner: regressor, of: table, classes: [], params: { trees: 60 } });
    const noise = { ...table, label: table.label.map((value, row) => value + 40 * (uniform(row, 99) - 0.5)) };
    const early = { trees: 50, earlyStoppingRounds: 3, validationShare: 0.3 };
    const more = trained({ learner: regressor, of: noise, classes: [], params: early }, first);
    expect(unpackEnsemble(more.ensemble).trees.length).toBeGreaterThanOrEqual(60);
    expect(unpackEnsemble(more.ensemble).trees.length).toBeLessThan(100);
  });
});

it("refuses a model of another loss", () => {
  const first = trained({ learner: regressor, of: table, classes: [], params: { trees: 1 } });
  expect(() => trained({ learner: regressor, of: table, classes: [], params: { loss: "poisson" } }, first)).toThrow(
    "the loss must be that of the model to go on from (squared), got poisson",
  );
});

/**
 * Against scikit-learn's HistGradientBoosting (boosting.py): the same bins, so the same trees. It keeps gradients as float32, whose
 * rounding is what the tolerance allows for.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { fitOne } from "../helpers/fit.ts";
import { memoryParts, numberColumn } from "../helpers/memory-part.ts";

interface Fixture {
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  readonly labels: Readonly<Record<"y" | "k" | "three" | "w" | "v", readonly number[]>>;
  readonly everyFifth: Readonly<Record<string, readonly number[]>>;
}

const fixture = JSON.parse(readFileSync(new URL("boosting.json", import.meta.url), "utf8")) as Fixture;
const names = Object.keys(fixture.columns);
const columns = Object.fromEntries(names.map((name) => [name, fixture.columns[name].map((value) => value ?? Number.NaN)]));
const view = { columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };
const { y, k, three, w, v } = fixture.labels;

/** Margins of every fifth row. */
function margins(
  learner: LearnerAny,
  label: readonly number[],
  classes: readonly string[],
  params: object,
  weight?: readonly number[],
): Float64Array[] {
  const table = { columns, label, ...(weight && { weight }) };
  const model = fitOne<TreeModel>(learner, memoryParts(table, 128), { view, classes, params: { ...params } });
  const ensemble = unpackEnsemble(model.ensemble);
  const rows = label.map((_, i) => names.map((name) => columns[name][i])).filter((_, i) => i % 5 === 0);
  return rows.map((row) => sumsOf(ensemble, row));
}

function expectAll(found: readonly number[], wanted: readonly number[]): void {
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted[i])));
  });
}

const { gradientBoostingRegressor: regressor, gradientBoostingClassifier: classifier } = learners;
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const deep = { maxDepth: 3, minRows: 5, l2: 0.5 };

describe("as scikit-learn", () => {
  it.each([
    ["regression", {}, y, undefined],
    ["weighted", deep, y, w],
    ["absolute", { loss: "absolute", maxLeaves: 6 }, y, v],
    ["quantile", { loss: "quantile", quantile: 0.8, maxLeaves: 6 }, y, v],
    ["absoluteOfOnes", { loss: "absolute", maxLeaves: 6 }, y, undefined],
    ["quantileOfOnes", { loss: "quantile", quantile: 0.8, maxLeaves: 6 }, y, undefined],
    ["lowQuantileOfOnes", { loss: "quantile", quantile: 0.13, maxLeaves: 6 }, y, undefined],
    ["quantileOfWholes", { loss: "quantile", quantile: 0.75, maxLeaves: 6 }, y, w],
    ["quantileOfLightgbm", { loss: "quantile", quantile: 0.8, maxLeaves: 6, trees: 20, convention: "lightgbm" }, y, undefined],
  ] as const)("%s", (name, params, label, weight) => {
    const found = margins(regressor, label, [], { trees: 50, ...params }, weight);
    expectAll(
      found.map(([value]) => value),
      fixture.everyFifth[name],
    );
  });

  it("poisson", () => {
    const counts = y.map((value) => Math.max(0, Math.round(value)));
    const found = margins(regressor, counts, [], { trees: 50, loss: "poisson" });
    expectAll(
      found.map(([value]) => Math.exp(value)),
      fixture.everyFifth.poisson,
    );
  });

  it("binary", () => {
    const found = margins(classifier, k, ["0", "1"], { trees: 50 });
    expectAll(
      found.map(([value]) => sigmoid(value)),
      fixture.everyFifth.binary,
    );
  });

  it("three classes", () => {
    const found = margins(classifier, three, ["0", "1", "2"], { trees: 20 });
    const last = found.map((own) => Math.exp(own[2]) / own.reduce((sum, value) => sum + Math.exp(value), 0));
    expectAll(last, fixture.everyFifth.three);
  });
});

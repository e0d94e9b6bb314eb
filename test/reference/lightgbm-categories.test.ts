/**
 * Splits by category by LightGBM's convention, against its predictions of the same table (lightgbm-categories.py). It keeps gradients as
 * float32, whose rounding is what the tolerance allows for.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { View } from "../../src/features/view.ts";
import { learners } from "../../src/learners/registry.ts";
import type { TreeModel } from "../../src/learners/trees/ensemble/model.ts";
import { unpackEnsemble } from "../../src/learners/trees/ensemble/unpack.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { fitOne } from "../helpers/fit.ts";
import { memoryParts, numberColumn } from "../helpers/memory-part.ts";

interface Fixture {
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  readonly labels: Readonly<Record<"y" | "k", readonly number[]>>;
  readonly everyFifth: Readonly<Record<string, readonly number[]>>;
}

const fixture = JSON.parse(readFileSync(new URL("lightgbm-categories.json", import.meta.url), "utf8")) as Fixture;
const categories: Readonly<Record<string, number>> = { many: 12, four: 4, three: 3 };
const names = Object.keys(fixture.columns);
const view: View = {
  columns: names.map((name) => {
    const levels = Array.from({ length: categories[name] ?? 0 }, (_, code) => `${code}`);
    return { ...numberColumn(name), keepsMissing: true, ...(levels.length > 0 && { take: { kind: "index", levels, other: null } }) };
  }),
  skipWhere: [],
};
const columns = Object.fromEntries(
  names.map((name) => [name, fixture.columns[name].map((value) => (name in categories ? `${value ?? ""}` : (value ?? Number.NaN)))]),
);
const { y, k } = fixture.labels;
const { gradientBoostingRegressor: regressor, gradientBoostingClassifier: classifier } = learners;

it.each([
  ["regression", regressor, y, {}],
  ["binary", classifier, k, {}],
  ["penalised", regressor, y, { l1: 2, l2: 3 }],
  ["ordered", regressor, y, { monotone: { x: 1 } }],
] as const)("%s: as LightGBM", (name, learner, label, more) => {
  const params = { trees: 30, maxLeaves: 15, convention: "lightgbm", ...more };
  const classes = learner === classifier ? ["0", "1"] : [];
  const model = fitOne<TreeModel>(learner, memoryParts({ columns, label }, 128), { view, classes, params });
  const ensemble = unpackEnsemble(model.ensemble);
  fixture.everyFifth[name].forEach((wanted, i) => {
    const row = names.map((column) => fixture.columns[column][5 * i] ?? Number.NaN);
    expect(Math.abs(sumsOf(ensemble, row)[0] - wanted)).toBeLessThan(1e-6);
  });
});

import { expect, test } from "vitest";
import type { LearnerAny } from "../../../src/learners/registry.ts";
import { treeExplainer } from "../../../src/learners/trees/ensemble/model.ts";
import { packEnsemble } from "../../../src/learners/trees/ensemble/pack.ts";
import { sumsOf } from "../../../src/learners/trees/ensemble/walk.ts";
import { explainRows } from "../../../src/rounds/parts/explain-rows.ts";
import { numberColumn } from "../../helpers/memory-part.ts";
import { grownEnsemble, grownRows } from "../../learners/boosting/growing/grow.ts";

const view = { columns: ["a", "b"].map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] };

test("contributions of every output and its base, by row, add up to what the trees say", () => {
  const ensemble = grownEnsemble({ trees: 6, depth: 4, categories: [0, 0], lines: 3, base: [1, 2, 3] });
  const values = grownRows(1_100, [0, 0]);
  const columns = { a: column(0), b: column(1) };
  function column(j: number) {
    return { type: "number" as const, values: Float64Array.from(values, (row) => row[j]) };
  }
  const group = Uint32Array.from({ length: 1_100 }, (_, i) => i).filter((i) => i % 3 !== 0);
  const rows = { number: 0, firstRow: 0, table: { rows: 1_100, columns }, groups: [group], labels: new Float64Array(1_100), weights: null };
  const learner = { name: "grown", explainer: treeExplainer } as unknown as LearnerAny;
  const explained = explainRows(rows, [0], view, learner, { ensemble: packEnsemble(ensemble) }, 3);
  expect(explained.kept).toEqual(group);
  expect(explained.columns).toHaveLength(9);
  group.forEach((row, i) => {
    const sums = sumsOf(ensemble, values[row]);
    for (const k of [0, 1, 2]) {
      const [a, b, base] = [0, 1, 2].map((c) => explained.columns[3 * k + c][i]);
      expect(Math.abs(a + b + base - sums[k])).toBeLessThan(1e-12);
    }
  });
});

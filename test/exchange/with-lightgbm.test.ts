/** LightGBM's own answers on our text, and ours on LightGBM's; ask_lightgbm.py made them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readLightgbm } from "../../src/exchange/read-lightgbm.ts";
import { explainer } from "../../src/learners/trees/ensemble/shap.ts";
import { slotsOf, sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import type { Ensemble } from "../../src/learners/trees/tree.ts";
import { grownEnsemble } from "../learners/boosting/growing/grow.ts";
import { ownModels, textOf } from "./own-models.ts";

interface Answers {
  readonly rows: (number | null)[][];
  readonly raw: number[][];
  readonly prediction: number[][];
  readonly contributions: number[][];
}

const folder = join(import.meta.dirname, "lightgbm");
const textAt = (name: string): string => readFileSync(join(folder, `${name}.txt`), "utf8");
const answersAt = (name: string): Answers => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));

/** LightGBM's raw scores of a forest are sums, and so are its contributions; ours are means. */
const factorOf = ({ link, trees, lines }: Ensemble): number => (link === "mean" ? trees.length / lines : 1);

const raw = (ensemble: Ensemble, row: number[]): number[] => [...sumsOf(ensemble, row)];

function contributions(ensemble: Ensemble, row: number[]): number[] {
  const into = new Float64Array(slotsOf(ensemble) * (ensemble.categories.length + 1));
  explainer(ensemble)(row, into);
  return [...into].map((share) => factorOf(ensemble) * share);
}

function expectSame(ensemble: Ensemble, { rows, raw: margins, contributions: shares }: Answers): void {
  expect(rows.length).toBe(60);
  rows.forEach((plain, i) => {
    const row = plain.map((value) => value ?? Number.NaN);
    raw(ensemble, row).forEach((sum, k) => {
      expect(Math.abs(sum - margins[i][k])).toBeLessThan(1e-6);
    });
    const own = contributions(ensemble, row);
    expect(own).toHaveLength(shares[i].length);
    own.forEach((share, c) => {
      expect(Math.abs(share - shares[i][c])).toBeLessThan(1e-6);
    });
    const all = own.reduce((sum, share) => sum + share, 0);
    expect(Math.abs(all - raw(ensemble, row).reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-9);
  });
}

describe.each(ownModels)("$name", (own) => {
  test("is the text that LightGBM has read", () => {
    expect(textOf(own)).toBe(textAt(own.name));
  });

  test("predicts and explains as LightGBM does with our text", () => {
    expectSame(grownEnsemble(own.shape), answersAt(own.name));
  });
});

test("a forest of ours is answered by LightGBM with the mean of its trees", () => {
  const [own] = ownModels.filter(({ shape }) => shape.link === "mean");
  const ensemble = grownEnsemble(own.shape);
  const { rows, prediction } = answersAt(own.name);
  expect(rows.length).toBe(60);
  rows.forEach((plain, i) => {
    const row = plain.map((value) => value ?? Number.NaN);
    raw(ensemble, row).forEach((sum, k) => {
      expect(Math.abs(sum / factorOf(ensemble) - prediction[i][k])).toBeLessThan(1e-6);
    });
  });
});

describe.each(["their-regression", "their-binary", "their-multiclass", "their-poisson"])("%s", (name) => {
  test("read from LightGBM's text predicts and explains as LightGBM does", () => {
    expectSame(readLightgbm(textAt(name)).ensemble, answersAt(name));
  });
});

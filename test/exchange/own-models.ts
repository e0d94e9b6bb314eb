/**
 * The ensembles whose LightGBM text LightGBM itself has read. `node test/exchange/own-models.ts && python test/exchange/ask_lightgbm.py`, with
 * lightgbm 4.7.0, writes `test/exchange/lightgbm/` anew.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Levels, toLightgbm } from "../../src/exchange/lightgbm.ts";
import { grownEnsemble, grownRows, type Shape } from "../learners/boosting/growing/grow.ts";

export interface OwnModel {
  readonly name: string;
  readonly task: "regression" | "binary" | "multiclass";
  readonly shape: Shape;
  readonly levels?: Levels;
}

const range = (count: number): number[] => [...Array(count).keys()];

export const ownModels: readonly OwnModel[] = [
  { name: "own-regression", task: "regression", shape: { trees: 12, depth: 6, categories: [0, 40, 0, 5] } },
  { name: "own-binary", task: "binary", shape: { trees: 9, depth: 5, categories: [0, 7, 0], link: "logistic" } },
  {
    name: "own-multiclass",
    task: "multiclass",
    shape: { trees: 9, depth: 4, categories: [0, 0, 0], lines: 3, base: [0.1, -0.2, 0.3], link: "softmax" },
  },
  { name: "own-poisson", task: "regression", shape: { trees: 4, depth: 3, categories: [0, 0], link: "exp" } },
  {
    name: "own-pandas",
    task: "regression",
    shape: { trees: 12, depth: 5, categories: [40, 0, 60] },
    // In an order that pandas would not give them.
    levels: [["z", "a b", 'ß "q",', ...range(37).map((i) => `v${(11 * i) % 37}`)], null, range(60).map((i) => ((7 * i) % 60) / 2 - 3)],
  },
  { name: "own-forest", task: "multiclass", shape: { trees: 7, depth: 6, categories: [0, 0, 9], link: "mean", outputs: 3 } },
];

const namesOf = ({ shape }: OwnModel): string[] => shape.categories.map((_, j) => `column ${j}`);
export const textOf = (own: OwnModel): string => toLightgbm(grownEnsemble(own.shape), namesOf(own), own.task, own.levels);
/** Categories that no training saw are missing values to us. */
const rowsOf = ({ shape: { categories } }: OwnModel): number[][] =>
  grownRows(60, categories).map((row) => row.map((value, j) => (categories[j] > 0 && value >= categories[j] ? Number.NaN : value)));

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, "lightgbm");
  mkdirSync(folder, { recursive: true });
  for (const own of ownModels) {
    writeFileSync(join(folder, `${own.name}.txt`), textOf(own));
    // JSON has no NaN.
    writeFileSync(join(folder, `${own.name}.json`), `${JSON.stringify({ rows: rowsOf(own), levels: own.levels })}\n`);
  }
}

/** Importances and dependences against the published predictor, row by row. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { inspect } from "../../src/api/inspect.ts";
import { evaluate } from "../../src/api/score.ts";
import { train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { createPredictor, type Row } from "../../src/model/predict.ts";
import { InputError } from "../../src/ports/errors.ts";
import { inspectionReport } from "../../src/report/inspection.ts";
import { permuted } from "../../src/rounds/parts/permutation.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const store = `${scratch}/store`;
const ROWS = 600;
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;
const KINDS = ["red", "green", "blue"];
const rows = Array.from({ length: ROWS }, (_, row) => {
  const [a, b, kind] = [Math.round(100 * uniform(row, 1)), Math.round(100 * uniform(row, 2)), KINDS[Math.floor(3 * uniform(row, 3))]];
  const y = 3 * a + (kind === "red" ? 80 : 0) + 10 * uniform(row, 4);
  return { a: row % 50 === 7 ? null : a, b, kind, y, level: y < 120 ? "low" : y < 250 ? "middle" : "high" };
});
const linesOf = (names: readonly (keyof (typeof rows)[0])[]): string[] => [
  names.join(","),
  ...rows.map((row) => names.map((name) => row[name] ?? "").join(",")),
];
const path = writeLines(`${scratch}/table.csv`, linesOf(["a", "b", "kind", "y", "level"]));
const unlabelled = writeLines(`${scratch}/unlabelled.csv`, linesOf(["a", "b", "kind"]));

async function trained(label: "y" | "level", model: object): Promise<string> {
  const exclude = [label === "y" ? "level" : "y"];
  const { folder } = await train(
    job({ name: label, data: { path, exclude, partRows: 130 }, label, model, split: "none", output: `${scratch}/models` } as never),
    {
      store,
      threads: 1,
    },
  );
  return folder;
}
const predictorOf = (folder: string) => createPredictor(JSON.parse(readFileSync(`${folder}/model.json`, "utf8")));

let line = "";
let trees = "";
beforeAll(async () => {
  line = await trained("y", { linearRegression: {} });
  trees = await trained("level", { gradientBoostingClassifier: { trees: 10 } });
});

describe("importance", () => {
  it("is what the metric loses when a column's values are shuffled, five times", async () => {
    const { importance, rows: seen } = await inspect(line, [path], { store, threads: 1, seed: 5 });
    const { metrics } = await evaluate(line, [path], { store, threads: 1 });
    expect(seen).toBe(ROWS);
    expect(importance?.metric).toBe("rmse");
    expect(importance?.value).toBeCloseTo(Number(metrics?.rmse), 9);
    expect(importance?.columns.map(({ column }) => column)).toEqual(["a", "kind", "b"]);
    const predict = predictorOf(line);
    const rmse = (changed: (row: number) => Row): number =>
      Math.sqrt(rows.reduce((sum, { y }, row) => sum + (Number(predict(changed(row))?.prediction) - y) ** 2, 0) / ROWS);
    ["a", "b", "kind"].forEach((column, j) => {
      const losses = Array.from({ length: 5 }, (_, repeat) => {
        const seed = hashRow(hashRow(5, j), repeat);
        return rmse((row) => ({ ...rows[row], [column]: rows[permuted(row, ROWS, seed)][column as "a"] })) - rmse((row) => rows[row]);
      });
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / 5;
      const found = importance?.columns.find((own) => own.column === column);
      expect(found?.mean).toBeCloseTo(mean, 9);
      expect(found?.deviation).toBeCloseTo(Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 5), 9);
    });
  });

  it("is the same from any threads, and another by another seed", async () => {
    const [one, two, other] = [
      await inspect(trees, [path], { store, threads: 1 }),
      await inspect(trees, [path], { store, threads: 2 }),
      await inspect(trees, [path], { store, threads: 1, seed: 1 }),
    ];
    expect(two.importance).toEqual(one.importance);
    expect(other.importance).not.toEqual(one.importance);
    expect(one.importance?.metric).toBe("accuracy");
    expect(one.importance?.columns[0].column).toBe("a");
    expect(one.importance?.columns[0].mean).toBeGreaterThan(0.3);
  });
});

describe("dependence", () => {
  it("is the mean prediction when every row has the value, without a label too", async () => {
    const inspected = await inspect(line, [unlabelled], { store, threads: 1, dependence: ["a", "kind"] });
    const predict = predictorOf(line);
    expect(inspected.importance).toBeNull();
    const [a, kind] = inspected.dependence;
    expect(a.points).toHaveLength(20);
    expect(new Set(kind.points.map(({ value }) => value))).toEqual(new Set(KINDS));
    for (const { column, points } of inspected.dependence) {
      for (const { value, predictions } of points) {
        const sum = rows.reduce((total, row) => total + Number(predict({ ...row, [column]: value })?.prediction), 0);
        expect(predictions).toHaveLength(1);
        expect(predictions[0] / (sum / ROWS)).toBeCloseTo(1, 10);
      }
    }
    expect(inspectionReport(JSON.parse(readFileSync(`${line}/model.json`, "utf8")), inspected)).toContain(
      "mean y, if every row had this a",
    );
  });

  it("tells the probability of each of several classes", async () => {
    const { dependence, classes } = await inspect(trees, [path], { store, threads: 1, dependence: ["a"] });
    expect(classes).toEqual(["high", "low", "middle"]);
    for (const { predictions } of dependence[0].points) expect(predictions.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
    expect(dependence[0].points[0].predictions[1]).toBeGreaterThan(0.8);
  });
});

it("names a column that the model does not read, and a label that is missing", async () => {
  await expect(inspect(line, [path], { store, dependence: ["c"] })).rejects.toThrow(
    "dependence must name columns that the model reads (a, b, kind), got c",
  );
  await expect(inspect(line, [unlabelled], { store })).rejects.toThrow(InputError);
});

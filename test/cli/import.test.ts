/** LightGBM's own models published here: scored as LightGBM predicts, and shown. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { score } from "../../src/api/score.ts";
import { train } from "../../src/api/train.ts";
import { exportCommand } from "../../src/cli/export.ts";
import { importModel } from "../../src/cli/import-model.ts";
import { publishedModel } from "../../src/cli/read-model.ts";
import { job } from "../../src/job/builders.ts";
import { createPredictor } from "../../src/model/predict.ts";
import { InputError } from "../../src/ports/errors.ts";
import { modelReport } from "../../src/report/model.ts";
import { treeReport } from "../../src/report/tree.ts";
import { parquetRows } from "../helpers/parquet-rows.ts";
import { writeLines } from "../helpers/scratch.ts";

const folder = mkdtempSync(join(tmpdir(), "import-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const lightgbm = join(import.meta.dirname, "../exchange/lightgbm");
const textAt = (name: string): string => join(lightgbm, `${name}.txt`);
const answersAt = (name: string): { readonly rows: (number | null)[][]; readonly prediction: number[][] } =>
  JSON.parse(readFileSync(join(lightgbm, `${name}.json`), "utf8"));

describe("importModel", () => {
  test.each([
    { name: "their-regression", classes: [] },
    { name: "their-poisson", classes: [] },
    { name: "their-binary", classes: ["no", "yes"] },
    { name: "their-multiclass", classes: ["x", "y", "z"] },
  ])("$name is scored as LightGBM predicts, to 1e-6", async ({ name, classes }) => {
    const output = join(folder, name);
    await importModel(textAt(name), { output, label: "target", ...(classes.length > 0 && { classes }) });
    const { rows, prediction } = answersAt(name);
    const names = rows[0].map((_, j) => `Column_${j}`);
    const data = join(folder, `${name}.csv`);
    writeFileSync(data, [names, ...rows.map((row) => row.map((value) => value ?? ""))].map((row) => `${row.join(",")}\n`).join(""));
    const { files } = await score(output, [data], { output: join(folder, `${name}-scores`), store: join(folder, "store"), threads: 1 });
    const scored = await parquetRows(readFileSync(files[0]));
    expect(scored.length).toBe(60);
    scored.forEach((row, i) => {
      const own =
        classes.length === 0 ? [row.prediction] : (classes.length === 2 ? ["yes"] : classes).map((own) => row[`probability_${own}`]);
      own.forEach((value, k) => {
        expect(Math.abs(value - prediction[i][k])).toBeLessThan(1e-6);
      });
    });
  });

  test("is shown: importances, trees by the columns' names, and that its training is not known", async () => {
    const output = join(folder, "shown");
    const { trees } = await importModel(textAt("their-binary"), { output, label: "target" });
    expect(trees).toBe(12);
    const { folder: version, model, metrics } = await publishedModel(output);
    const text = modelReport(version, model, metrics);
    expect(text).toContain("gradientBoostingClassifier of target (0, 1) on 5 columns");
    expect(text).toMatch(/Column_0 +0\.\d+ +\d+/);
    expect(text).toContain("imported");
    expect(treeReport(model, 0)).toMatch(/Column_\d/);
  });

  test("categories of pandas are the data's own values; others and missing ones go right", async () => {
    const text = readFileSync(textAt("own-binary"), "utf8").replace(
      "pandas_categorical:null",
      `pandas_categorical:${JSON.stringify([["a", "b", "c", "d", "e", "f", "g"]])}`,
    );
    const file = join(folder, "pandas.txt");
    writeFileSync(file, text);
    const output = join(folder, "pandas");
    await importModel(file, { output, label: "target" });
    const { model } = await publishedModel(output);
    expect(model.data.columns[1]).toEqual({ name: "column_1", type: "string" });
    const predict = createPredictor(model);
    const { rows, prediction } = answersAt("own-binary");
    rows.forEach(([first, second, third], i) => {
      const said = predict({ column_0: first, column_1: second === null ? null : "abcdefg"[second], column_2: third });
      expect(Math.abs((said?.probability?.[1] ?? 0) - prediction[i][0])).toBeLessThan(1e-6);
    });
    writeFileSync(file, text.replace(/pandas_categorical:.*/, 'pandas_categorical:[["a"],["b"]]'));
    await expect(importModel(file, { output, label: "target" })).rejects.toThrow(/got 2 lists for 1 columns/);
  });

  test("a model of ours that was exported comes back, with its categories", async () => {
    const kinds = ["p q", "r", "1", "s"];
    const kindOf = (i: number): number => (3 * i + (i >> 2)) % 4;
    const lines = Array.from({ length: 400 }, (_, i) => [kinds[kindOf(i)], i % 11, 10 * kindOf(i) + (i % 11)].join(","));
    const data = writeLines(join(folder, "kinds.csv"), ["kind,x,y", ...lines]);
    const model = { gradientBoostingRegressor: { trees: 5, minRows: 1 } };
    const own = await train(job({ data, label: "y", model, output: join(folder, "own") }), { store: join(folder, "store"), threads: 1 });
    const file = join(folder, "own.txt");
    const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await exportCommand().parseAsync([own.folder, "--format", "lightgbm", "--output", file], { from: "user" });
    printed.mockRestore();
    const text = readFileSync(file, "utf8");
    expect(JSON.parse(/^pandas_categorical:(.*)$/m.exec(text)?.[1] ?? "")).toEqual([expect.arrayContaining(kinds)]);
    const output = join(folder, "back");
    await importModel(file, { output, label: "y" });
    const [exported, imported] = [createPredictor(own.model), createPredictor((await publishedModel(output)).model)];
    for (const kind of [...kinds, "unseen", null]) {
      const [first, second] = [exported({ kind, x: 3 }), imported({ kind, x: 3 })].map((found) => Number(found?.prediction));
      expect(Math.abs(first - second)).toBeLessThan(1e-12);
    }
    expect(exported({ kind: "s", x: 3 })?.prediction).not.toBe(exported({ kind: "r", x: 3 })?.prediction);
  });

  test("refuses other files and other classes, by name", async () => {
    const output = join(folder, "refused");
    await expect(importModel(join(folder, "none.txt"), { output, label: "y" })).rejects.toThrow(InputError);
    await expect(importModel(textAt("their-binary"), { output, label: "y", classes: ["a"] })).rejects.toThrow(
      /classes must be 2 different names.*got a/,
    );
    await expect(importModel(textAt("their-regression"), { output, label: "y", classes: ["a", "b"] })).rejects.toThrow(/classes must be 0/);
  });
});

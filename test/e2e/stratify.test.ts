/** Stratified splits end to end: exact shares of every class, whoever counts. */
import { describe, expect, it } from "vitest";
import type { JobForm } from "../../src/job/schema.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import type { LabelGroup } from "../../src/rounds/parts/labels.ts";
import { planOf, published, runPlan, stateOf } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const ROWS = 1_003;
const scratch = scratchFolder();

/** Of a hundred rows about four are `rare`, a quarter `some`; every 50th has no label. */
const labelOf = (row: number): string => {
  const draw = hashRow(5, row) % 100;
  if (row % 50 === 49) return "";
  return draw < 4 ? "rare" : draw < 29 ? "some" : "most";
};
const labels = Array.from({ length: ROWS }, (_, row) => labelOf(row));
const lines = (label: (text: string) => string): string[] => [
  "x,y",
  ...labels.map((text, row) => `${(hashRow(6, row) % 1_000) / 100},${label(text)}`),
];
const texts = writeLines(
  `${scratch}/texts.csv`,
  lines((text) => text),
);
const NUMBERS: Readonly<Record<string, string>> = { rare: "7", some: "-1.5", most: "10", "": "" };
const numbers = writeLines(
  `${scratch}/numbers.csv`,
  lines((text) => NUMBERS[text]),
);

const classes = ["rare", "some", "most"];
const total = (text: string): number => labels.filter((label) => label === text).length;
const rowsOf = (group: LabelGroup, text: string): number => group.classes[text]?.rows ?? 0;

let runs = 0;
async function run(form: Pick<JobForm, "data" | "split" | "tune">, functions = 1): Promise<string> {
  const root = `${scratch}/run-${runs++}`;
  const plan = await planOf({ label: "y", model: { logisticRegression: { regParam: 0.1 } }, ...form }, { partRows: 70, cuts: 3 });
  await runPlan(plan, { root, functions });
  return root;
}

async function groupsOf(root: string): Promise<{ folds: readonly LabelGroup[]; test: LabelGroup; dropped: number }> {
  const { groups, dropped } = (await stateOf(root)).labels ?? { groups: [], dropped: 0 };
  return { folds: groups.slice(0, -1), test: groups[groups.length - 1], dropped };
}

describe("split.stratify", () => {
  it("holds out the same share of every class, to the row", async () => {
    const { test, folds, dropped } = await groupsOf(await run({ data: texts, split: { test: 0.3, stratify: true, seed: 3 } }));
    expect(dropped).toBe(labels.filter((label) => label === "").length);
    for (const text of classes) {
      expect(rowsOf(test, text)).toBe(Math.round(0.3 * total(text)));
      expect(rowsOf(folds[0], text)).toBe(total(text) - Math.round(0.3 * total(text)));
    }
  });

  it("spreads every class over the folds, to within a row", async () => {
    const tune: JobForm["tune"] = { folds: 4, grid: { regParam: [0.1, 1] }, metric: "logLoss" };
    const { test, folds } = await groupsOf(await run({ data: texts, split: { test: 0.2, stratify: true }, tune }));
    for (const text of classes) {
      const training = total(text) - Math.round(0.2 * total(text));
      expect(rowsOf(test, text)).toBe(Math.round(0.2 * total(text)));
      for (const fold of folds) expect(Math.abs(rowsOf(fold, text) - training / 4)).toBeLessThan(1);
    }
  });

  it("leaves rows held out by their place where they are", async () => {
    const tune: JobForm["tune"] = { folds: 3, grid: { regParam: [0.1, 1] }, metric: "logLoss" };
    const { test, folds } = await groupsOf(await run({ data: texts, split: { everyNth: 4, stratify: true }, tune }));
    for (const text of classes) {
      const held = labels.filter((label, row) => label === text && row % 4 === 3).length;
      expect(rowsOf(test, text)).toBe(held);
      for (const fold of folds) expect(Math.abs(rowsOf(fold, text) - (total(text) - held) / 3)).toBeLessThan(1);
    }
  });

  it("counts classes that are numbers by their values", async () => {
    const { test } = await groupsOf(await run({ data: numbers, split: { test: 0.25, stratify: true } }));
    for (const text of classes) expect(rowsOf(test, NUMBERS[text])).toBe(Math.round(0.25 * total(text)));
  });

  it("is the same from one function and from five, and from a dataset that was there", async () => {
    const form = { data: texts, split: { test: 0.3, stratify: true } };
    const one = await run(form);
    expect(published(await run(form, 5))).toEqual(published(one));
    const plan = await planOf({ label: "y", model: { logisticRegression: { regParam: 0.1 } }, ...form }, { partRows: 70, cuts: 3 });
    await runPlan({ ...plan, run: "again" }, { root: one });
    expect(published(one, "again")).toEqual(published(one));
  });
});

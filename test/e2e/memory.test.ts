/** A plan that cannot fit is refused before there is anything of it. */
import { existsSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { planLocal, train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { BudgetError } from "../../src/ports/errors.ts";
import type { RunState } from "../../src/rounds/run.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const MiB = 2 ** 20;
const scratch = scratchFolder();
const table = writeLines(`${scratch}/table.csv`, customerLines(2_000));
const form: JobForm = { data: table, label: "churn", model: { logisticRegression: {} }, output: `${scratch}/models` };
const store = `${scratch}/store`;

const numbersOf = (message: string): number[] => [...message.matchAll(/(\d+) MiB/g)].map(([, number]) => Number(number));

describe("a plan that cannot fit", () => {
  it("is refused with the three numbers, and nothing is written", async () => {
    const error = await train(job(form), { store, threads: 1, memoryBytes: 100 * MiB }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BudgetError);
    const { message } = error as Error;
    expect(message).toMatch(
      /^memory of a function must hold the plan: needed \d+ MiB, allowed 100 MiB, of which the program \d+ MiB; give it more/,
    );
    const [needed, allowed, largest] = numbersOf(message);
    expect(needed).toBeGreaterThan(allowed);
    expect(largest).toBeLessThanOrEqual(needed);
    expect(existsSync(store)).toBe(false);
    expect(existsSync(`${scratch}/models`)).toBe(false);
  });

  it("is one whose candidates, columns or threads are too many for a function that holds fewer", async () => {
    const { memory } = await planLocal(job(form), { store, threads: 1 });
    const memoryBytes = memory.neededBytes + MiB;
    const planned = (changed: Partial<JobForm>, functions = 1) =>
      planLocal(job({ ...form, ...changed }), { store, threads: 1, memoryBytes, functions });
    await expect(planned({})).resolves.toBeDefined();
    await expect(planned({}, 2)).rejects.toThrow(BudgetError);
    const settings = Array.from({ length: 200 }, (_, i) => (i + 1) / 1_000);
    const search: JobForm["tune"] = { folds: 20, grid: { regParam: settings }, metric: "logLoss" };
    await expect(planned({ tune: search })).rejects.toThrow(/(statistics|states) of 4000 candidates|the program/);
    const header = Array.from({ length: 3_000 }, (_, j) => `x${j}`);
    const wide = writeLines(`${scratch}/wide.csv`, [
      [...header, "churn"].join(","),
      ...[0, 1, 2, 3].map((i) => [...header.map((_, j) => i * j), i % 2].join(",")),
    ]);
    await expect(planned({ data: wide })).rejects.toThrow(/of which 300\d columns on 1 thread /);
  });

  it("is one whose trees are too large even where ranges reduce their histograms", async () => {
    const names = Array.from({ length: 120 }, (_, j) => `x${j}`);
    const rows = Array.from({ length: 2_000 }, (_, i) => [...names.map((_, j) => (i * j) % 7), i % 2].join(","));
    const data = writeLines(`${scratch}/columns.csv`, [[...names, "churn"].join(","), ...rows]);
    const trees = (params: object) => job({ ...form, data, model: { gradientBoostingClassifier: params } });
    const memoryBytes = 600 * MiB;
    await expect(planLocal(trees({ maxLeaves: 31 }), { store, threads: 1, memoryBytes })).resolves.toBeDefined();
    await expect(train(trees({ maxLeaves: 4_000, minRows: 1 }), { store, threads: 1, memoryBytes })).rejects.toThrow(
      /needed \d+ MiB, allowed 600 MiB, of which statistics of 1 candidate \d+ MiB; give it more .*, or smaller trees \(maxLeaves, maxDepth, maxBins\)$/,
    );
    expect(existsSync(`${store}/runs`)).toBe(false);
  });

  it("is one for the classes of a label that is a number, and says so", async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${i % 7},${i}`);
    const data = writeLines(`${scratch}/amounts.csv`, ["x,amount", ...rows]);
    const trees = job({ ...form, data, label: "amount", model: { gradientBoostingClassifier: { maxLeaves: 4_000 } } });
    await expect(planLocal(trees, { store, threads: 1, memoryBytes: 600 * MiB })).rejects.toThrow(
      /; the label has 500 classes or more: a number is predicted by regression$/,
    );
  });

  it("is one with more classes than a look at the data could tell, refused before its training", async () => {
    const names = Array.from({ length: 20 }, (_, j) => `x${j}`);
    // Samples are of 64 KiB, at eighths of the file; the other classes are at its end.
    const rows = Array.from({ length: 12_000 }, (_, i) =>
      [...names.map((_, j) => (i * (j + 3)) % 97), i < 11_900 ? i % 2 : i % 20].join(","),
    );
    const data = writeLines(`${scratch}/classes.csv`, [[...names, "kind"].join(","), ...rows]);
    const trees = job({ ...form, data, label: "kind", model: { gradientBoostingClassifier: { trees: 1, maxLeaves: 255 } } });
    const { memory } = await planLocal(trees, { store, threads: 1 });
    const memoryBytes = memory.neededBytes;
    const onRound = vi.fn<(state: RunState) => void>();
    await expect(train(trees, { store, threads: 1, memoryBytes, onRound })).rejects.toThrow(BudgetError);
    const last = onRound.mock.calls[onRound.mock.calls.length - 1][0];
    expect(last.phase).toBe("fit");
  });
});

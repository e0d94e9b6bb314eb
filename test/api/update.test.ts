import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { train } from "../../src/api/train.ts";
import { update } from "../../src/api/update.ts";
import { job } from "../../src/job/builders.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { InputError } from "../../src/ports/errors.ts";
import { updateReport } from "../../src/report/update.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const row = (i: number): string => `${hashRow(1, i) % 100},${i % 7},${2 * (hashRow(1, i) % 100) - (i % 7)}`;
const table = (from: number, n: number): string => `a,b,y\n${Array.from({ length: n }, (_, i) => row(from + i)).join("\n")}\n`;

it("brings files into a model on this machine, each once", async () => {
  const path = (name: string): string => join(scratch, name);
  const [first, more, other] = ["first.csv", "more.csv", "other.csv"].map(path);
  await Promise.all([writeFile(first, table(0, 200)), writeFile(more, table(200, 50)), writeFile(other, table(250, 5))]);
  const options = { store: path("store") };
  const models = path("models");
  const trained = await train(job({ data: first, label: "y", model: { linearRegression: {} }, output: models }), options);

  const updated = await update(models, [more], options);
  expect(updated.model.update).toEqual({ from: trained.run, trained: trained.run, rows: 50 });
  expect(updated.metrics.rows.train + updated.metrics.rows.test).toBe(50);
  const told = updateReport({ ...updated, folder: "models/new" });
  expect(told).toContain("brought in 50 new rows, of 250 in all");
  expect(told).toMatch(/How good it is on \d+ new rows held out\n +model +baseline\n/);

  await expect(update(models, [more], options)).rejects.toThrow(InputError);
  await expect(update(models, [more], options)).rejects.toThrow(/data must be new to the model, got .*more\.csv, which it holds already/);
  await expect(update(models, [more, other], options)).rejects.toThrow(/got .*more\.csv, which version update-\w+ brought in/);
  await expect(update(path("nothing"), [more], options)).rejects.toThrow(/model must be a folder with latest\.json, got .*nothing/);
  expect((await update(models, [other], options)).model.data.rows).toBe(255);
});

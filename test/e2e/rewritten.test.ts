/** A source that is written over after it was listed, with as many bytes, is not read for the one that was. */
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { expect, it } from "vitest";
import { planOf, runPlan } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const rows = Array.from({ length: 400 }, (_, i) => `${i % 10},${i % 2 === 0 ? "yes" : "not"}`);

it.each([1, 2])("is refused by name, on %i functions", async (functions) => {
  const path = writeLines(`${scratch}/table-${functions}.csv`, ["x,y", ...rows]);
  const plan = await planOf({ data: path, label: "y", model: { logisticRegression: {} } }, { cuts: 3 });
  const size = readFileSync(path).length;
  const file = await open(path, "r+");
  await file.write("7", size - 6);
  await file.utimes(new Date(), new Date(Date.now() + 10));
  await file.close();
  expect(readFileSync(path).length).toBe(size);
  await expect(runPlan(plan, { root: `${scratch}/run-${functions}`, functions })).rejects.toThrow(
    `${path} must not change while it is read, got another content than it was listed with; start again`,
  );
});

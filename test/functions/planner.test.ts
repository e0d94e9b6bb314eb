import { expect, it } from "vitest";
import { planner } from "../../functions/planner.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { localHost } from "../../src/api/local.ts";
import { job } from "../../src/job/builders.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { readJson, writeJson } from "../../src/ports/json.ts";
import { planKey, requestKey } from "../../src/rounds/begin.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();

it("answers what was planned first, when the account has other functions free for a second try", async () => {
  const path = writeLines(`${scratch}/table.csv`, ["x,y", ...Array.from({ length: 90 }, (_, i) => `${i},${i % 3}`)]);
  const store = memoryStore();
  const asked = job({ data: { path, partRows: 10 }, label: "y", model: { linearRegression: {} }, output: "/models" });
  await writeJson(store, requestKey("run"), { run: "run", job: asked });
  const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const planned = (count: number, before: () => Promise<void>) => {
    const functions = { count, fused: false, slots: 8, threads: 1, memoryBytes: 2 ** 33 };
    const host = { ...localHost({ root: "/nowhere", threads: 1, cacheBytes: 0 }), store };
    const request = { input: { run: "run", generation: 0 }, execution: "run", startTime: "2026-01-01T00:00:00.000Z" };
    return planner(request, { ...host, functions: () => before().then(() => functions) });
  };
  const second = planned(5, async () => {
    begun.resolve();
    await answered.promise;
  });
  const first = await planned(2, () => begun.promise);
  answered.resolve();
  expect(await second).toEqual(first);
  expect((await readJson<Plan>(store, planKey("run"))).functions.count).toBe(2);
});

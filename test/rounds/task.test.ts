import { describe, expect, it } from "vitest";
import { anywhere } from "../../src/adapters/anywhere.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { writeJson } from "../../src/ports/json.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { createTasks, type TaskRequest } from "../../src/rounds/task.ts";
import { planOf } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();

describe("a task that loads", () => {
  const loading = async (write: (store: ObjectStore, key: string, write: () => Promise<string>) => Promise<string>) => {
    const table = writeLines(`${scratch}/table.csv`, ["x,y", ...Array.from({ length: 90 }, (_, i) => `${i},${i % 2}`)]);
    const plan = await planOf({ data: { path: table }, label: "y", model: { linearRegression: {} } }, { cuts: 3 });
    const memory = memoryStore();
    await writeJson(memory, `runs/${plan.run}/plan.json`, plan);
    const store: ObjectStore = { ...memory, write: (key, ...content) => write(memory, key, () => memory.write(key, ...content)) };
    const tasks = createTasks({
      store,
      sources: anywhere(),
      outputs: store,
      bundle: plan.bundle,
      cacheBytes: () => 2 ** 20,
      nowMillis: () => 0,
      peakBytes: () => 0,
      gcMillis: () => 0,
    });
    const units = plan.source.cuts.map((_, cut) => cut);
    const ask = { types: plan.source.columns.map(({ type }) => type), insideQuotes: units.map(() => false) };
    const request: TaskRequest = {
      ...{ run: plan.run, bundle: plan.bundle, round: 1, phase: "load", ask, units },
      ...{ first: 0, end: units.length, total: units.length },
    };
    return { units, answer: tasks(request) };
  };

  it("writes a cut while it reads the next, and answers when all are written", async () => {
    const begun = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    let [writes, ends] = [0, 0];
    const { units, answer } = await loading(async (_store, _key, write) => {
      const cut = writes++;
      begun[cut].resolve();
      // Were a cut not read before the one before it is written, this would wait for ever.
      await begun[cut + 1].promise;
      const etag = await write();
      ends++;
      return etag;
    });
    expect(units).toHaveLength(3);
    await begun[2].promise;
    const endsWhenAnswered = answer.then(() => ends);
    begun[3].resolve();
    expect(await endsWhenAnswered).toBe(3);
  });

  it.each([0, 1, 2])("fails when cut %i cannot be written", async (bad) => {
    let begun = 0;
    const { answer } = await loading((_store, _key, write) => (begun++ === bad ? Promise.reject(new Error("no room")) : write()));
    await expect(answer).rejects.toThrow("no room");
  });
});

import { describe, expect, it } from "vitest";
import { faultNames, sufferer, survivesFault, survivesKills } from "../../faults/runs.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

describe("one group of eight tasks", () => {
  const trained = sufferer(scratchFolder(), { functions: 8, rows: 640, partRows: 40 });
  const names = ["planner", "mapper", "reducer", "publisher"] as const;
  const cases = faultNames.flatMap((kind) => names.map((name) => [kind, name] as const));

  it.each(cases)("%s: the first calls of the %s alone", async (kind, name) => {
    await survivesFault(trained, kind, [name]);
  });

  it.each(Array.from({ length: 10 }, (_, seed) => seed))("70 % of the mappers killed by seed %i", async (seed) => {
    expect((await survivesKills(trained, seed)).failed).toBeGreaterThan(70);
  });
});

describe("two groups of 64 tasks", () => {
  const trained = sufferer(scratchFolder(), { functions: 64, rows: 1_280, partRows: 20 });

  it.each([1, 4, 7])("70 % of the mappers killed by seed %i", async (seed) => {
    let again = 0;
    const { calls, failed } = await survivesKills(trained, seed, (state) => {
      if (state === "Group again") again++;
    });
    console.log(`seed ${seed}: ${calls} calls of mappers, ${failed} killed; ${again} groups started again`);
    expect(failed).toBeGreaterThan(400);
  });
});

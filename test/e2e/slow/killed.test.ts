/** Ten moments of a run at which its process is killed, from the first write to the last; each time another process goes on. */
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planOf, published, runPlan } from "../../helpers/engine.ts";
import { killedRun } from "../../helpers/kill.ts";
import { customerLines, sameJobNames, sameJobs, slowClock } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const MOMENTS = 10;
const scratch = scratchFolder();
const table = writeLines(`${scratch}/table.csv`, customerLines(3_000));

describe.each(sameJobNames)("%s", (name) => {
  it.each([1, 3])("is the same after SIGKILL at ten moments, with %i functions", async (functions) => {
    const folder = `${scratch}/${name.replaceAll(" ", "-")}-${functions}`;
    const plan = await planOf({ data: table, ...sameJobs[name] }, { partRows: 140, cuts: 4 });
    let writes = 0;
    const wrap: Parameters<typeof runPlan>[1]["wrap"] = (store) => ({
      ...store,
      write: (...args) => {
        writes += 1;
        return store.write(...args);
      },
    });
    await runPlan(plan, { root: `${folder}/lived`, functions, nowMillis: slowClock(), wrap });
    expect(writes).toBeGreaterThan(MOMENTS);
    writeFileSync(`${folder}/plan.json`, JSON.stringify(plan));
    for (let i = 0; i < MOMENTS; i++) {
      const root = `${folder}/killed-${i}`;
      const write = 1 + Math.floor((i * (writes - 1)) / (MOMENTS - 1));
      const moment = i % 2 === 0 ? "before" : "after";
      const { signal, code } = await killedRun({ plan: `${folder}/plan.json`, root, functions, write, moment });
      expect({ signal, code, write, writes }).toEqual({ signal: "SIGKILL", code: null, write, writes });
      await runPlan(plan, { root, functions });
      expect(published(root)).toEqual(published(`${folder}/lived`));
    }
  });
});

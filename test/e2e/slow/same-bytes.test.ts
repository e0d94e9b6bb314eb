import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planOf, published, runPlan, stateOf } from "../../helpers/engine.ts";
import { customerLines, treeJobNames } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";
import { isTheSameAfterAnyFault } from "../same-bytes.ts";

const scratch = scratchFolder();

describe.each(["linear regression", "multinomial logistic regression", ...treeJobNames] as const)("%s, when things go wrong", (name) => {
  mkdirSync(`${scratch}/${name}`);
  isTheSameAfterAnyFault(name, `${scratch}/${name}`);
});

describe("300,000 rows", () => {
  it.each([
    ["whose first steps look at a sample", 8_192],
    ["in parts of the planner's size", undefined],
  ])("%s are the same from any functions and threads", async (what, partRows) => {
    const table = writeLines(`${scratch}/large.csv`, customerLines(300_000));
    const plan = await planOf(
      { data: table, label: "churn", model: { logisticRegression: {} } },
      partRows === undefined ? {} : { partRows },
    );
    const root = (place: string): string => `${scratch}/${what}/${place}`;
    await runPlan(plan, { root: root("one") });
    const { candidates, history } = await stateOf(root("one"));
    expect(history.some(({ phase, units }) => phase === "train" && units < Math.ceil(300_000 / (partRows ?? 131_072)))).toBe(
      partRows !== undefined,
    );
    expect((candidates[0].state as { sampleRounds: number }).sampleRounds).toBeGreaterThan(0);
    for (const [place, engine] of [
      ["2", { functions: 2 }],
      ["7", { functions: 7 }],
      ["64", { functions: 64 }],
      ["threads", { threads: 2 }],
      ["functions of threads", { functions: 2, threads: 2 }],
      ["nothing kept", { cacheBytes: 0 }],
    ] as const) {
      await runPlan(plan, { root: root(place), ...engine });
      expect(published(root(place))).toEqual(published(root("one")));
    }
  });
});

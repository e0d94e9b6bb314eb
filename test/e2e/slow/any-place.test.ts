import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { published, runPlan, stateOf } from "../../helpers/engine.ts";
import { killedRun } from "../../helpers/kill.ts";
import { sameJobNames, treeJobNames } from "../../helpers/same-jobs.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { isTheSameAfterAnyFault, isTheSameFromAnyPlace, smallPlan } from "../same-bytes.ts";

const scratch = scratchFolder();
const folder = (name: string): string => {
  mkdirSync(`${scratch}/${name}`);
  return `${scratch}/${name}`;
};

describe.each([...sameJobNames, ...treeJobNames])("%s", (name) => isTheSameFromAnyPlace(name, folder(name)));

// The engine knows no learner; the others suffer the same in the slow tests.
describe("binary logistic regression, when things go wrong", () => {
  isTheSameAfterAnyFault("binary logistic regression", folder("faults"));

  it("is the same from processes that were killed one after another", async () => {
    const [lived, killed] = [folder("lived"), folder("killed")];
    const plan = await smallPlan("binary logistic regression", scratch);
    await runPlan(plan, { root: lived });
    writeFileSync(`${scratch}/plan.json`, JSON.stringify(plan));
    for (const moment of ["before", "after", "before", "after"] as const) {
      const { signal } = await killedRun({ plan: `${scratch}/plan.json`, root: killed, functions: 1, write: 10, moment });
      expect(signal).toBe("SIGKILL");
    }
    // Eight writes load the data, then every round has two: none of the four started from the beginning again.
    expect((await stateOf(killed)).rounds).toBeGreaterThan(10);
    await runPlan(plan, { root: killed });
    expect(published(killed)).toEqual(published(lived));
  });
});

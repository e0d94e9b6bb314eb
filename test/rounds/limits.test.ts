import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { roundDollars } from "../../src/plan/spend.ts";
import { BudgetError } from "../../src/ports/errors.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { planOf, runPlan, stateOf } from "../helpers/engine.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const path = writeLines(`${scratch}/table.csv`, customerLines(400));
const model = { logisticRegression: { tol: 1e-12 } };
const form = (limits: object) => ({ data: path, label: "churn", model, limits }) as const;

/** A clock that goes on by a minute, the most that a round is charged for waiting, when the state of a phase is kept. */
function slow(phase: string) {
  let millis = 0;
  const wrap = (store: ObjectStore): ObjectStore => ({
    ...store,
    write: async (key, content, condition) => {
      if (key.endsWith(`/state-${phase}`)) millis += 60_000;
      return store.write(key, content, condition);
    },
  });
  return { wrap, dateMillis: () => millis };
}

describe("limits.minutes", () => {
  it("ends training, and the best model so far is published as such", async () => {
    const root = `${scratch}/early`;
    await runPlan(await planOf(form({ minutes: 2.9 })), { root, functions: 3, ...slow("train") });
    const { history, spent } = await stateOf(root);
    const trained = history.filter(({ phase }) => phase === "train").length;
    await runPlan(await planOf(form({})), { root: `${scratch}/whole`, functions: 3 });
    const whole = (await stateOf(`${scratch}/whole`)).history.filter(({ phase }) => phase === "train").length;
    expect(trained).toBeGreaterThan(0);
    expect(trained).toBeLessThan(whole);
    expect(spent.reached).toBe("minutes");
    const { warnings } = JSON.parse(readFileSync(`${root}/models/run/model.json`, "utf8")) as { warnings: string[] };
    expect(warnings).toContain("training was ended by limits.minutes = 2.9: this is the best model so far");
  });

  it.each([1, 3])("are an error where there is no model yet, with %i functions", async (functions) => {
    const run = runPlan(await planOf(form({ minutes: 1e-9 })), { root: `${scratch}/none-${functions}`, functions });
    await expect(run).rejects.toThrow(BudgetError);
    await expect(run).rejects.toThrow(
      /limits.minutes must leave time for a model, got 1e-9 minutes, which were over in phase load after 1 rounds/,
    );
  });

  it("do not count the time between a stop and a resume, and let a run that is quick enough be", async () => {
    let calls = 0;
    const root = `${scratch}/quick`;
    // An hour between any two rounds.
    await runPlan(await planOf(form({ minutes: 30 })), { root, functions: 3, dateMillis: () => ++calls * 3_600_000 });
    const { spent, rounds } = await stateOf(root);
    expect(spent.reached).toBeNull();
    expect(spent.millis).toBeLessThan(rounds * 61_000);
    expect(JSON.parse(readFileSync(`${root}/models/run/model.json`, "utf8")).warnings.join()).not.toContain("limits");
  });
});

describe("limits.costUsd", () => {
  const functions = { count: 8, fused: false, slots: 8, threads: 1, memoryBytes: 1_769 * 2 ** 20, billed: true };

  it("are dollars at list prices", () => {
    // 8 tasks of 1.1 s with 1.7275 GB at $0.0000133334 a GB second are $0.000203, reducer and machine about $0.00016.
    const dollars = roundDollars(functions, { tasks: 8, groups: 1, millis: 1_000 });
    expect(dollars).toBeGreaterThan(0.000203);
    expect(dollars).toBeLessThan(0.00045);
    expect(roundDollars({ ...functions, fused: true }, { tasks: 1, groups: 1, millis: 60_000 })).toBeCloseTo(
      60 * (1_769 / 1_024) * 0.0000133334,
      12,
    );
  });

  it("are none on a machine of one's own", async () => {
    expect(roundDollars({ ...functions, billed: false }, { tasks: 8, groups: 1, millis: 1_000 })).toBe(0);
    const root = `${scratch}/here`;
    await runPlan(await planOf(form({ costUsd: 1e-9 })), { root, functions: 3 });
    expect((await stateOf(root)).spent).toMatchObject({ usd: 0, reached: null });
  });

  it("end training where they are reached", async () => {
    const plan = await planOf(form({ costUsd: 0.000_000_1 }));
    const billed = { ...plan, functions: { ...plan.functions, billed: true } };
    await expect(runPlan(billed, { root: `${scratch}/dear`, functions: 3 })).rejects.toThrow("limits.costUsd must leave time for a model");
  });
});

/** Statistics reduced by ranges: the model of the whole ones, byte for byte, whoever maps and whatever of the exchange is lost. */
import { beforeAll, describe, expect, it } from "vitest";
import type { JobForm } from "../../../src/job/schema.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { NotFoundError } from "../../../src/ports/errors.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import type { RunState } from "../../../src/rounds/run.ts";
import { twice } from "../../faults/handlers.ts";
import { repeatingWrites } from "../../faults/stores.ts";
import { type Engine, planOf, published, runPlan, stateOf } from "../../helpers/engine.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const scratch = scratchFolder();
const ROWS = 6_000;
const COLUMNS = 20;
const KINDS = ["a", "b", "c", "d", "e", "f"];
const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;

/** Numbers, some missing, and a column of categories; more rows in a node than travel by themselves. */
function lines(): string[] {
  const names = Array.from({ length: COLUMNS }, (_, j) => `x${j}`);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const x = names.map((_, j) => (uniform(row, 40 + j) < 0.05 ? "" : Math.floor(200 * uniform(row, j)) / 10));
    const kind = KINDS[Math.floor(6 * uniform(row, 30))];
    const value = Number(x[1]) * (kind < "c" ? 1 : -1) + Number(x[9]) ** 2 / 10 + Number(x[13]) + 4 * uniform(row, 31);
    return `${x.join(",")},${kind},${value.toFixed(3)},${["low", "middle", "high"][value < 0 ? 0 : value < 30 ? 1 : 2]}`;
  });
  return [`${names.join(",")},kind,value,level`, ...rows];
}

type Form = Omit<JobForm, "data">;
const regressor = (params: object): Form => ({
  label: "value",
  model: { gradientBoostingRegressor: { trees: 2, maxLeaves: 255, ...params } },
});
const classifier = (params: object): Form => ({
  label: "level",
  model: { gradientBoostingClassifier: { trees: 2, maxLeaves: 63, ...params } },
});
const forms: Readonly<Record<string, Form>> = {
  // As many leaves as there may be: their histograms are what a plan by ranges saves.
  "leaf by leaf": regressor({ minRows: 25 }),
  "level by level, samples, monotone": regressor({
    maxDepth: 6,
    maxLeaves: 64,
    rowSample: 0.8,
    colSample: 0.7,
    colSampleByNode: 0.5,
    monotone: { x1: 1 },
  }),
  "three classes, early stopping": classifier({ earlyStoppingRounds: 2, minRows: 60 }),
  "a search": { ...regressor({ trees: 2, minRows: 60 }), tune: { folds: 2, grid: { learningRate: [0.1, 0.3] } } },
};

let path = "";
beforeAll(() => {
  path = writeLines(`${scratch}/table.csv`, lines());
});

const jobOf = (name: string): JobForm => {
  const form = forms[name];
  const exclude = form.label === "value" ? ["level"] : ["value"];
  return { data: { path, exclude }, ...form };
};

const SEAMS = { partRows: 750 };

async function rangedPlan(form: JobForm, ranges: number): Promise<Plan> {
  const plan = await planOf(form, SEAMS);
  return { ...plan, memory: { ...plan.memory, ranges } };
}

const rootOf = (...names: readonly string[]): string => `${scratch}/${names.join("-").replaceAll(/[ ,]+/g, "-")}`;
/** There are other ranges than parts. */
const roundsOf = ({ history }: RunState, ranges: number): number =>
  history.filter(({ phase, units }) => ["search", "train"].includes(phase) && units === ranges).length;

describe.each(Object.keys(forms))("%s", (name) => {
  it("gives by ranges the bytes of the whole", async () => {
    const [whole, ranged] = [rootOf(name, "whole"), rootOf(name, "ranged")];
    await runPlan(await planOf(jobOf(name), SEAMS), { root: whole });
    await runPlan(await rangedPlan(jobOf(name), 5), { root: ranged });
    expect(published(ranged)).toEqual(published(whole));
    expect(roundsOf(await stateOf(whole), 5)).toBe(0);
    expect(roundsOf(await stateOf(ranged), 5)).toBeGreaterThan(4);
  });
});

describe("the exchange", () => {
  const name = "leaf by leaf";
  let plan: Plan;
  let expected: ReturnType<typeof published>;
  beforeAll(async () => {
    const { memory } = await planOf(jobOf(name), SEAMS);
    plan = await planOf(jobOf(name), { ...SEAMS, memoryBytes: memory.neededBytes - 1 });
    await runPlan(plan, { root: rootOf("expected") });
    expected = published(rootOf("expected"));
  });

  it("is what a plan takes where whole statistics need a byte too many", async () => {
    const { ranges, neededBytes, allowedBytes } = plan.memory;
    expect(ranges).toBeGreaterThan(1);
    expect(neededBytes).toBeLessThanOrEqual(allowedBytes);
    expect(roundsOf(await stateOf(rootOf("expected")), ranges)).toBeGreaterThan(4);
    await runPlan(await planOf(jobOf(name), SEAMS), { root: rootOf("whole") });
    expect(published(rootOf("whole"))).toEqual(expected);
  });

  it.each<[string, Omit<Engine, "root">]>([
    ["nothing kept between rounds by 7 functions", { cacheBytes: 0, functions: 7 }],
    ["tasks that are repeated", { functions: 3, handlers: twice }],
    ["writes that arrive again, late", { functions: 3, wrap: (store) => repeatingWrites(store, 5) }],
    ["what ranges kept, lost at every other read", { functions: 3, wrap: (store) => losing(store, "/range-", 2) }],
    ["all that ranges and parts kept, lost always", { cacheBytes: 0, functions: 3, wrap: (store) => losing(store, "/range-", 1) }],
    ["blocks lost at every fiftieth read", { functions: 3, wrap: (store) => losing(store, "/task-", 50) }],
  ])("shows nothing of %s", async (what, engine) => {
    await runPlan(plan, { root: rootOf(what), ...engine });
    expect(published(rootOf(what))).toEqual(expected);
  });

  it("asks again for what was lost", async () => {
    const rounds = async (what: string): Promise<number> => (await stateOf(rootOf(what))).rounds;
    const whole = await rounds("expected");
    expect(await rounds("what ranges kept, lost at every other read")).toBeGreaterThan(whole);
    expect(await rounds("blocks lost at every fiftieth read")).toBeGreaterThan(whole);
  });

  it.each([1, 3])("ends with an error where blocks are lost always, by %i functions", async (functions) => {
    const root = rootOf(`always-${functions}`);
    await expect(runPlan(plan, { root, functions, wrap: (store) => losing(store, "/task-", 1) })).rejects.toThrow(
      "objects under runs/run/exchange/ must stay in the store until they have been read, got some of exchange 0 lost 5 times in a row",
    );
    // Resumed with a store that keeps them, it goes on.
    await runPlan(plan, { root, functions });
    expect(published(root)).toEqual(expected);
  });
});

/** Objects of exchanges whose names hold `name` are not there at every n-th read. */
function losing(store: ObjectStore, name: string, n: number): ObjectStore {
  let reads = 0;
  return {
    ...store,
    async read(key, ...range) {
      if (key.includes("/exchange/") && key.includes(name) && ++reads % n === 0) throw new NotFoundError(`object ${key} must exist`);
      return store.read(key, ...range);
    },
  };
}

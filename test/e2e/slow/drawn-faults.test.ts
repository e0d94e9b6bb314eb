/** Jobs, places and faults drawn at random: whatever goes wrong, the bytes are those of one function to which nothing happens, at once or after a resume. */
import { mkdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Handlers } from "../../../src/adapters/local/functions.ts";
import type { JobForm } from "../../../src/job/schema.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { faults, share, trouble } from "../../faults/calls.ts";
import { draw } from "../../faults/draw.ts";
import { atOnce, lateDuplicates, outOfOrder, seeded, twice } from "../../faults/handlers.ts";
import { failingReads, killAfter, type Life, reordering, repeatingWrites, type StoreFault, troubledStore } from "../../faults/stores.ts";
import { expectWhole } from "../../faults/whole.ts";
import { type Engine, planOf, published, runPlan } from "../../helpers/engine.ts";
import { customerLines, slowClock } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const SEEDS = Number(process.env.STEPLEARN_FAULT_SEEDS ?? 16);
const FIRST = Number(process.env.STEPLEARN_FAULT_FIRST ?? 0);
const scratch = scratchFolder();

interface Draws {
  readonly pick: <T>(values: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
}

function drawsOf(seed: number): Draws {
  const uniform = seeded(Math.floor(2 ** 32 * draw(seed, "case", 0)));
  for (let i = 0; i < 5; i++) uniform();
  const pick = <T>(values: readonly T[]): T => values[Math.floor(values.length * uniform())];
  return { pick, chance: (part) => uniform() < part };
}

/** Customers with a note whose line breaks cross cuts, a weight, a fold, and a number that the last rows make a text. */
function tableOf({ pick, chance }: Draws): string[] {
  const rows = pick([150, 400, 900]);
  const late = chance(0.5);
  const [header, ...lines] = customerLines(rows, true)
    .join("\n")
    .split(/\n(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const own = (row: number): string => [row % 5, 0.5 + (row % 4), late && row > rows - 3 ? "x" : row % 9, `g${row % 40}`].join(",");
  return [`${header},fold,weight,late,owner`, ...lines.map((line, row) => `${line},${own(row)}`)];
}

function jobOf({ pick, chance }: Draws): Omit<JobForm, "data"> {
  const learner = pick([
    ...(["linearRegression", "logisticRegression", "gradientBoostingRegressor", "gradientBoostingClassifier"] as const),
    ...(["randomForestRegressor", "randomForestClassifier", "decisionTreeClassifier"] as const),
  ]);
  const isClassifier = !/Regressor|linear/.test(learner);
  const label = isClassifier ? pick(["churn", "customer_type"]) : "total_charges";
  const boosting = {
    trees: 4,
    maxLeaves: 6,
    minRows: 2,
    ...(chance(0.4) && { earlyStoppingRounds: 2 }),
    ...(chance(0.4) && { rowSample: 0.7 }),
  };
  const forest = { maxDepth: 4, ...(learner.startsWith("random") && { numTrees: 3, ...(chance(0.4) && { outOfBag: true }) }) };
  const linear = { regParam: pick([0, 0.01]), ...(chance(0.3) && { elasticNetParam: 0.5 }), maxIter: 12 };
  const params = /gradient/.test(learner) ? boosting : /Tree|Forest/i.test(learner) ? forest : linear;
  const grid = /gradient/.test(learner)
    ? { learningRate: [0.1, 0.5] }
    : /Tree|Forest/i.test(learner)
      ? { maxDepth: [2, 4] }
      : { regParam: [0.001, 0.1] };
  const split = pick([
    ...[{ test: 0.2, seed: 3 }, { everyNth: 4 }, { column: "fold" }, "none" as const],
    ...[{ test: 0.3, seed: 5, groupBy: "owner" }, isClassifier ? { test: 0.25, seed: 1, stratify: true } : { test: 0.5, seed: 1 }],
  ]);
  return {
    label,
    model: { [learner]: params },
    split,
    ...(chance(0.3) && { weight: "weight" }),
    ...(chance(0.3) && { tune: { folds: pick([2, 3]), grid } }),
  } as Omit<JobForm, "data">;
}

const kinds: readonly StoreFault[] = ["unavailable", "answerLost", "precondition", "slow"];
const calls = [faults.killed, faults.exited, faults.timedOut, faults.throttled, faults.answerLost, faults.givenUp];

/** What happens to calls and to stores, and how it is called. */
function faultsOf({ pick, chance }: Draws, seed: number): { readonly what: string; readonly engine: Omit<Engine, "root"> } {
  const handlers: readonly (readonly [string, (given: Handlers) => Handlers])[] = [
    ["as they are", (given) => given],
    ["twice", twice],
    ["twice at once", (given) => atOnce(given, seeded(seed))],
    ["out of order", (given) => outOfOrder(given, seeded(seed))],
    ["late", lateDuplicates],
    ["mappers killed", trouble(share(seed, 0.4, "mapper", calls)).wrap],
    ["reducers killed", trouble(share(seed, 0.3, "reducer", calls)).wrap],
  ];
  const stores: readonly (readonly [string, (given: ObjectStore) => ObjectStore])[] = [
    ["as it is", (given) => given],
    ["reordering", (given) => reordering(given, seed)],
    ["repeating", (given) => repeatingWrites(given, pick([1, 3]))],
    ["losing connections", (given) => failingReads(given, [5, 17, 40])],
    ["troubled", (given) => troubledStore(given, (verb, n, key) => (draw(seed, `${verb} ${key}`, n) < 0.04 ? kinds[n % 4] : null))],
  ];
  const [called, stored] = [pick(handlers), pick(stores)];
  const engine = {
    functions: pick([1, 2, 3, 5, 8]),
    handlers: called[1],
    wrap: stored[1],
    ...(chance(0.4) && { cacheBytes: 0 }),
    ...(chance(0.4) && { nowMillis: slowClock() }),
    ...(chance(0.2) && { maxEvents: 60 }),
  };
  return { what: `${engine.functions} functions, calls ${called[0]}, store ${stored[0]}`, engine };
}

async function survives(plan: Plan, root: string, engine: Omit<Engine, "root">, { pick }: Draws): Promise<"at once" | "resumed"> {
  try {
    await runPlan(plan, { root, ...engine });
    return "at once";
  } catch (error) {
    expect(["TransientError", "Killed", ...calls.map((one) => one.error)]).toContain((error as Error).name);
    expect((await expectWhole(root)).models).toBeLessThanOrEqual(1);
    await runPlan(plan, { root, functions: engine.functions, cacheBytes: pick([0, 2 ** 26]) });
    return "resumed";
  }
}

describe("a drawn job", () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("of seed %i survives what is drawn", async (seed) => {
    const draws = drawsOf(seed);
    const folder = `${scratch}/${seed}`;
    mkdirSync(folder);
    const path = writeLines(`${folder}/table.csv`, tableOf(draws));
    const job = jobOf(draws);
    const text = JSON.stringify(job);
    const plan = await planOf(
      { data: { path, exclude: ["note"] }, ...job },
      { partRows: draws.pick([30, 75]), cuts: draws.pick([2, 5, 9]) },
    );
    await runPlan(plan, { root: `${folder}/expected` });
    const expected = published(`${folder}/expected`);
    const { what, engine } = faultsOf(draws, seed);
    const said = `${text}: ${what}`;
    await survives(plan, `${folder}/faulty`, engine, draws);
    expect(published(`${folder}/faulty`), said).toEqual(expected);
    await expectWhole(`${folder}/faulty`);

    const life: Life = { writes: 0, dead: false };
    const functions = draws.pick([1, 3, 6]);
    const write = draws.pick([1, 4, 9, 16, 25]);
    const dying = {
      functions,
      nowMillis: slowClock(),
      wrap: (given: ObjectStore) => killAfter(given, write, draws.pick(["before", "after"] as const), undefined, life),
    };
    await survives(plan, `${folder}/died`, dying, draws);
    expect(published(`${folder}/died`), `${text}: dead at write ${write} of ${functions} functions`).toEqual(expected);
  });
});

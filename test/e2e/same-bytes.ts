/** What a job must show: one model folder, byte for byte, whoever maps, in whatever order, however often, and wherever it is killed. */
import { beforeAll, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import { atOnce, lateDuplicates, outOfOrder, seeded, twice } from "../faults/handlers.ts";
import { failingReads, failingWrites, killAfter, type Life, reordering, repeatingWrites } from "../faults/stores.ts";
import { type Engine, planOf, published, runPlan, stateOf } from "../helpers/engine.ts";
import { customerLines, type SameJob, sameJobs, slowClock, treeJobs } from "../helpers/same-jobs.ts";
import { writeLines } from "../helpers/scratch.ts";

const ROWS = 2_000;

type Variant = readonly [what: string, engine: Omit<Engine, "root">];

const places: readonly Variant[] = [
  ["2 functions", { functions: 2 }],
  ["7 functions", { functions: 7 }],
  ["64 functions", { functions: 64 }],
  ["2 threads", { threads: 2 }],
  ["nothing kept between rounds", { cacheBytes: 0 }],
  ["nothing kept between rounds by 3 functions", { cacheBytes: 0, functions: 3 }],
];

const faults: readonly Variant[] = [
  ["a checkpoint after every round", { nowMillis: slowClock() }],
  ["every function called twice", { functions: 5, handlers: twice }],
  ["every task and reduce twice at once", { functions: 5, handlers: (given) => atOnce(given, seeded(1)) }],
  ["answers out of order", { functions: 5, handlers: (given) => outOfOrder(given, seeded(2)), wrap: (store) => reordering(store, 3) }],
  ["writes that arrive again, late", { functions: 5, wrap: (store) => repeatingWrites(store, 3) }],
  ["lost connections", { functions: 5, wrap: (store) => failingReads(failingWrites(store, [2, 9], "after"), [7]) }],
];

/** The plan of 25 parts in 5 cuts: the tasks of 2, 7 and 64 functions end at other parts, and the last part of a cut is a short one. */
export async function smallPlan(name: SameJob, folder: string): Promise<Plan> {
  const table = writeLines(`${folder}/table.csv`, customerLines(ROWS, true));
  return planOf({ data: { path: table, exclude: ["note"] }, ...{ ...sameJobs, ...treeJobs }[name] }, { partRows: 95, cuts: 5 });
}

interface Runs {
  readonly runIn: (what: string, engine?: Omit<Engine, "root">) => Promise<void>;
  readonly expectSame: (what: string) => void;
}

/** A run in one thread of one function, and how others are held to it. */
function comparedRuns(name: SameJob, scratch: string): Runs {
  const folder = `${scratch}/${name.replaceAll(" ", "-")}`;
  const root = (what: string): string => `${folder}/${what.replaceAll(" ", "-")}`;
  let plan: Plan;
  let expected: ReturnType<typeof published>;
  const runIn: Runs["runIn"] = (what, engine = {}) => runPlan(plan, { root: root(what), ...engine });

  beforeAll(async () => {
    plan = await smallPlan(name, scratch);
    await runIn("expected");
    expected = published(root("expected"));
  });

  it("judges the rows of both sides by finite weights", async () => {
    expect((await stateOf(root("expected"))).dataset).toMatchObject({ rows: ROWS, parts: 25 });
    const { rows } = JSON.parse(expected["metrics.json"]);
    expect(rows.train + rows.test + rows.dropped).toBe(ROWS);
    expect(rows.test).toBeGreaterThan(ROWS / 6);
    const weights = Buffer.from(expected["weights.bin"], "hex");
    expect(weights.length).toBeGreaterThan(8 * 5);
    if (name in treeJobs) return;
    for (let at = 0; at < weights.length; at += 8) expect(Number.isFinite(weights.readDoubleLE(at))).toBe(true);
  });
  return { runIn, expectSame: (what) => expect(published(root(what))).toEqual(expected) };
}

export function isTheSameFromAnyPlace(name: SameJob, scratch: string): void {
  const { runIn, expectSame } = comparedRuns(name, scratch);

  it.each(places)("is the same from %s", async (what, engine) => {
    await runIn(what, engine);
    expectSame(what);
  });
}

export function isTheSameAfterAnyFault(name: SameJob, scratch: string): void {
  const { runIn, expectSame } = comparedRuns(name, scratch);

  it.each(faults)("is the same from %s", async (what, engine) => {
    await runIn(what, engine);
    expectSame(what);
  });

  it("is the same where a reduce of the round before comes once more", async () => {
    const counts: (() => number)[] = [];
    const handlers: Engine["handlers"] = (given) => {
      const wrapped = lateDuplicates(given);
      counts.push(wrapped.late);
      return wrapped;
    };
    await runIn("late", { functions: 5, handlers });
    expectSame("late");
    expect(Math.max(...counts.map((late) => late()))).toBeGreaterThan(2);
  });

  it.each([1, 3])("is the same after dying at a write and going on, with %i functions", async (functions) => {
    const life: Life = { writes: 0, dead: false };
    const scripted = (write: number): Omit<Engine, "root"> => {
      Object.assign(life, { writes: 0, dead: false });
      const moment = write % 2 === 0 ? "before" : "after";
      return { functions, nowMillis: slowClock(), wrap: (given) => killAfter(given, write, moment, undefined, life) };
    };
    await runIn(`counted ${functions}`, scripted(Number.POSITIVE_INFINITY));
    const { writes } = life;
    for (const write of [0.01, 0.3, 0.6, 0.85, 1].map((share) => Math.ceil(share * writes))) {
      const where = `died ${functions} ${write}`;
      await expect(runIn(where, scripted(write))).rejects.toMatchObject({ name: "Killed" });
      await runIn(where, { functions });
      expectSame(where);
    }
  });
}

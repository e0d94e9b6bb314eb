/** Cuts that are read twice, with other types or another beginning: what the first reading left must be nobody's, whoever comes late. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import { type Engine, planOf, published, runPlan, stateOf } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";
import { expectWhole } from "./whole.ts";

const scratch = scratchFolder();
const ROWS = 600;

/** A column of numbers until the last rows, and one whose texts hold line breaks, quotes and commas. */
const lines = Array.from({ length: ROWS }, (_, row) => {
  const note = row % 3 === 0 ? `"a,""b"",\n${row % 5},1,2,yes\n"` : "none";
  return `${note},${row > ROWS - 3 ? "late" : 20_000_101 + (row % 28)},${(row * 37) % 101},${(row % 28) + ((row * 7) % 5) > 14 ? "yes" : "no"}`;
});

interface Request {
  readonly round: number;
}

/** Before each reduce, `late` tasks of the rounds before it are done once more: tries that were given up and go on unheard. */
function zombies(): { readonly handlers: Engine["handlers"]; readonly late: () => number } {
  const tasks: Request[] = [];
  let late = 0;
  return {
    late: () => late,
    handlers: (given) => ({
      ...given,
      mapper: (payload) => {
        tasks.push(structuredClone(payload) as Request);
        return given.mapper(payload);
      },
      reducer: async (payload) => {
        for (const task of tasks.filter(({ round }) => round < (payload as Request).round)) {
          late++;
          await given.mapper(task);
        }
        return given.reducer(payload);
      },
    }),
  };
}

describe("a source that changes while it is read", () => {
  const job = (path: string) => ({ data: { path }, label: "label", model: { decisionTreeClassifier: { maxDepth: 3 } } });
  const rows = (of: number): string[] => ["x,label", ...Array.from({ length: 200 }, (_, row) => `${(row * of) % 7},${row % 2}`)];

  it.each([
    ["written again with as many bytes", (file: string) => writeLines(file, rows(4)), "another content"],
    ["written on", (file: string) => appendFileSync(file, "1,1\n"), "another content"],
    ["cut short", (file: string) => writeLines(file, rows(3).slice(0, 50)), "bytes of|another content"],
    ["removed", (file: string) => rmSync(file), "nothing"],
  ])("is no dataset where it is %s", async (what, change, found) => {
    const folder = mkdtempSync(`${scratch}/changes-`);
    const file = writeLines(`${folder}/b.csv`, rows(3));
    const root = `${folder}/store`;
    const plan = await planOf(job(file), { partRows: 40, cuts: 4 });
    let tasks = 0;
    const handlers: Engine["handlers"] = (given) => ({
      ...given,
      mapper: async (payload) => {
        if (tasks++ === 1) change(file);
        return given.mapper(payload);
      },
    });
    await expect(runPlan(plan, { root, functions: 3, handlers }), what).rejects.toThrow(new RegExp(`b\\.csv must .*got .*(${found})`));
    expect(await expectWhole(root)).toEqual({ models: 0, datasets: 0, scores: 0 });
  });

  it("trains on the files that were listed, whatever is added", async () => {
    const folder = mkdtempSync(`${scratch}/added-`);
    writeLines(`${folder}/a.csv`, rows(3));
    const plan = await planOf(job(`${folder}/*.csv`), { partRows: 40, cuts: 4 });
    await runPlan(plan, { root: `${folder}/before` });
    writeLines(`${folder}/b.csv`, rows(3));
    await runPlan(plan, { root: `${folder}/after`, functions: 2 });
    expect(published(`${folder}/after`)).toEqual(published(`${folder}/before`));
  });
});

describe("a source whose cuts are read again", () => {
  let plan: Plan;
  let expected: ReturnType<typeof published>;

  beforeAll(async () => {
    const table = writeLines(`${scratch}/table.csv`, ["note,day,x,label", ...lines]);
    const model = { decisionTreeClassifier: { maxDepth: 3 } };
    plan = await planOf({ data: { path: table }, label: "label", model }, { partRows: 40, cuts: 9 });
    await runPlan(plan, { root: `${scratch}/expected` });
    const { history, dataset } = await stateOf(`${scratch}/expected`);
    expect(history.filter(({ phase }) => phase === "load").length).toBeGreaterThan(1);
    expect(dataset?.columns).toContainEqual({ name: "day", type: "string" });
    expected = published(`${scratch}/expected`);
  });

  it.each([2, 3, 5, 8])("is the same from %i functions, each of which may hold what another has read again", async (functions) => {
    const root = `${scratch}/functions-${functions}`;
    await runPlan(plan, { root, functions });
    expect(published(root)).toEqual(expected);
  });

  it.each([1, 3])(
    "is the same where tasks of rounds before write late, with %i functions that keep what they read or nothing",
    async (functions) => {
      for (const cacheBytes of [undefined, 0]) {
        const root = `${scratch}/zombies-${functions}-${cacheBytes ?? "kept"}`;
        const { handlers, late } = zombies();
        await runPlan(plan, { root, functions, handlers, ...(cacheBytes !== undefined && { cacheBytes }) });
        if (functions > 1) expect(late()).toBeGreaterThan(5);
        expect(published(root)).toEqual(expected);
        await expectWhole(root);
      }
    },
  );

  it("is whole while a second run of it is a round behind", async () => {
    const root = `${scratch}/two-runs`;
    const second = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    // The second run begins as the first, and reads for the first time when the first has read twice.
    const behind: Engine["handlers"] = (given) => ({
      ...given,
      mapper: async (payload) => {
        second.resolve();
        await first.promise;
        return given.mapper(payload);
      },
    });
    const later = runPlan({ ...plan, run: "later" }, { root, functions: 3, cacheBytes: 0, handlers: behind });
    await second.promise;
    const ahead: Engine["handlers"] = (given) => ({
      ...given,
      reducer: async (payload) => {
        const answer = await given.reducer(payload);
        if ((await stateOf(root)).phase !== "load") {
          first.resolve();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return answer;
      },
    });
    await Promise.all([later, runPlan(plan, { root, functions: 3, cacheBytes: 0, handlers: ahead })]);
    expect(published(root)).toEqual(expected);
    expect(published(root, "later")).toEqual(expected);
    expect((await expectWhole(root)).datasets).toBe(1);
  });
});

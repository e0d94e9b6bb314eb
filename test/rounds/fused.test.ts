/** Rounds asked ahead: a search whose held-out rows count for so many that judging takes several rounds. */
import { beforeAll, describe, expect, it } from "vitest";
import { anywhere } from "../../src/adapters/anywhere.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import { learnerNamed } from "../../src/learners/registry.ts";
import { writeJson } from "../../src/ports/json.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { openCheckpoint, saveCheckpoint } from "../../src/rounds/checkpoint.ts";
import { type FusedHost, runFused } from "../../src/rounds/fused.ts";
import { measure } from "../../src/rounds/measure.ts";
import { mergeOf } from "../../src/rounds/phases/registry.ts";
import { endRound, nextRound, roundAhead } from "../../src/rounds/program.ts";
import { type Round, type RunContext, type RunState, startState } from "../../src/rounds/run.ts";
import { createTasks, requestOf, type TaskRequest } from "../../src/rounds/task.ts";
import { joinForests } from "../../src/statistics/merge-tree.ts";
import { planOf } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();
const store = memoryStore();
let context: RunContext;
/** The 64 rows or so of a fold count for about 3 million: kept one by one, and those of five candidates in a round. */
const EXACT = 45_000;
/** When the candidates have been trained. */
let trained: RunState;

const tasks = () =>
  createTasks({
    store,
    sources: anywhere(),
    outputs: store,
    bundle: context.plan.bundle,
    cacheBytes: () => 2 ** 26,
    nowMillis: () => 0,
    peakBytes: () => 0,
    gcMillis: () => 0,
  });

async function step(state: RunState, round: Round): Promise<RunState> {
  const total = round.units.length;
  const { forest, report } = await tasks()(requestOf(context.plan, round, 0, total));
  const merged = joinForests([forest], round.anyOrder ? 1 : total, mergeOf(round, context.learner));
  return endRound(merged, round, state, context, measure([report], 0), 0);
}

/** With so many times the rows in each group of labels, as far as the state knows. */
const counted = (state: RunState, times: number): RunState =>
  state.labels === null
    ? state
    : { ...state, labels: { ...state.labels, groups: state.labels.groups.map((group) => ({ ...group, rows: times * group.rows })) } };

beforeAll(async () => {
  const rows = Array.from({ length: 240 }, (_, i) => [hashRow(1, i) % 100, hashRow(2, i) % 100]);
  const table = writeLines(`${scratch}/table.csv`, [
    "a,b,y",
    ...rows.map(([a, b], i) => `${a},${b},${Number(a + (hashRow(3, i) % 90) > 90)}`),
  ]);
  const form: JobForm = {
    data: { path: table },
    label: "y",
    split: { everyNth: 5 },
    model: { logisticRegression: {} },
    tune: { folds: 3, grid: { regParam: [0, 0.01, 0.1, 1] }, metric: "areaUnderROC" },
  };
  const plan = await planOf(form, { partRows: 20 });
  context = { plan, learner: learnerNamed(plan.job.model.learner), model: null, profile: null };
  await writeJson(store, `runs/${plan.run}/plan.json`, plan);
  let state = startState();
  for (;;) {
    const next = await nextRound(state, context, { store, sources: store });
    if (next.round === null || next.state.phase === "judge") break;
    state = await step(next.state, next.round);
  }
  trained = (await nextRound(state, context, { store, sources: store })).state;
});

/** Questions that were asked ahead, and those that were asked in turn, of the judging of so many times the rows. */
async function judging(times: number): Promise<{ ahead: (Round | null)[]; asked: (Round | null)[]; state: RunState }> {
  let state = counted(trained, times);
  const [ahead, asked]: [(Round | null)[], (Round | null)[]] = [[], []];
  for (;;) {
    const next = await nextRound(state, context, { store, sources: store });
    if (next.round === null || next.state.phase !== "judge") return { ahead, asked, state: next.state };
    asked.push(next.round);
    ahead.push(roundAhead(next.state, context));
    state = await step(next.state, next.round);
  }
}

describe("a round asked ahead", () => {
  it("is the one that is asked next", async () => {
    const { ahead, asked } = await judging(EXACT);
    expect(asked.length).toBeGreaterThan(2);
    expect(ahead).toEqual([...asked.slice(1), null]);
  });

  it("is none where the answer decides what is asked", async () => {
    const { ahead, asked } = await judging(2 * EXACT);
    expect(asked.length).toBeGreaterThan(6);
    for (const [i, round] of ahead.entries()) if (round !== null) expect(round).toEqual(asked[i + 1]);
    expect(ahead).toContain(null);
  });

  it("is mapped meanwhile, once, and the run comes to the same end", async () => {
    const { run } = context.plan;
    await saveCheckpoint(store, run, counted(trained, EXACT), null);
    const threads = [tasks(), tasks()];
    const requests: TaskRequest[] = [];
    const host: FusedHost = {
      store,
      sources: store,
      mappers: {
        size: 2,
        run: (thread, request) => {
          requests.push(request);
          return threads[thread](request);
        },
      },
      nowMillis: () => 0,
      dateMillis: () => 0,
      remainingMillis: () => 1e6,
    };
    const { state, next } = await runFused(host, context, 0);
    expect(next).toBe("publish");
    expect(state.judged).toEqual((await judging(EXACT)).state.judged);
    const places = new Map<number, number>();
    for (const { round, first, end, phase } of requests) if (phase === "judge") places.set(round, (places.get(round) ?? 0) + end - first);
    expect(new Set(places.values())).toEqual(new Set([trained.dataset?.parts]));
    const judged = requests.filter(({ phase }) => phase === "judge");
    expect([...new Set(judged.filter(({ ahead }) => ahead).map(({ round }) => round))]).toEqual([...places.keys()].slice(1));
    expect((await openCheckpoint(store, run)).state.judged).toEqual(state.judged);
  });
});

describe("a checkpoint", () => {
  it("is written while the next round is mapped", async () => {
    const { run } = context.plan;
    const events: string[] = [];
    const watched: ObjectStore = {
      ...store,
      write: (key, ...rest) => {
        if (key.includes("/state-")) events.push(`write ${Number(key.split("/")[3])}`);
        return store.write(key, ...rest);
      },
    };
    const { etag } = await openCheckpoint(store, run);
    await saveCheckpoint(store, run, counted(trained, EXACT), etag);
    const own = tasks();
    let now = 0;
    const host: FusedHost = {
      store: watched,
      sources: store,
      mappers: {
        size: 1,
        run: (_, request) => {
          if (request.first === 0) events.push(`map ${request.round}`);
          return own(request);
        },
      },
      // Every look at the clock is an hour later.
      nowMillis: () => (now += 3_600_000),
      dateMillis: () => 0,
      remainingMillis: () => 1e6,
    };
    await runFused(host, context, 0);
    const written = events.filter((event) => event.startsWith("write")).slice(0, -1);
    expect(written.length).toBeGreaterThan(2);
    for (const event of written) expect(events.indexOf(`map ${event.slice(6)}`)).toBeLessThan(events.indexOf(event));
  });
});

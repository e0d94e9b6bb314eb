import { beforeAll, describe, expect, it } from "vitest";
import { mapper } from "../../functions/mapper.ts";
import { planner } from "../../functions/planner.ts";
import { reducer } from "../../functions/reducer.ts";
import { fileStore } from "../../src/adapters/local/file-store.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { type LocalHost, localHost } from "../../src/api/local.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { writeJson } from "../../src/ports/json.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { roundKey } from "../../src/rounds/checkpoint.ts";
import { decode, encode } from "../../src/rounds/codec.ts";
import { combineTasks, inlineBytes, type Shipment } from "../../src/rounds/distribute.ts";
import type { RunContext } from "../../src/rounds/run.ts";
import type { Forest } from "../../src/statistics/merge-tree.ts";
import { GROUP_TASKS, type MachineState } from "../../src/workflow/state.ts";
import { type Counts, counting } from "../faults/stores.ts";
import { planOf } from "../helpers/engine.ts";
import { scratchFolder, writeLines } from "../helpers/scratch.ts";

const scratch = scratchFolder();

describe("a round of a warm reducer", () => {
  let host: LocalHost;
  let counts: Counts;
  let state: MachineState;

  const roundOf = async (): Promise<MachineState> => {
    const { run, round, bundle, generation, events, groups } = state;
    const answers = [];
    for (let task = groups[0].first; task <= groups[0].last; task++)
      answers.push(await mapper({ run, round, bundle, task, slot: task }, host));
    Object.assign(counts, { reads: 0, writes: 0 });
    counts.written.length = 0;
    return (await reducer({ verb: "reduce", run, round, bundle, generation, events, answers }, host)) as MachineState;
  };

  beforeAll(async () => {
    const lines = ["x,y", ...Array.from({ length: 400 }, (_, i) => `${i % 17},${(i % 17) * 2 + (i % 3)}`)];
    const table = writeLines(`${scratch}/table.csv`, lines);
    const planned = await planOf({ data: { path: table }, label: "y", model: { linearRegression: {} } }, { partRows: 50, cuts: 4 });
    const plan: Plan = { ...planned, functions: { ...planned.functions, count: 4, slots: 4, fused: false } };
    await writeJson(fileStore(scratch), "runs/run/plan.json", plan);
    host = localHost({ root: scratch, threads: 1, cacheBytes: 2 ** 24 }, {}, (given) => {
      const counted = counting(given);
      counts = counted.counts;
      return counted;
    });
    state = await planner({ input: { run: "run", generation: 0 }, execution: "run", startTime: "2026-01-01T00:00:00Z" }, host);
    state = await roundOf();
  });

  it("reads nothing but the wish to stop, and writes the state, the next question, and the pointer last", async () => {
    const { round } = state;
    state = await roundOf();
    expect(counts.reads).toBe(1);
    expect(counts.written).toHaveLength(3);
    expect(counts.written[2]).toBe("runs/run/state.json");
    expect(counts.written).toContain(roundKey("run", round + 1, "ask"));
    expect(counts.written.join()).toContain("/state-");
  });

  it("goes on from the store where another function has reduced that round", async () => {
    const before = state;
    state = await roundOf();
    const next = state;
    state = before;
    expect(await roundOf()).toEqual(next);
    expect(counts.reads).toBeGreaterThan(0);
  });
});

describe("answers", () => {
  it.each([1, 8, GROUP_TASKS, 40, 64, 313])("of %i that travel together fit the state, each below 4 KiB", (together) => {
    const base64 = 4 * Math.ceil(Math.max(0, inlineBytes(together)) / 3);
    expect(base64 + 380).toBeLessThanOrEqual(4_096);
    expect(together * (base64 + 380)).toBeLessThanOrEqual(160 * 1_024);
  });

  it("of 224 bytes travel inline from any group, and from any round of 40 groups", () => {
    expect(Math.min(inlineBytes(GROUP_TASKS), inlineBytes(40))).toBeGreaterThan(224 + 64);
  });
});

describe("statistics in the store", () => {
  const TASKS = 32;

  /** Combines 32 of them in a function of so many times their size, and tells how many were read at once. */
  async function combined(memoryStatistics: number): Promise<{ most: number; forest: Forest<number[]> }> {
    const memory = memoryStore();
    const bytes = 4_000;
    const functions = { count: TASKS, slots: TASKS, memoryBytes: memoryStatistics * bytes };
    const run = { functions, memory: { statisticBytes: bytes } };
    const context = { plan: { run: "r", ...run }, learner: null } as unknown as RunContext;
    await memory.write(
      roundKey("r", 0, "ask"),
      encode({ number: 0, phase: "load", units: Array.from({ length: TASKS }, (_, i) => i), ask: {} }),
    );
    const answers: Shipment[] = [];
    for (let index = 0; index < TASKS; index++) {
      await memory.write(`${index}.stat`, encode([{ level: 0, index, statistic: [index] }]));
      answers.push({ number: index, key: `${index}.stat`, bytes, reports: [] });
    }
    let [reading, most] = [0, 0];
    const store: ObjectStore = {
      ...memory,
      async read(key, from, end) {
        most = Math.max(most, key.endsWith(".stat") ? ++reading : 0);
        await new Promise(setImmediate);
        if (key.endsWith(".stat")) reading--;
        return memory.read(key, from, end);
      },
    };
    const { inline } = await combineTasks(store, context, 0, 0, answers);
    return { most, forest: decode<Forest<number[]>>(Buffer.from(inline as string, "base64")) };
  }

  it.each([
    ["small ones all at a time", 1_000, 32],
    ["as many as an eighth of the memory holds", 64, 8],
    ["two at least", 8, 2],
  ])("are read %s, and merge in their order", async (_, memory, atOnce) => {
    const { most, forest } = await combined(memory);
    expect(most).toBe(atOnce);
    expect(forest).toEqual([{ level: 5, index: 0, statistic: Array.from({ length: TASKS }, (_, i) => i) }]);
  });
});

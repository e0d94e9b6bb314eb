import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runMachine } from "../../../src/adapters/local/orchestrator.ts";
import { InputError } from "../../../src/ports/errors.ts";
import type { CombineRequest, Group, PlanRequest, ReduceRequest, StartInput, TaskRequest } from "../../../src/workflow/state.ts";
import { child, machine, publishing, scripted, startTime, stateOf } from "./scripted-run.ts";

describe("a run that one function holds", () => {
  it("plans, fuses rounds until done, and publishes", async () => {
    let stretches = 0;
    const run = scripted({
      planner: async () => stateOf({ next: "fused" }),
      mapper: async () => stateOf({ next: ++stretches < 3 ? "fused" : "publish", round: stretches * 10, events: 8 + 7 * stretches }),
      publisher: publishing,
    });
    const states: string[] = [];
    expect(await run.run({ onState: (state) => states.push(state) })).toEqual({ model: "models/x/1" });
    expect(run.of("planner")).toEqual([{ input: { run: "r1", generation: 0 }, execution: "r1", startTime }]);
    expect(run.of("mapper")).toEqual(
      [0, 1, 2].map((i) => ({ fused: true, run: "r1", generation: 0, round: i * 10, bundle: "b1", events: 8 + 7 * i })),
    );
    expect(run.of("publisher")).toEqual([{ verb: "publish", run: "r1", bundle: "b1" }]);
    expect(states).toEqual(["Plan", "Next?", "Fused rounds", "Next?", "Fused rounds", "Next?", "Fused rounds", "Next?", "Publish"]);
  });
});

describe("a run of many groups", () => {
  const groups: Group[] = [
    { number: 0, first: 0, last: 2, slotFrom: 0 },
    { number: 1, first: 3, last: 5, slotFrom: 3 },
    { number: 2, first: 6, last: 6, slotFrom: 0 },
  ];

  it("maps every task in its slot, combines by group, reduces in order", async () => {
    const run = scripted({
      planner: async () => stateOf({ next: "round", groups }),
      mapper: async (payload) => ({ task: (payload as TaskRequest).task }),
      reducer: async (payload) => {
        const request = payload as CombineRequest | ReduceRequest;
        if (request.verb === "combine") return { group: request.group.number, of: request.answers };
        const round = request.round + 1;
        return stateOf({ next: round < 2 ? "round" : "publish", groups, round, events: request.events + 44 });
      },
      publisher: publishing,
    });
    await run.run();

    const tasks = run.calls.filter((call) => call.name === "mapper");
    expect(tasks).toHaveLength(14);
    expect(
      tasks
        .filter(({ payload }) => payload.round === 1)
        .map(({ payload, slot }) => [payload.task as number, slot])
        .sort(([a], [b]) => a - b),
    ).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
      [6, 0],
    ]);
    expect(tasks[0].payload).toEqual({ run: "r1", round: 0, bundle: "b1", task: 0, slot: 0 });

    const [combine] = run.of("reducer").filter((payload) => payload.verb === "combine");
    expect(combine).toEqual({
      verb: "combine",
      run: "r1",
      round: 0,
      bundle: "b1",
      group: groups[0],
      answers: [{ task: 0 }, { task: 1 }, { task: 2 }],
    });
    const reduces = run.of("reducer").filter((payload) => payload.verb === "reduce");
    expect(reduces[1]).toEqual({
      verb: "reduce",
      run: "r1",
      generation: 0,
      round: 1,
      bundle: "b1",
      events: 52,
      answers: groups.map(({ number, first, last }) => ({
        group: number,
        of: Array.from({ length: last - first + 1 }, (_, i) => ({ task: first + i })),
      })),
    });
  });

  it("keeps to the groups at once that the plan allows", async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
    };
    await runMachine({
      machine,
      child,
      startTime,
      execution: { name: "r1", input: {} },
      invoke: async (name, payload) => {
        if (name === "planner")
          return stateOf({ next: "round", groups: Array.from({ length: 6 }, (_, i) => ({ number: i, first: i, last: i, slotFrom: 0 })) });
        if (name === "mapper") await work();
        return (payload as { verb?: string }).verb === "reduce" ? stateOf({}) : {};
      },
    });
    expect(most).toBe(2);
  });

  it("runs any ranges of tasks, each task once", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, async (sizes) => {
        let first = 0;
        const groups = sizes.map((size, number) => {
          const group = { number, first, last: first + size - 1, slotFrom: (number * 32) % 64 };
          first += size;
          return group;
        });
        const run = scripted({
          planner: async () => stateOf({ next: "round", groups, groupsAtOnce: 3 }),
          mapper: async () => ({}),
          reducer: async () => stateOf({}),
          publisher: publishing,
        });
        await run.run();
        const done = run.calls.filter(({ name }) => name === "mapper").map(({ payload, slot }) => [payload.task, slot]);
        const expected = groups.flatMap((group) =>
          Array.from({ length: group.last - group.first + 1 }, (_, i) => [group.first + i, group.slotFrom + i]),
        );
        expect(done.sort(([a], [b]) => Number(a) - Number(b))).toEqual(expected);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});

describe("a run of one group", () => {
  it("loops in its child, and passes the parent once a stretch", async () => {
    const group = { number: 0, first: 0, last: 1, slotFrom: 2 };
    const run = scripted({
      planner: async () => stateOf({ next: "stretch", groups: [group] }),
      mapper: async (payload) => (payload as TaskRequest).task,
      reducer: async (payload) => {
        const round = (payload as ReduceRequest).round + 1;
        const next = round === 3 ? "stretch" : round === 5 ? "publish" : "again";
        return stateOf({ next, groups: [group], round, events: round < 3 ? 8 : 21 });
      },
      publisher: publishing,
    });
    const states: string[] = [];
    await run.run({ onState: (state) => states.push(state) });

    const reduces = run.of("reducer") as unknown as ReduceRequest[];
    expect(reduces.map(({ round, events, answers }) => [round, events, answers])).toEqual([
      [0, 8, [0, 1]],
      [1, 8, [0, 1]],
      [2, 8, [0, 1]],
      [3, 21, [0, 1]],
      [4, 21, [0, 1]],
    ]);
    for (const { since } of reduces) expect(Date.parse(since as string)).toBeGreaterThan(Date.parse("2026-01-01"));
    expect(run.of("mapper")).toHaveLength(10);
    expect(states.filter((state) => state === "Stretch")).toHaveLength(2);
    expect(states.filter((state) => state === "Number again")).toHaveLength(3);
  });

  it("may become many groups, and one again", async () => {
    const two = [0, 1].map((i) => ({ number: i, first: i, last: i, slotFrom: 0 }));
    const run = scripted({
      planner: async () => stateOf({ next: "stretch", groups: two.slice(0, 1) }),
      mapper: async () => ({}),
      reducer: async (payload) => {
        const { verb, round } = payload as ReduceRequest;
        if ((verb as string) === "combine") return "combined";
        if (round === 0) return stateOf({ next: "round", groups: two, round: 1 });
        return stateOf(round === 1 ? { next: "stretch", groups: two.slice(0, 1), round: 2 } : { next: "publish" });
      },
      publisher: publishing,
    });
    await run.run();
    expect(run.of("mapper").map(({ round }) => round)).toEqual([0, 1, 1, 2]);
    expect((run.of("reducer").filter(({ verb }) => verb === "reduce") as unknown as ReduceRequest[])[1].answers).toEqual([
      "combined",
      "combined",
    ]);
  });
});

describe("a run whose history is full", () => {
  it("continues under the next name, with the next generation", async () => {
    const run = scripted({
      planner: async (payload) => {
        const { generation } = (payload as PlanRequest).input as StartInput;
        return stateOf(generation < 2 ? { next: "continue", generation: generation + 1 } : { next: "publish" });
      },
      publisher: publishing,
    });
    expect(await run.run()).toEqual({ model: "models/x/1" });
    const plans = run.of("planner") as unknown as PlanRequest[];
    expect(plans.map(({ execution }) => execution)).toEqual(["r1", "r1-1", "r1-2"]);
    expect(plans[1].input).toMatchObject({ run: "r1", generation: 1 });
    expect(Date.parse(plans[1].startTime)).toBeGreaterThan(Date.parse(startTime) - 365 * 86_400_000);
  });
});

describe("a stop", () => {
  it("rejects with its reason at once and starts nothing more", async () => {
    const stop = new AbortController();
    const reason = new InputError("stopped by hand");
    const run = scripted({
      planner: async () => stateOf({ next: "round", groups: [0, 1].map((i) => ({ number: i, first: i, last: i, slotFrom: i })) }),
      mapper: () => {
        setTimeout(() => stop.abort(reason), 5);
        return new Promise(() => {});
      },
    });
    await expect(run.run({ signal: stop.signal })).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(run.calls.map(({ name }) => name)).toEqual(["planner", "mapper", "mapper"]);
  });

  it("before the start starts nothing", async () => {
    const run = scripted({});
    await expect(run.run({ signal: AbortSignal.abort(new InputError("stopped")) })).rejects.toThrow(InputError);
    expect(run.calls).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Handlers, inlineFunctions } from "../../../src/adapters/local/functions.ts";
import { interpret, localMachine } from "../../../src/adapters/local/interpreter.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../../src/adapters/local/orchestrator.ts";
import { CodeChanged, InputError, NumericError, TransientError } from "../../../src/ports/errors.ts";
import type { Execution } from "../../../src/ports/orchestrator.ts";
import { groupMachine } from "../../../src/workflow/group.ts";
import { trainingMachine } from "../../../src/workflow/machine.ts";
import type {
  CombineRequest,
  FailRequest,
  Group,
  MachineState,
  PlanRequest,
  ReduceRequest,
  StartInput,
  TaskRequest,
} from "../../../src/workflow/state.ts";

const machine = trainingMachine(LOCAL_FUNCTIONS);
const child = groupMachine(LOCAL_FUNCTIONS);
const startTime = "2026-11-22T20:00:00.000Z";

const stateOf = (more: Partial<MachineState>): MachineState => ({
  run: "r1",
  generation: 0,
  round: 0,
  groups: [],
  groupsAtOnce: 2,
  bundle: "b1",
  events: 8,
  next: "publish",
  ...more,
});

type Calls = { name: string; payload: Record<string, unknown>; slot: number }[];

/** Functions that answer by script and a record of what they were asked. Whatever a test does not script fails it. */
function scripted(handlers: Partial<Handlers>) {
  const calls: Calls = [];
  const missing = async (payload: unknown) => {
    throw new Error(`unexpected call with ${JSON.stringify(payload)}`);
  };
  const fail = async (payload: unknown) => {
    const { state } = payload as FailRequest;
    return { name: state.error.Error, sentence: `run ended: ${state.error.Error}` };
  };
  const all = { planner: missing, mapper: missing, reducer: missing, publisher: fail, ...handlers };
  const { invoke } = inlineFunctions({ count: 4, create: () => all });
  return {
    calls,
    of: (name: string) => calls.filter((call) => call.name === name).map((call) => call.payload),
    run: (more: Partial<Execution> = {}) =>
      runMachine({
        machine,
        child,
        startTime,
        invoke: (name, payload, slot, signal) => {
          calls.push({ name, payload: payload as Record<string, unknown>, slot });
          return invoke(name, payload, slot, signal);
        },
        execution: { name: "r1", input: { run: "r1", generation: 0 }, ...more },
      }),
  };
}

const publishing: Handlers["publisher"] = async (payload) => {
  if ((payload as { verb: string }).verb === "publish") return { model: "models/x/1" };
  const { state } = payload as FailRequest;
  return { name: state.error.Error, sentence: "resume it" };
};

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

describe("failures", () => {
  const oneTask = { planner: async () => stateOf({ next: "stretch", groups: [{ number: 0, first: 0, last: 0, slotFrom: 0 }] }) };

  /** A mapper that fails so often with that error, then works. */
  function failing(times: number, error: Error) {
    let left = times;
    return scripted({
      ...oneTask,
      mapper: async () => {
        if (left-- > 0) throw error;
        return {};
      },
      reducer: async () => stateOf({}),
      publisher: publishing,
    });
  }

  const exit = Object.assign(new Error("thread died"), { name: "Runtime.ExitError" });
  const memory = Object.assign(new Error("no more memory"), { name: "Runtime.OutOfMemory" });

  it.each<[string, Error, number, number]>([
    ["throttling and lost connections five times", new TransientError("again"), 5, 6],
    ["crashes sixteen times", exit, 16, 17],
    ["memory that ran out twice", memory, 2, 3],
  ])("are tried again inside the child: %s", async (_, error, times, tries) => {
    const run = failing(times, error);
    expect(await run.run()).toEqual({ model: "models/x/1" });
    expect(run.of("mapper")).toHaveLength(tries);
  });

  it.each<[Error, number]>([
    [new TransientError("again"), 3 * 6],
    [exit, 3 * 17],
    [memory, 3 * 3],
    [new InputError("x"), 1],
    [new NumericError("x"), 1],
    [new CodeChanged("x"), 1],
    [new TypeError("a bug"), 1],
  ])("end the run after the tries of their task and of its group: %s %i", async (error, tries) => {
    const run = failing(99, error);
    await expect(run.run()).rejects.toMatchObject({ name: error.name });
    expect(run.of("mapper")).toHaveLength(tries);
  });

  it("come through two levels with name, class, sentence and the error that was thrown", async () => {
    const cause = new InputError('column "age" of data.csv must be a number, got "a\\b"');
    const run = scripted({
      ...oneTask,
      mapper: async () => {
        throw cause;
      },
      publisher: publishing,
    });
    const error = await run.run().catch((error: Error) => error);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ name: "InputError", message: "resume it", cause });
    const [{ state, execution }] = run.of("publisher") as unknown as FailRequest[];
    expect(execution).toBe("r1");
    expect(state.run).toBe("r1");
    expect(state.error.Error).toBe("InputError");
    expect(JSON.parse(state.error.Cause)).toMatchObject({ errorType: "InputError", errorMessage: cause.message });
  });

  it("stand in their own words when recording them fails", async () => {
    const run = scripted({
      planner: async () => {
        throw new InputError("job must have data, got none");
      },
      publisher: async () => {
        throw new TransientError("store is away");
      },
    });
    await expect(run.run()).rejects.toMatchObject({ name: "InputError", message: "job must have data, got none" });
    expect(run.of("publisher")).toHaveLength(9);
    expect(run.of("publisher")[0]).toMatchObject({
      verb: "fail",
      execution: "r1",
      state: { run: "r1", generation: 0, error: { Error: "InputError" } },
    });
  });

  it.each(["later", "again", undefined])("name a next step that is none: %s", async (next) => {
    const run = scripted({ planner: async () => ({ ...stateOf({}), next }), publisher: publishing });
    await expect(run.run()).rejects.toMatchObject({ name: "UnknownAnswer" });
    expect(run.of("publisher")[0]).toMatchObject({ verb: "fail" });
  });

  it("name a next step that is none inside a child", async () => {
    const run = scripted({
      ...oneTask,
      mapper: async () => ({}),
      reducer: async () => ({ ...stateOf({}), next: "later" }),
      publisher: publishing,
    });
    await expect(run.run()).rejects.toMatchObject({ name: "UnknownAnswer" });
  });

  it("stop what waits: of many groups none starts after one has failed", async () => {
    const groups = Array.from({ length: 20 }, (_, i) => ({ number: i, first: 32 * i, last: 32 * i + 31, slotFrom: 0 }));
    let mapped = 0;
    let failed = false;
    let afterwards = 0;
    const run = scripted({
      planner: async () => stateOf({ next: "round", groups }),
      mapper: async () => {
        if (failed) afterwards++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (++mapped === 20) {
          failed = true;
          throw new NumericError("sum must be finite, got NaN");
        }
        return {};
      },
      reducer: async () => ({}),
      publisher: publishing,
    });
    const error = await run.run().catch((error: Error) => error);
    expect(error).toBeInstanceOf(NumericError);
    expect((error as Error).cause).toMatchObject({ message: "sum must be finite, got NaN" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    // Each of four instances may be at one of the 640 tasks, and begin one more, before the word is round.
    expect(afterwards).toBeLessThanOrEqual(8);
    expect(mapped).toBeLessThanOrEqual(28);
  });

  it("refuse states beyond 256 KiB, once", async () => {
    const run = scripted({ planner: async () => ({ ...stateOf({}), much: "é".repeat(131_072) }), publisher: publishing });
    await expect(run.run()).rejects.toMatchObject({ name: "States.DataLimitExceeded" });
    expect(run.of("planner")).toHaveLength(1);
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

describe("children that end badly", () => {
  /** The parent, with children that end as told. */
  async function withChildren(next: "round" | "stretch", answer: (input: { tries: number }) => object) {
    const inputs: { tries: number }[] = [];
    const lambda = async (parameters: unknown) => {
      const { FunctionName, Payload } = parameters as { FunctionName: string; Payload: { verb?: string; state?: FailRequest["state"] } };
      if (FunctionName === "planner") return { Payload: stateOf({ next, groups: [{ number: 0, first: 0, last: 0, slotFrom: 0 }] }) };
      if (Payload.verb === "fail") return { Payload: { name: Payload.state?.error.Error, sentence: Payload.state?.error.Cause } };
      return { Payload: Payload.verb === "reduce" ? stateOf({}) : "published" };
    };
    const output = interpret({
      machine: localMachine(machine),
      input: {},
      context: { Execution: { Name: "r1" }, Started: startTime },
      handlers: {
        "lambda:invoke": lambda,
        "sfn:startSyncExecution": async (parameters) => {
          inputs.push(JSON.parse((parameters as { Input: string }).Input));
          return answer(inputs.at(-1) as { tries: number });
        },
        "states:startExecution": lambda,
      },
      signal: new AbortController().signal,
      onState: undefined,
    });
    return { output: await output.catch((error: Error) => error), inputs };
  }

  const succeeded = { Status: "SUCCEEDED", Output: JSON.stringify(stateOf({})) };

  it.each(["round", "stretch"] as const)("are started again after a timeout, twice at most: %s", async (next) => {
    const once = await withChildren(next, ({ tries }) => (tries === 0 ? { Status: "TIMED_OUT" } : succeeded));
    expect(once.output).toBe("published");
    expect(once.inputs.map(({ tries }) => tries)).toEqual([0, 1]);
    expect(once.inputs[1]).toEqual({ ...once.inputs[0], tries: 1 });

    const lost = await withChildren(next, () => ({ Status: "TIMED_OUT", Error: "States.Timeout", Cause: "" }));
    expect(lost.inputs.map(({ tries }) => tries)).toEqual([0, 1, 2]);
    expect(lost.output).toMatchObject({
      name: "GroupLost",
      message:
        "group 0 of round 0 ended as TIMED_OUT after 2 new starts; give the functions more memory or the tasks fewer parts, then resume the run",
    });
  });

  it.each(["round", "stretch"] as const)("are started again where they failed with what may pass, twice at most: %s", async (next) => {
    const crashed = { Status: "FAILED", Error: "Runtime.ExitError", Cause: "exited" };
    const once = await withChildren(next, ({ tries }) => (tries === 0 ? crashed : succeeded));
    expect(once.output).toBe("published");
    expect(once.inputs.map(({ tries }) => tries)).toEqual([0, 1]);
    const lost = await withChildren(next, () => crashed);
    expect(lost.inputs).toHaveLength(3);
    expect(lost.output).toMatchObject({ name: "Runtime.ExitError", message: "exited" });
  });

  it.each(["round", "stretch"] as const)("that fail or are stopped are not started again: %s", async (next) => {
    const failed = await withChildren(next, () => ({ Status: "FAILED", Error: "NumericError", Cause: "sum must be finite" }));
    expect(failed.output).toMatchObject({ name: "NumericError", message: "sum must be finite" });
    expect(failed.inputs).toHaveLength(1);
    const stopped = await withChildren(next, () => ({ Status: "ABORTED" }));
    expect(stopped.output).toMatchObject({ name: "GroupLost" });
    expect(stopped.inputs).toHaveLength(1);
  });
});

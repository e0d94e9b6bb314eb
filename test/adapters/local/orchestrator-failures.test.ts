import { describe, expect, it } from "vitest";
import { CodeChanged, InputError, NumericError, TransientError } from "../../../src/ports/errors.ts";
import type { FailRequest } from "../../../src/workflow/state.ts";
import { publishing, scripted, stateOf } from "./scripted-run.ts";

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

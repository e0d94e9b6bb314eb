import { describe, expect, it } from "vitest";
import { type Handlers, inlineFunctions, isolatedFunctions } from "../../../src/adapters/local/functions.ts";
import { InputError } from "../../../src/ports/errors.ts";

const slots = [0, 1, 2, 3, 4, 5];

describe("isolatedFunctions", () => {
  it("gives each slot its instance, one thing at a time", async () => {
    const functions = isolatedFunctions({ count: 2, entry: new URL("./function.entry.ts", import.meta.url), data: "root" });
    try {
      const answers = (await Promise.all(slots.map((slot) => functions.invoke("mapper", { slot }, slot)))) as {
        payload: unknown;
        data: unknown;
        threadId: number;
        atOnce: number;
      }[];
      expect(answers.map((answer) => answer.payload)).toEqual(slots.map((slot) => ({ slot })));
      expect(new Set(answers.map((answer) => answer.data))).toEqual(new Set(["root"]));
      expect(new Set(answers.map((answer) => answer.threadId)).size).toBe(2);
      for (const slot of slots) expect(answers[slot].threadId).toBe(answers[slot % 2].threadId);
      expect(answers.map((answer) => answer.atOnce)).toEqual([1, 1, 1, 1, 1, 1]);
      await expect(functions.invoke("publisher", {}, 0)).rejects.toThrow(InputError);
    } finally {
      await functions.close();
    }
  });
});

describe("inlineFunctions", () => {
  function handlers(mapper: Handlers["mapper"]): Handlers {
    return { planner: mapper, mapper, reducer: mapper, publisher: mapper };
  }

  it("makes an instance when it is first called, and keeps it", async () => {
    const made: number[] = [];
    const { invoke } = inlineFunctions({
      count: 3,
      create: (instance) => {
        made.push(instance);
        let calls = 0;
        return handlers(async () => [instance, calls++]);
      },
    });
    expect(made).toEqual([]);
    expect(await Promise.all([invoke("mapper", {}, 4), invoke("mapper", {}, 1), invoke("mapper", {}, 0)])).toEqual([
      [1, 0],
      [1, 1],
      [0, 0],
    ]);
    expect(made.toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  it("goes on after an error", async () => {
    const { invoke } = inlineFunctions({
      count: 1,
      create: () =>
        handlers(async (payload) => {
          if (payload === 1) throw new InputError("payload must not be 1, got 1");
          return payload;
        }),
    });
    const [first, second] = await Promise.allSettled([invoke("mapper", 1, 0), invoke("mapper", 2, 0)]);
    expect(first).toMatchObject({ status: "rejected", reason: { name: "InputError" } });
    expect(second).toEqual({ status: "fulfilled", value: 2 });
  });

  it("starts nothing that waits when it is stopped", async () => {
    const started: unknown[] = [];
    const stop = new AbortController();
    const { invoke } = inlineFunctions({
      count: 1,
      create: () =>
        handlers(async (payload) => {
          started.push(payload);
          stop.abort(new InputError("run must go on, got a stop"));
          return payload;
        }),
    });
    const calls = await Promise.allSettled([1, 2, 3].map((payload) => invoke("mapper", payload, 0, stop.signal)));
    expect(calls.map((call) => call.status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(started).toEqual([1]);
  });
});

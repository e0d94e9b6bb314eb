import { cachedDataVersionTag } from "node:v8";
import { afterEach, describe, expect, it } from "vitest";
import { inlineThread, startAhead, type ThreadPool, workerThreads } from "../../../src/adapters/local/threads.ts";
import { InputError } from "../../../src/ports/errors.ts";

const entry = new URL("./thread.entry.ts", import.meta.url);

describe("workerThreads", () => {
  let pool: ThreadPool;
  afterEach(() => pool.close());
  const start = (size = 1, data?: unknown) => {
    pool = workerThreads({ size, entry, data });
    return pool;
  };

  it("answers many calls at once, each with its own answer", async () => {
    start(2);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.run(i % 2, { ask: "echo", value: i })));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("keeps what a thread holds, apart from the others", async () => {
    start(2);
    await pool.run(0, { ask: "echo" });
    expect(await pool.run(0, { ask: "calls" })).toBe(2);
    expect(await pool.run(1, { ask: "calls" })).toBe(1);
  });

  it("gives every thread the pool's data", async () => {
    start(1, { root: "/data", threads: 4 });
    expect(await pool.run(0, { ask: "data" })).toEqual({ root: "/data", threads: 4 });
  });

  it("takes threads that were started ahead, gives them its data, and starts what is lacking", async () => {
    startAhead(entry, 1);
    start(2, { root: "/data" });
    for (const thread of [0, 1]) expect(await pool.run(thread, { ask: "data" })).toEqual({ root: "/data" });
    expect(await pool.run(0, { ask: "calls" })).toBe(2);
  });

  it("leaves the flags under which this thread's code is compiled and kept", async () => {
    const before = cachedDataVersionTag();
    startAhead(entry, 1);
    expect(cachedDataVersionTag()).toBe(before);
    await start(2).run(1, { ask: "echo" });
    expect(cachedDataVersionTag()).toBe(before);
  });

  it("moves what is to be transferred", async () => {
    start();
    const values = new Float64Array([1, 2, 3.5]);
    expect(await pool.run(0, { ask: "sum", value: values }, [values.buffer])).toBe(6.5);
    expect(values).toHaveLength(0);
  });

  it("keeps name, class and message of errors, and goes on", async () => {
    start();
    const error = await pool.run(0, { ask: "refuse" }).catch((error: Error) => error);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ name: "InputError", message: "value must be right, got wrong" });
    expect(((error as Error).cause as Error).stack).toContain("thread.entry.ts");
    await expect(pool.run(0, { ask: "throw text" })).rejects.toThrow("just text");
    expect(await pool.run(0, { ask: "calls" })).toBe(3);
  });

  it.each([
    ["exit", "thread 0 must stay until it has answered, got exit code 3"],
    ["crash", "thread 0 must not crash, got TypeError: nobody catches this"],
  ])("rejects all that a thread was at when it dies by %s, and starts a new one", async (ask, message) => {
    start();
    const calls = [pool.run(0, { ask: "wait for ever" }), pool.run(0, { ask })];
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: "Runtime.ExitError", message });
    expect(await pool.run(0, { ask: "calls" })).toBe(1);
  });

  it("rejects what is under way when it is closed, and every later call", async () => {
    start();
    const call = pool.run(0, { ask: "wait for ever" });
    const rejected = expect(call).rejects.toMatchObject({ name: "Runtime.ExitError" });
    await pool.close();
    await rejected;
    await expect(pool.run(0, { ask: "echo" })).rejects.toThrow(InputError);
  });

  it("refuses threads that it has not", async () => {
    start(2);
    for (const thread of [-1, 2, 0.5]) await expect(pool.run(thread, {})).rejects.toThrow(InputError);
  });

  it("refuses what cannot be sent, and keeps the thread", async () => {
    start();
    await expect(pool.run(0, () => {})).rejects.toThrow("could not be cloned");
    expect(await pool.run(0, { ask: "calls" })).toBe(1);
  });
});

describe("inlineThread", () => {
  it("answers and rejects as a thread does", async () => {
    const pool = inlineThread((message) => {
      if (message === 0) throw new InputError("message must not be 0, got 0");
      return 12 / (message as number);
    });
    expect(pool.size).toBe(1);
    expect(await pool.run(0, 4)).toBe(3);
    await expect(pool.run(0, 0)).rejects.toThrow(InputError);
    await pool.close();
  });
});

import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { ConflictError, InputError, NotFoundError, TransientError } from "../../src/ports/errors.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { checkRun, openCheckpoint, saveCheckpoint } from "../../src/rounds/checkpoint.ts";
import { type RunState, startState } from "../../src/rounds/run.ts";
import { failingReads, killAfter } from "../faults/stores.ts";

const at = (rounds: number, changed: Partial<RunState> = {}): RunState => ({ ...startState(), phase: "train", rounds, ...changed });

describe("checkpoints", () => {
  it("begin with the state of a run that has not ended a round", async () => {
    expect(await openCheckpoint(memoryStore(), "r")).toEqual({ state: startState(), etag: null });
  });

  it("give the last state back", async () => {
    const store = memoryStore();
    const first = await saveCheckpoint(store, "r", at(1), null);
    const second = await saveCheckpoint(store, "r", at(2, { classes: ["a", "b"] }), first.etag);
    expect(await openCheckpoint(store, "r")).toEqual({ state: at(2, { classes: ["a", "b"] }), etag: second.etag });
  });

  it("answer the winner's state to who was late", async () => {
    const store = memoryStore();
    const { etag } = await saveCheckpoint(store, "r", at(1), null);
    await saveCheckpoint(store, "r", at(3), etag);
    expect((await saveCheckpoint(store, "r", at(2), etag)).state).toEqual(at(3));
    expect((await saveCheckpoint(store, "r", at(2), null)).state).toEqual(at(3));
    expect((await openCheckpoint(store, "r")).state).toEqual(at(3));
  });

  it("of one round are the first one's, whose answer may be under way", async () => {
    const store = memoryStore();
    const { etag } = await saveCheckpoint(store, "r", at(1), null);
    const limited = at(2, { spent: { millis: 60_000, usd: 1, atMillis: 1, reached: "minutes" } });
    const first = await saveCheckpoint(store, "r", limited, etag);
    const second = await saveCheckpoint(store, "r", at(2), etag);
    expect(second).toEqual(first);
    expect(second.state).toEqual(limited);
    expect(await openCheckpoint(store, "r")).toEqual(first);
  });

  it("of one who died before the pointer are those of the next", async () => {
    const store = memoryStore();
    const { etag } = await saveCheckpoint(store, "r", at(1), null);
    await expect(saveCheckpoint(killAfter(store, 1, "after"), "r", at(2, { classes: ["a"] }), etag)).rejects.toThrow("process");
    const next = await saveCheckpoint(store, "r", at(2), etag);
    expect(next.state).toEqual(at(2, { classes: ["a"] }));
    expect(await openCheckpoint(store, "r")).toEqual(next);
  });

  it("stay what they were for a process that dies between state and pointer", async () => {
    const store = memoryStore();
    const { etag } = await saveCheckpoint(store, "r", at(1), null);
    await expect(saveCheckpoint(killAfter(store, 1, "after"), "r", at(2), etag)).rejects.toMatchObject({ name: "Killed" });
    expect((await openCheckpoint(store, "r")).state).toEqual(at(1));
  });

  it("are not taken for missing when the store fails", async () => {
    const store = memoryStore();
    await saveCheckpoint(store, "r", at(1), null);
    await expect(openCheckpoint(failingReads(store, 1), "r")).rejects.toThrow(TransientError);
  });

  it("end a run whose store refuses them though nobody else writes, or loses them", async () => {
    const store = memoryStore();
    const { etag } = await saveCheckpoint(store, "r", at(1), null);
    const refusing: ObjectStore = {
      ...store,
      write: (key, content, condition = "always") =>
        condition === "always" || key.includes("/rounds/")
          ? store.write(key, content)
          : Promise.reject(new ConflictError(`object ${key} must not be written`)),
    };
    await expect(saveCheckpoint(refusing, "r", at(2), etag)).rejects.toThrow(
      "object runs/r/state.json must be the last checkpoint of its run, got the one before",
    );
    await expect(saveCheckpoint(refusing, "other", at(1), null)).rejects.toThrow("got none");
    // As a store without the object answers a condition on its etag.
    await expect(saveCheckpoint(memoryStore(), "r", at(2), etag)).rejects.toThrow(InputError);
  });

  it("are not taken for those of a new run where their state is lost", async () => {
    const store = memoryStore();
    await saveCheckpoint(store, "r", at(1), null);
    const losing: ObjectStore = {
      ...store,
      read: (key, ...range) =>
        key.includes("rounds/") ? Promise.reject(new NotFoundError(`object ${key} must exist`)) : store.read(key, ...range),
    };
    await expect(openCheckpoint(losing, "r")).rejects.toThrow("object runs/r/rounds/00001/state-train must exist");
  });

  it("belong to runs that the store knows", async () => {
    const store = memoryStore();
    await expect(checkRun(store, "nobody")).rejects.toThrow(
      new InputError("run must be one of this store (runs), got nobody (there: none)"),
    );
    await store.write("runs/r/plan.json", new Uint8Array());
    await expect(checkRun(store, "r")).resolves.toBeUndefined();
    for (let i = 1; i < 7; i++) await store.write(`runs/s${i}/plan.json`, new Uint8Array());
    await expect(checkRun(store, "s")).rejects.toThrow("run must be one of this store (runs), got s (the last there: s2, s3, s4, s5, s6)");
  });
});

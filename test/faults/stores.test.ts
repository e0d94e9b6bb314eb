import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { TransientError } from "../../src/ports/errors.ts";
import { counting, failingReads, failingWrites, Killed, killAfter, losingWrites, reordering, repeatingWrites } from "./stores.ts";

const one = new Uint8Array([1]);
const two = new Uint8Array([2, 2]);

describe("stores that go wrong", () => {
  it("count", async () => {
    const store = counting(memoryStore());
    await store.write("a", two);
    await store.write("b", one);
    await store.read("a", 1);
    expect(store.counts).toEqual({ reads: 1, writes: 2, lists: 0, readBytes: 1, writtenBytes: 3, written: ["a", "b"] });
  });

  it("fail the n-th read, and that one only", async () => {
    const memory = memoryStore();
    await memory.write("a", one);
    const store = failingReads(memory, 2);
    expect(await store.read("a")).toEqual(one);
    await expect(store.read("a")).rejects.toThrow(TransientError);
    expect(await store.read("a")).toEqual(one);
  });

  it("fail the n-th write before or after it happened", async () => {
    for (const [moment, keys] of [
      ["before", ["a"]],
      ["after", ["a", "b"]],
    ] as const) {
      const memory = memoryStore();
      const store = failingWrites(memory, [2], moment);
      await store.write("a", one);
      await expect(store.write("b", one)).rejects.toThrow(TransientError);
      expect(memory.keys()).toEqual(keys);
    }
  });

  it("lose a write silently", async () => {
    const memory = memoryStore();
    const store = losingWrites(memory, 1);
    await store.write("a", one);
    await store.write("b", one);
    expect(memory.keys()).toEqual(["b"]);
  });

  it("repeat a write after the next one, over it", async () => {
    const memory = memoryStore();
    const store = repeatingWrites(memory);
    await store.write("a", one);
    await store.write("a", two);
    expect(await memory.read("a")).toEqual(one);
  });

  it("end what is asked together in another order, by the seed", async () => {
    const orderOf = async (seed: number) => {
      const order: number[] = [];
      const store = reordering(memoryStore(), seed);
      const write = async (i: number) => {
        await store.write(`${i}`, one);
        order.push(i);
      };
      await Promise.all([0, 1, 2, 3, 4, 5].map(write));
      return order;
    };
    expect(await orderOf(1)).toEqual(await orderOf(1));
    expect(await orderOf(1)).not.toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("die before or after the n-th write and stay dead", async () => {
    for (const [moment, keys] of [
      ["before", ["a"]],
      ["after", ["a", "b"]],
    ] as const) {
      const memory = memoryStore();
      let killed = 0;
      const store = killAfter(memory, 2, moment, () => killed++);
      await store.write("a", one);
      await expect(store.write("b", one)).rejects.toThrow(Killed);
      await expect(store.read("a")).rejects.toThrow(Killed);
      expect(memory.keys()).toEqual(keys);
      expect(killed).toBe(1);
    }
  });
});

import { expect, it } from "vitest";
import { createCache } from "../../../src/rounds/parts/cache.ts";

it("keeps what was used last, within its bytes", () => {
  const cache = createCache<string>(10);
  cache.put("a", "A", 4);
  cache.put("b", "B", 4);
  expect(cache.get("a")).toBe("A");
  cache.put("c", "C", 4);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["A", undefined, "C"]);
  expect([cache.bytes, cache.hits, cache.misses]).toEqual([8, 3, 1]);
});

it("counts a value that is put again once", () => {
  const cache = createCache<string>(10);
  cache.put("a", "A", 6);
  cache.put("a", "B", 7);
  expect([cache.get("a"), cache.bytes]).toEqual(["B", 7]);
});

it("leaves out what is larger than all of it, and forgets what had the name", () => {
  const cache = createCache<string>(10);
  cache.put("a", "A", 3);
  cache.put("b", "B", 3);
  cache.put("a", "larger", 11);
  expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual([undefined, "B", 3]);
});

it("keeps nothing without a budget", () => {
  const cache = createCache<string>(0);
  cache.put("a", "A", 1);
  expect(cache.get("a")).toBeUndefined();
});

it("drops what no longer fits when it is made smaller, the least recently used first", () => {
  const cache = createCache<string>(12);
  for (const key of ["a", "b", "c"]) cache.put(key, key, 4);
  cache.get("a");
  cache.resize(8);
  expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.bytes]).toEqual(["a", undefined, "c", 8]);
  cache.resize(12);
  cache.put("d", "d", 4);
  expect(cache.bytes).toBe(12);
});

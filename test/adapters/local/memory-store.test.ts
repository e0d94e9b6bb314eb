import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../src/adapters/local/memory-store.ts";
import { objectStoreContract } from "../../contracts/object-store.ts";

describe("memoryStore", () => {
  objectStoreContract(async () => ({ store: memoryStore(), close: async () => {} }));

  it("tells its keys in byte order", async () => {
    const store = memoryStore();
    for (const key of ["b", "a/2", "a-1"]) await store.write(key, new Uint8Array(1));
    expect(store.keys()).toEqual(["a-1", "a/2", "b"]);
  });
});

import { describe, expect, it } from "vitest";
import { createHeap } from "../../src/kernels/heap.ts";
import { uint8 } from "../../src/kernels/kernels.ts";

describe("heap", () => {
  it("gives memory that nobody else has, in any order of allocating and freeing", () => {
    const heap = createHeap();
    const live = new Map<number, { address: number; bytes: number }>();
    for (let i = 0; i < 400; i++) {
      const bytes = 1 + ((i * 7919) % 3_000);
      const address = heap.allocate(bytes);
      expect(address % 16).toBe(0);
      uint8(heap.kernels, address, bytes).fill(i % 251);
      live.set(i, { address, bytes });
      const gone = (i * 31) % (i + 1);
      const old = live.get(gone);
      if (old === undefined || gone === i) continue;
      expect(uint8(heap.kernels, old.address, old.bytes).every((value) => value === gone % 251)).toBe(true);
      heap.free(old.address);
      live.delete(gone);
    }
  });

  it("uses freed memory again, neighbours as one", () => {
    const heap = createHeap();
    const [a, b, c] = [heap.allocate(100), heap.allocate(100), heap.allocate(100)];
    heap.free(a);
    heap.free(c);
    heap.free(b);
    expect(heap.allocate(300)).toBe(a);
    expect(() => heap.free(b)).toThrow("must be allocated to be freed");
  });
});

import { expect, test } from "vitest";
import { createKernels, float64, kernels, uint8, withKernels } from "../../src/kernels/kernels.ts";

test("allocations are aligned, apart and zeroed, even where memory is used again", () => {
  const k = createKernels();
  const mark = k.mark();
  const sizes = [1, 16, 0, 17, 100_000];
  const addresses = sizes.map((size) => k.allocate(size));
  addresses.forEach((address, i) => {
    expect(address % 16).toBe(0);
    expect(address).toBeGreaterThanOrEqual(i === 0 ? mark : addresses[i - 1] + sizes[i - 1]);
    uint8(k, address, sizes[i]).fill(255);
  });
  k.release(mark);
  const again = k.allocate(200_000);
  expect(again).toBe(addresses[0]);
  expect(uint8(k, again, 200_000).every((byte) => byte === 0)).toBe(true);
});

test("claimed memory is the same but for the zeros", () => {
  const k = createKernels();
  const mark = k.mark();
  uint8(k, k.allocate(64), 64).fill(255);
  k.release(mark);
  const claimed = k.claim(64);
  expect(uint8(k, claimed, 64).every((byte) => byte === 255)).toBe(true);
  k.release(mark);
  // What was claimed beyond anything allocated before is dirty all the same, and zeroed for the next who allocates it.
  uint8(k, k.claim(100_000), 100_000).fill(255);
  k.release(mark);
  expect(uint8(k, k.allocate(100_000), 100_000).every((byte) => byte === 0)).toBe(true);
});

test("memory grows as needed and keeps what is in it", () => {
  const k = createKernels();
  const first = k.allocate(8);
  float64(k, first, 1)[0] = Math.PI;
  const big = k.allocate(3 * 2 ** 20 + 1);
  expect(k.memory.buffer.byteLength).toBeGreaterThan(big + 3 * 2 ** 20);
  expect(float64(k, first, 1)[0]).toBe(Math.PI);
});

test.each([-1, Number.NaN, 2 ** 32, 2 ** 40, Number.POSITIVE_INFINITY])("a size of %d is refused and takes nothing", (bytes) => {
  const k = createKernels();
  const mark = k.mark();
  expect(() => k.allocate(bytes)).toThrow("a kernel stopped: out of kernel memory");
  expect(k.mark()).toBe(mark);
});

test("withKernels gives back what was allocated, even when the work throws", () => {
  const mark = kernels().mark();
  expect(withKernels((k) => k.allocate(1000))).toBe(mark);
  expect(() =>
    withKernels((k) => {
      k.allocate(1000);
      throw new Error("stopped");
    }),
  ).toThrow("stopped");
  expect(kernels().mark()).toBe(mark);
});

import { describe, expect, it } from "vitest";
import { chooseFunctions, type Offer, threadsOf } from "../../src/plan/functions.ts";

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const offer: Offer = { slots: 32, mapperMegabytes: 1_769, fusedMegabytes: 3_008, fused: true, atOnce: 800 };
const csv = (bytes: number) => ({ format: "csv", bytes }) as const;

it("has a thread for each virtual CPU that the memory brings", () => {
  expect([128, 1_769, 2_600, 3_008, 5_307, 10_240].map(threadsOf)).toEqual([1, 1, 1, 2, 3, 6]);
});

describe("functions for a source", () => {
  it("are one where it is loaded in seconds and held in memory, which the stack may forbid", () => {
    expect(chooseFunctions(offer, csv(100 * MiB))).toEqual({
      count: 1,
      fused: true,
      slots: 1,
      threads: 2,
      memoryBytes: 3_008 * MiB,
      atOnce: 1,
      billed: true,
    });
    expect(chooseFunctions({ ...offer, fused: false }, csv(100 * MiB))).toMatchObject({ count: 2, fused: false });
    // 4 s of 2 threads at 120 MB/s are 960 MB; of 128 MB a third is 41 MiB.
    expect(chooseFunctions(offer, csv(961e6)).fused).toBe(false);
    expect(chooseFunctions({ ...offer, fusedMegabytes: 128 }, csv(60 * MiB)).fused).toBe(false);
  });

  it("are one group until its tasks would load half a GiB each, then a task for each half", () => {
    const counts = [1 * GiB, 4 * GiB, 16 * GiB, 100 * GiB].map((bytes) => chooseFunctions(offer, csv(bytes)).count);
    expect(counts).toEqual([16, 32, 32, 200]);
    expect(chooseFunctions(offer, csv(4 * GiB))).toMatchObject({
      fused: false,
      slots: 32,
      threads: 1,
      memoryBytes: 1_769 * MiB,
      atOnce: 800,
    });
  });

  it("stay within what the account lets run, unless a task would then take too long", () => {
    const small = { ...offer, atOnce: 8 };
    expect(chooseFunctions(small, csv(8 * GiB)).count).toBe(8);
    // A task loads 1.44 GB in 12 s.
    expect(chooseFunctions(small, csv(144e9)).count).toBe(100);
    expect(chooseFunctions(offer, csv(1_000e9)).count).toBe(800);
  });

  it("are as many as there are slots for the parts that a user asks for", () => {
    const spread = (parts: number, more: Partial<Offer> = {}) => chooseFunctions({ ...offer, ...more }, { ...csv(MiB), parts });
    expect([spread(8).count, spread(8).fused, spread(50).count, spread(50, { atOnce: 5 }).count]).toEqual([8, false, 32, 5]);
  });

  it("are more for compressed columns, which become larger than they lie there", () => {
    expect(chooseFunctions(offer, { format: "parquet", bytes: 16 * GiB }).count).toBeGreaterThan(
      chooseFunctions(offer, csv(16 * GiB)).count,
    );
  });
});

import { describe, expect, it } from "vitest";
import { localFunctionsOf, newRunName } from "../../src/api/execute.ts";
import { PROGRAM_BYTES } from "../../src/plan/memory.ts";

const GIB = 2 ** 30;

describe("functions of this machine", () => {
  it("is one with all the memory, or several threads of one process that share its program", () => {
    expect(localFunctionsOf({ threads: 3, memoryBytes: GIB })).toEqual({ count: 1, fused: true, slots: 1, threads: 3, memoryBytes: GIB });
    const eight = localFunctionsOf({ functions: 8, memoryBytes: 4 * GIB });
    expect(eight).toMatchObject({ count: 8, fused: false, slots: 8, threads: 1 });
    // All of them together: the program once, and what each has beside it.
    expect(PROGRAM_BYTES + 8 * (eight.memoryBytes - PROGRAM_BYTES)).toBe(4 * GIB);
    expect(localFunctionsOf({ functions: 8, memoryBytes: 1_000 }).memoryBytes).toBe(1_000);
  });

  it.each([
    [{ functions: 0 }, "functions must be an integer >= 1, got 0"],
    [{ functions: 1.5 }, "functions must be an integer >= 1, got 1.5"],
    [{ threads: 0 }, "threads must be an integer >= 1, got 0"],
    [{ memoryBytes: Number.NaN }, "memoryBytes must be a number >= 1, got NaN"],
  ])("are no %j", (options, message) => {
    expect(() => localFunctionsOf(options)).toThrow(message);
  });

  it("may have any share of the memory", () => {
    expect(localFunctionsOf({ threads: 1, memoryBytes: 1_000.5 }).memoryBytes).toBe(1_000);
  });
});

it("names of runs differ also where a program starts several in the same millisecond", () => {
  const now = new Date("2026-11-22T10:15:00.999Z");
  expect([1, 2, 3].map(() => newRunName("churn", now))).toEqual([
    "churn-20261122-101500-999",
    "churn-20261122-101501-000",
    "churn-20261122-101501-001",
  ]);
});

import { describe, expect, it } from "vitest";
import { localFunctionsOf } from "../../src/api/execute.ts";
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
});

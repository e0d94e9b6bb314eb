import { describe, expect, it } from "vitest";
import { fromEnvironment, logGroupsOf, namesOf, STACK_NAME, toEnvironment } from "../../src/workflow/stack.ts";

describe("a stack's names", () => {
  it("stay within Lambda's 64 characters for the longest stack and the last slot", () => {
    const stack = "s".repeat(40);
    expect(stack).toMatch(STACK_NAME);
    for (const name of [...Object.values(namesOf(stack)), `${namesOf(stack).mapper}-255`]) expect(name.length).toBeLessThanOrEqual(64);
    for (const name of Object.values(logGroupsOf(stack))) expect(name.length).toBeLessThanOrEqual(512);
  });

  it("differ from one another", () => {
    const names = Object.values(namesOf("s"));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(["", "1a", "a_b", "a.b", "s".repeat(41)])("refuse %j", (stack) => {
    expect(stack).not.toMatch(STACK_NAME);
  });
});

describe("a stack's settings", () => {
  it("come back from the environment as they went in, which Lambda limits to 4 KiB", () => {
    const settings = {
      stack: "steplearn",
      bucket: "own",
      slots: 32,
      mapperMegabytes: 3_008,
      fusedMegabytes: 2_048,
      fused: false,
      concurrencyShare: 0.8,
      maxEvents: 20_000,
      metrics: true,
    };
    const environment = toEnvironment(settings);
    expect(fromEnvironment(environment)).toEqual(settings);
    expect(JSON.stringify(environment).length).toBeLessThan(4_096);
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import { inlineBytes } from "../../src/rounds/distribute.ts";
import { checkGroups, placesOf, tasksOf } from "../../src/rounds/tasks.ts";
import { eventsOf, type Group, MAX_EVENTS, MOST_GROUPS } from "../../src/workflow/state.ts";

const planOf = (count: number, statisticBytes = 224, slots = count): Pick<Plan, "functions" | "memory"> => ({
  functions: { count, fused: false, slots, threads: 1, memoryBytes: 2 ** 30 },
  memory: { statisticBytes } as Plan["memory"],
});
const roundOf = (units: number, anyOrder = false) => ({ units: Array.from({ length: units }, (_, i) => i), anyOrder });

const sizes = { units: fc.integer({ min: 1, max: 3_000 }), count: fc.integer({ min: 1, max: 1_200 }) };

it("gives every unit to one task, in order, and none to nobody", () => {
  fc.assert(
    fc.property(sizes.units, sizes.count, fc.constantFrom(224, 10 ** 7), fc.boolean(), (units, count, bytes, anyOrder) => {
      const [round, plan] = [roundOf(units, anyOrder), planOf(count, bytes)];
      const { tasks } = tasksOf(round, plan);
      expect(tasks).toBeLessThanOrEqual(count);
      const places = Array.from({ length: tasks }, (_, task) => placesOf(task, round, plan));
      expect(places.map(({ first }) => first)).toEqual([0, ...places.map(({ end }) => end).slice(0, -1)]);
      expect(places.every(({ first, end }) => end > first)).toBe(true);
      expect(places.at(-1)?.end).toBe(units);
    }),
    { numRuns: 60 },
  );
});

it.each([
  [120, 10, 10, 12],
  [84, 10, 10, 10],
  [84, 64, 42, 2],
  [1_000, 300, 250, 4],
  [5, 8, 5, 1],
])("spreads %i units over %i functions evenly: %i tasks of %i at most", (units, count, tasks, most) => {
  const [round, plan] = [roundOf(units), planOf(count)];
  expect(tasksOf(round, plan).tasks).toBe(tasks);
  const taken = Array.from({ length: tasks }, (_, task) => placesOf(task, round, plan)).map(({ first, end }) => end - first);
  expect(Math.max(...taken)).toBe(most);
});

it("has a task ship one statistic where those are large: whole subtrees of a power of two", () => {
  const [round, plan] = [roundOf(120), planOf(10, 10 ** 6)];
  expect(tasksOf(round, plan).tasks).toBe(8);
  expect(placesOf(7, round, plan)).toEqual({ first: 112, end: 120 });
});

it("merges heavy statistics in about as many groups as a group has tasks", () => {
  expect(tasksOf(roundOf(50), planOf(50)).inGroup).toBe(32);
  expect(tasksOf(roundOf(50), planOf(50, 12e6)).inGroup).toBe(8);
  expect(tasksOf(roundOf(300), planOf(300, 12e6)).inGroup).toBe(16);
  expect(tasksOf(roundOf(10), planOf(10, 12e6)).inGroup).toBe(32);
  expect(tasksOf(roundOf(10), planOf(10, 89e6)).inGroup).toBe(4);
});

it("refuses rounds of more groups than the state of the machine and its history hold", () => {
  const few = (count: number) => ({ ...planOf(count, 224, 32), functions: { ...planOf(count).functions, slots: 32, atOnce: 2 } });
  expect(() => checkGroups(5_000, few(512))).not.toThrow();
  expect(() => checkGroups(5_000, few(700))).toThrow(
    "a round must have at most 256 groups of tasks, got 313: 625 tasks, of which 2 may run at once; let more run at once",
  );
  expect(() => checkGroups(9_000, { ...planOf(8_000, 224, 32) })).not.toThrow();

  // What the reducer is given of as many groups whose statistics went through the store, with the longest numbers.
  const [run, long] = ["n".repeat(48), 123_456_789_012.34567];
  const report = {
    rows: 2 ** 53,
    millis: long,
    readMillis: long,
    gcMillis: long,
    cacheHits: 99_999,
    cacheMisses: 99_999,
    peakBytes: 2 ** 34,
  };
  const answers = Array.from({ length: MOST_GROUPS }, (_, number) => {
    const key = `runs/${run}/rounds/00042/group-${String(number).padStart(3, "0")}.stat`;
    return { number, key, bytes: 2 ** 34, reports: [report] };
  });
  const inline = MOST_GROUPS * Math.max(0, inlineBytes(MOST_GROUPS)) * (4 / 3);
  const groups: Group[] = answers.map(({ number }) => ({ number, first: 32 * number, last: 32 * number + 31, slotFrom: 224 }));
  const state = { run, generation: 9, round: 42, groups, groupsAtOnce: 40, bundle: "b".repeat(64), events: 20_000, next: "round", answers };
  expect(JSON.stringify(state).length + inline).toBeLessThan(256 * 1_024 - 32_768);
  // A retry of a group costs nine events.
  expect(MAX_EVENTS + eventsOf("round", MOST_GROUPS) + 9 * (MOST_GROUPS / 2)).toBeLessThan(25_000);
});

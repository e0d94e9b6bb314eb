import { describe, expect, it } from "vitest";
import { type Expectation, forecast } from "../../src/plan/forecast.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { CSV_BYTES_PER_SECOND, FLOPS_PER_SECOND, START_SECONDS } from "../../src/plan/throughput.ts";

const plan = (threads: number, bytes = CSV_BYTES_PER_SECOND): Plan =>
  ({
    functions: { count: 1, fused: true, slots: 1, threads, memoryBytes: 1 },
    source: { format: "csv", columns: [], bytes },
    memory: { cacheBytes: 2 ** 30, statisticBytes: 224 },
  }) as unknown as Plan;

const expected = (more: Partial<Expectation> = {}): Expectation => ({
  rows: 0,
  columns: 0,
  cost: { statisticBytes: 0, stateBytes: 0, rounds: 4, flopsPerRow: 10 },
  settings: 1,
  folds: 1,
  sharesStatistics: false,
  loaded: false,
  tasks: 1,
  groups: 1,
  ...more,
});

describe("forecast", () => {
  it("counts the rounds of every phase", () => {
    expect(forecast(plan(1), expected()).rounds).toEqual({ load: 1, fit: 1, train: 4, evaluate: 1 });
    expect(forecast(plan(1), expected({ folds: 3, settings: 9 })).rounds).toEqual({
      load: 1,
      fit: 1,
      search: 4,
      judge: 1,
      train: 4,
      evaluate: 1,
    });
  });

  it("judges without a round of its own where statistics tell", () => {
    expect(forecast(plan(1), expected({ folds: 3, settings: 9, sharesStatistics: true })).rounds).not.toHaveProperty("judge");
  });

  it("does not load again what an earlier run loaded", () => {
    const told = forecast(plan(1), expected({ loaded: true }));
    expect(told.rounds).not.toHaveProperty("load");
    expect(forecast(plan(1), expected()).seconds - told.seconds).toBeCloseTo(1, 1);
  });

  it("shares work, but not the start, between threads", () => {
    const [one, four] = [1, 4].map((threads) => forecast(plan(threads, 100 * CSV_BYTES_PER_SECOND), expected()).seconds);
    expect(one).toBeGreaterThan(100 + START_SECONDS);
    expect(four).toBeGreaterThan(25 + START_SECONDS);
    expect(one - four).toBeCloseTo(75, 9);
  });

  it("takes the learner's operations for each candidate of a search, unless all share their statistics", () => {
    const rows = FLOPS_PER_SECOND / 10;
    const own = forecast(plan(1), expected({ rows, folds: 3, settings: 5 }));
    const shared = forecast(plan(1), expected({ rows, folds: 3, settings: 5, sharesStatistics: true }));
    expect(own.candidates).toBe(15);
    // 4 rounds of a second: 5 settings see 2 folds of 3 each; shared, one training's worth.
    expect(own.seconds).toBeGreaterThan(40);
    expect(shared.seconds).toBeLessThan(own.seconds - 36);
  });
});

import { describe, expect, it } from "vitest";
import { billOf } from "../../src/plan/bill.ts";
import { CLOUD, lambdaSpeed } from "../../src/plan/cloud.ts";
import { type Expectation, forecast, HERE } from "../../src/plan/forecast.ts";
import { AWS, billFor } from "../../src/plan/on-aws.ts";
import type { Functions, Plan } from "../../src/plan/plan.ts";

const none = { gigabyteSeconds: 0, calls: 0, transitions: 0, children: 0, childSeconds: 0, reads: 0, writes: 0 };

describe("billOf", () => {
  it("asks the price of each thing used", () => {
    expect(billOf({ ...none, gigabyteSeconds: 1e6 }).total).toBeCloseTo(13.3334, 9);
    expect(billOf({ ...none, calls: 1e6 }).functions).toBeCloseTo(0.2, 9);
    expect(billOf({ ...none, transitions: 1_000 }).machine).toBeCloseTo(0.025, 9);
    // Children are billed by the request, and by 64 MB for their time.
    expect(billOf({ ...none, children: 1e6 }).machine).toBeCloseTo(1, 9);
    expect(billOf({ ...none, childSeconds: 16 * 3_600 }).machine).toBeCloseTo(0.06, 9);
    expect(billOf({ ...none, reads: 1e4, writes: 1e3 }).storage).toBeCloseTo(0.004 + 0.005, 9);
    expect(billOf(none).total).toBe(0);
  });
});

const higgs: Expectation = {
  rows: 11e6,
  columns: 28,
  cost: { statisticBytes: 4_224, stateBytes: 0, rounds: 9, flopsPerRow: 1_024 },
  settings: 1,
  folds: 1,
  sharesStatistics: false,
  loaded: false,
  tasks: 10,
  groups: 1,
};
const functions: Functions = { count: 10, fused: false, slots: 32, threads: 2, memoryBytes: 3_008 * 2 ** 20 };
const planOf = (more: Partial<Functions> = {}, statisticBytes = 4_224): Plan =>
  ({
    partRows: 131_072,
    functions: { ...functions, ...more },
    source: { format: "csv", columns: new Array(28).fill({}), bytes: 8.035e9 },
    memory: { cacheBytes: 2 ** 30, statisticBytes },
  }) as unknown as Plan;
const told = (plan: Plan, more: Partial<Expectation> = {}) => forecast(plan, { ...higgs, ...more }, AWS);

describe("a forecast on AWS", () => {
  it("of Higgs by ten mappers lies beside what the simulation of the cloud takes: 17.3 s and $0.0076", () => {
    const { seconds } = told(planOf());
    expect(seconds / 17.3).toBeGreaterThan(0.8);
    expect(seconds / 17.3).toBeLessThan(1.25);
    expect(billFor(told(planOf()), 8.035e9).total / 0.0076).toBeCloseTo(1, 0);
  });

  it("is slower for a CPU than here, and not faster than the CPUs that memory buys", () => {
    expect(lambdaSpeed(1_769 * 2 ** 20, 1)).toBe(CLOUD.lambda.speed);
    expect(lambdaSpeed(3_538 * 2 ** 20, 1)).toBe(CLOUD.lambda.speed);
    expect(lambdaSpeed(1_769 * 2 ** 20, 2)).toBe(CLOUD.lambda.speed);
    expect(told(planOf()).workSeconds).toBeGreaterThan(forecast(planOf(), higgs, HERE).workSeconds);
  });

  it("takes longer between rounds of several groups, and for statistics that do not travel in answers", () => {
    const one = told(planOf());
    expect(told(planOf(), { tasks: 64, groups: 2 }).betweenSeconds).toBeGreaterThan(one.betweenSeconds + 12 * 0.4);
    expect(told(planOf({}, 224)).betweenSeconds).toBeLessThan(one.betweenSeconds);
    expect(told(planOf({}, 12e6)).betweenSeconds).toBeGreaterThan(one.betweenSeconds + 12 * 0.4);
  });

  it("lets tasks wait for their turn, and reads again what memory does not hold", () => {
    const all = told(planOf({ count: 20 }), { tasks: 20 });
    expect(told(planOf({ count: 20, atOnce: 10 }), { tasks: 20 }).workSeconds).toBeCloseTo(2 * all.workSeconds, 9);
    expect(all.readAgainBytes).toBe(0);
    expect(told({ ...planOf(), memory: { cacheBytes: 0, statisticBytes: 0 } } as unknown as Plan).readAgainBytes).toBe(11 * 11e6 * 28 * 8);
  });

  it("pays no orchestration between fused rounds", () => {
    const fused = told(planOf({ count: 1, fused: true }), { tasks: 1 });
    const { machine } = billFor(fused, 8.035e9);
    expect(machine).toBeCloseTo((3 + 2) * 0.025e-3, 9);
    expect(fused.betweenSeconds).toBeLessThan(AWS.startSeconds + 1);
  });
});

import { describe, expect, it } from "vitest";
import { measure, summary, workOf } from "../../src/rounds/measure.ts";

const task = (millis: number, more = {}) => ({
  rows: 10,
  millis,
  readMillis: 1,
  gcMillis: 2,
  cacheHits: 3,
  cacheMisses: 1,
  peakBytes: millis,
  ...more,
});

describe("measure", () => {
  it("adds what tasks took together and keeps the median and the slowest apart", () => {
    expect(measure([task(30), task(10), task(20)], 45)).toEqual({
      rows: 30,
      millis: 45,
      tasks: 3,
      medianMillis: 20,
      slowestMillis: 30,
      readMillis: 3,
      gcMillis: 6,
      cacheHits: 9,
      cacheMisses: 3,
      peakBytes: 30,
    });
  });

  it("has zeros for no tasks", () => {
    expect(measure([], 5)).toMatchObject({ rows: 0, millis: 5, tasks: 0, medianMillis: 0, slowestMillis: 0 });
  });

  it("sums a group up as its slowest task", () => {
    expect(summary([task(30), task(10)])).toEqual({
      rows: 20,
      millis: 30,
      readMillis: 2,
      gcMillis: 4,
      cacheHits: 6,
      cacheMisses: 2,
      peakBytes: 30,
    });
  });
});

describe("workOf", () => {
  it("takes the skew from the longest round that had several tasks", () => {
    const rounds = [measure([task(10), task(10), task(25)], 40), measure([task(100)], 100), measure([task(5), task(5), task(50)], 30)];
    const work = workOf(rounds);
    expect(work.skew).toBe(2.5);
    expect(work.cacheHitShare).toBe(0.75);
    expect(work.peakBytes).toBe(100);
    // Busy about 3 x 10 + 100 + 3 x 5 ms, of which 7 tasks read 1 ms and collected 2 ms each.
    expect(work.readShare).toBeCloseTo(7 / 145, 12);
    expect(work.gcShare).toBeCloseTo(14 / 145, 12);
  });

  it("calls a run of one task even", () => {
    expect(workOf([measure([task(10)], 10)]).skew).toBe(1);
    expect(workOf([])).toEqual({ skew: 1, readShare: 0, gcShare: 0, cacheHitShare: 0, peakBytes: 0 });
  });
});

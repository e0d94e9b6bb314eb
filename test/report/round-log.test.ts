import { describe, expect, it } from "vitest";
import { roundLog } from "../../src/report/round-log.ts";
import type { RoundRecord } from "../../src/rounds/run.ts";

const record = (round: number, phase: RoundRecord["phase"]): RoundRecord => ({
  phase,
  round,
  units: 1,
  rows: 1,
  millis: 1,
  tasks: 1,
  medianMillis: 1,
  slowestMillis: 1,
  readMillis: 0,
  gcMillis: 0,
  cacheHits: 0,
  cacheMisses: 0,
  peakBytes: 0,
});

/** Numbers of the rounds told, of phases with so many rounds that take so many seconds each. */
function told(phases: readonly (readonly [RoundRecord["phase"], number, number])[]): number[] {
  const lines: string[] = [];
  let [now, round] = [1_000, 0];
  const log = roundLog(
    (line) => lines.push(line),
    () => now,
  );
  for (const [phase, rounds, seconds] of phases) {
    for (let r = 0; r < rounds; r++) {
      now += seconds;
      log.add(record(round++, phase));
    }
  }
  log.end();
  log.end();
  return lines.map((line) => Number(/^round ([\d,]+) · /.exec(line)?.[1].replaceAll(",", "")));
}

const upTo = (count: number): number[] => [...Array(count).keys()];

describe("roundLog", () => {
  it("tells every round where they are few, or slow", () => {
    expect(
      told([
        ["load", 2, 0.1],
        ["train", 8, 0],
        ["evaluate", 1, 0],
      ]),
    ).toEqual(upTo(11));
    expect(told([["train", 60, 1]])).toEqual(upTo(60));
  });

  it("tells the first and the last rounds of a phase, and of those between one a second", () => {
    expect(
      told([
        ["load", 1, 1],
        ["train", 500, 2 ** -12],
        ["evaluate", 1, 0.1],
      ]),
    ).toEqual([...upTo(11), 500, 501]);
    // Round 10 of the phase is told half a second after round 9, and then every other one.
    expect(told([["train", 20, 0.5]])).toEqual([...upTo(10), 11, 13, 15, 17, 19]);
    expect(told([["train", 21, 0.5]])).toEqual([...upTo(10), 11, 13, 15, 17, 19, 20]);
  });

  it("tells hundreds of lines of a run of hours, and not thousands", () => {
    const lines = told([["train", 100_000, 0.1]]);
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.length).toBeLessThan(500);
    expect(lines.at(-1)).toBe(99_999);
  });

  it("tells nothing of no rounds", () => {
    expect(told([])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { progressLine, roundLine, secondsLeft } from "../../src/report/progress.ts";
import type { RoundRecord } from "../../src/rounds/run.ts";

const round = (number: number, more: Partial<RoundRecord> = {}): RoundRecord => ({
  phase: "train",
  round: number,
  units: 1,
  rows: 2_000,
  millis: 1_000,
  tasks: 1,
  medianMillis: 900,
  slowestMillis: 900,
  readMillis: 0,
  gcMillis: 0,
  cacheHits: 0,
  cacheMisses: 0,
  peakBytes: 0,
  loss: 0.5,
  ...more,
});

describe("progressLine", () => {
  it("begins with loading", () => {
    expect(progressLine({ history: [], elapsedSeconds: 0.5, expectedRounds: null })).toBe("loading the data · 0.500 s");
  });

  it("tells phase, round, loss, pace and what is left", () => {
    const history = [round(0, { phase: "load", loss: undefined }), round(1), round(2, { loss: 0.25 })];
    expect(progressLine({ history, elapsedSeconds: 3, expectedRounds: 4 })).toBe(
      "training · round 2 · loss 0.2500 · 2.0 k rows/s · 3.00 s · about 2.00 s left in this phase",
    );
  });

  it("leaves out what it cannot know: the pace of a round without rows, the end of a phase without forecast", () => {
    expect(progressLine({ history: [round(1, { rows: 0, loss: undefined })], elapsedSeconds: 3, expectedRounds: null })).toBe(
      "training · round 1 · 3.00 s",
    );
  });
});

describe("secondsLeft", () => {
  it("takes the pace of the last three rounds of the phase", () => {
    const history = [
      round(0, { phase: "load", millis: 60_000 }),
      round(1, { millis: 9_000 }),
      round(2, { millis: 1_000 }),
      round(3, { millis: 2_000 }),
      round(4, { millis: 3_000 }),
    ];
    expect(secondsLeft(history, 10)).toBe(6 * 2);
  });

  it("knows nothing of a phase that has passed what was expected", () => {
    expect(secondsLeft([round(1), round(2)], 2)).toBeNull();
    expect(secondsLeft([], 2)).toBeNull();
  });
});

describe("roundLine", () => {
  it("is one line a round, with a loss only where rounds change it", () => {
    expect(roundLine(round(7))).toBe("round 7 · train · 2,000 rows in 1.00 s · loss 0.5000");
    expect(roundLine(round(8, { phase: "evaluate", rows: 1, millis: 12 }))).toBe("round 8 · evaluate · 1 row in 0.012 s");
  });
});

import { describe, expect, it } from "vitest";
import { telemetry } from "../../src/api/telemetry.ts";
import type { RoundRecord, RunState } from "../../src/rounds/run.ts";
import { PHASES } from "../../src/rounds/run.ts";
import { METRIC_NAMESPACE, roundMillis, TIMED_PHASES } from "../../src/workflow/metrics.ts";

function told() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => lines.push(JSON.parse(line));
  return { lines, telemetry: telemetry({ stack: "churn", megabytes: 2_048, dateMillis: () => 1_000, write }) };
}

const record = (more: Partial<RoundRecord>): RunState =>
  ({
    history: [{ phase: "load" }, { phase: "train", round: 7, rows: 100, tasks: 4, millis: 12.5, cacheHits: 3, cacheMisses: 1, ...more }],
  }) as unknown as RunState;

const metricsOf = (line: Record<string, unknown>) =>
  (line._aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] }).CloudWatchMetrics[0].Metrics.map(({ Name }) => Name);

describe("telemetry", () => {
  it("tells of the round that ended last, with its loss where it has one", () => {
    const { lines, telemetry } = told();
    telemetry.round(record({ loss: 0.25 }));
    telemetry.round(record({}));
    expect(lines[0]).toMatchObject({
      stack: "churn",
      phase: "train",
      round: 7,
      TrainMillis: 12.5,
      CacheHits: 3,
      CacheMisses: 1,
      Loss: 0.25,
    });
    expect(lines.map(metricsOf)).toEqual([
      ["TrainMillis", "CacheHits", "CacheMisses", "Loss"],
      ["TrainMillis", "CacheHits", "CacheMisses"],
    ]);
    expect(lines[0]._aws).toMatchObject({
      Timestamp: 1_000,
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [["stack"]] }],
    });
  });

  it("tells of calls: the first is cold; dollars are those of time, memory and request", () => {
    const { lines, telemetry } = told();
    telemetry.call(1_500);
    telemetry.call(0);
    // 3 GB-s at 0.0000133334 and a request at 0.0000002.
    expect(lines[0]).toMatchObject({ Calls: 1, ColdStarts: 1, LambdaDollars: expect.closeTo(3 * 0.0000133334 + 0.0000002, 12) });
    expect(lines[1]).toMatchObject({ Calls: 1, ColdStarts: 0, LambdaDollars: 0.0000002 });
  });

  it("times every phase that has rounds", () => {
    expect([...TIMED_PHASES, "publish"]).toEqual([...PHASES]);
    expect(roundMillis("judge")).toBe("JudgeMillis");
  });
});

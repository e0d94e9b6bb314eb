import { expect, it } from "vitest";
import { embeddedMetrics } from "../../../src/adapters/aws/emf.ts";

it("says which values of the line are metrics, of one dimension", () => {
  const line = embeddedMetrics(
    [{ name: "RoundMillis", unit: "Milliseconds", value: 12.5 }],
    "learn",
    { run: "churn-1", round: 3 },
    1_700_000_000_000,
  );
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [{ Namespace: "steplearn", Dimensions: [["stack"]], Metrics: [{ Name: "RoundMillis", Unit: "Milliseconds" }] }],
    },
    stack: "learn",
    run: "churn-1",
    round: 3,
    RoundMillis: 12.5,
  });
});

import { describe, expect, it } from "vitest";
import { METRICS, roundMillis, TIMED_PHASES } from "../../src/workflow/metrics.ts";
import { type Json, ofType, synthesised } from "./synthesised.ts";

const template = synthesised({ slots: 1, dashboard: true, alarms: true });
const variables = Object.values(ofType(template, "AWS::Lambda::Function")).map(({ Environment }) => Environment.Variables);

describe("the dashboard", () => {
  // Widgets as text with the references cut out, which stand inside its strings.
  const [{ DashboardBody, DashboardName }] = Object.values(ofType(template, "AWS::CloudWatch::Dashboard"));
  const body = JSON.parse(DashboardBody["Fn::Join"][1].map((part: Json) => (typeof part === "string" ? part : "REF")).join(""));

  it("shows every metric that functions write, of this stack", () => {
    expect(DashboardName).toBe("steplearn");
    const shown = JSON.stringify(body);
    for (const name of [...Object.values(METRICS), ...TIMED_PHASES.map(roundMillis)])
      expect(shown).toContain(`"steplearn","${name}","stack","steplearn"`);
    expect(body.widgets).toHaveLength(8);
  });

  it("has functions write them, which they do not without one", () => {
    for (const { STEPLEARN_METRICS } of variables) expect(STEPLEARN_METRICS).toBe("true");
  });
});

describe("alarms", () => {
  it("watch failures, the dead-letter queue and throttling, and are quiet where nothing runs", () => {
    const alarms = Object.values(ofType(template, "AWS::CloudWatch::Alarm"));
    expect(alarms.map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`)).toEqual([
      "AWS/States ExecutionsFailed",
      "AWS/States ExecutionsFailed",
      "AWS/States ExecutionsFailed",
      "AWS/States ExecutionsFailed",
      "AWS/SQS ApproximateNumberOfMessagesVisible",
      "AWS/Lambda Throttles",
    ]);
    for (const { TreatMissingData, Threshold, ComparisonOperator } of alarms)
      expect([TreatMissingData, Threshold, ComparisonOperator]).toEqual(["notBreaching", 0, "GreaterThanThreshold"]);
  });
});

/** The dashboard and the alarms, which a deployment asks for: both cost while nothing runs. */
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { METRIC_NAMESPACE, METRICS, roundMillis, TIMED_PHASES } from "../src/workflow/metrics.ts";
import type { Machines } from "./machines.ts";

const ONE_MINUTE = Duration.minutes(1);

export function dashboard(scope: Construct, name: string, { training, scoring, update }: Machines): Dashboard {
  const metric = (metricName: string, statistic: string, label: string) =>
    new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: { stack: name }, statistic, label, period: ONE_MINUTE });
  const sum = (metricName: string) => metric(metricName, Stats.SUM, metricName);
  const percent = (label: string, part: string, ...whole: readonly string[]) =>
    new MathExpression({
      label,
      expression: `100 * part / (${whole.map((_, i) => `w${i}`).join(" + ")})`,
      usingMetrics: { part: sum(part), ...Object.fromEntries(whole.map((one, i) => [`w${i}`, sum(one)])) },
      period: ONE_MINUTE,
    });
  // One line for each function; the search follows the number of slots.
  const ofFunctions = (metricName: string) =>
    new MathExpression({
      label: metricName,
      expression: `SUM(SEARCH('{AWS/Lambda,FunctionName} MetricName="${metricName}" FunctionName=${name}', 'Sum', 60))`,
      period: ONE_MINUTE,
    });
  const machines = { training, scoring, update };
  const graph = (title: string, ...left: readonly IMetric[]) => new GraphWidget({ title, left: [...left], width: 12, height: 6 });
  return new Dashboard(scope, "Dashboard", {
    dashboardName: name,
    widgets: [
      [
        graph("Loss after a round", metric(METRICS.loss, Stats.MINIMUM, "lowest")),
        graph("Milliseconds of a round, by phase", ...TIMED_PHASES.map((phase) => metric(roundMillis(phase), Stats.AVERAGE, phase))),
      ],
      [
        graph("Parts found in memory, %", percent("hits", METRICS.cacheHits, METRICS.cacheHits, METRICS.cacheMisses)),
        graph("Calls that started an environment, %", percent("cold", METRICS.coldStarts, METRICS.calls)),
      ],
      [
        graph("Calls that failed or were throttled, which are tried again", ofFunctions("Errors"), ofFunctions("Throttles")),
        graph("Dollars for functions", sum(METRICS.dollars)),
      ],
      [
        graph("Executions started", ...Object.entries(machines).map(([label, one]) => one.metricStarted({ label, period: ONE_MINUTE }))),
        graph("Executions failed", ...Object.entries(machines).map(([label, one]) => one.metricFailed({ label, period: ONE_MINUTE }))),
      ],
    ],
  });
}

/** One for each thing that somebody should look at. Actions are added by whoever knows whom to tell. */
export function alarms(scope: Construct, { training, scoring, update, door }: Machines, deadLetters: Queue): Alarm[] {
  const above = (id: string, metric: Metric, description: string, periods = 1) =>
    new Alarm(scope, `Alarm-${id}`, {
      metric,
      alarmDescription: description,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  const throttled = new Metric({ namespace: "AWS/Lambda", metricName: "Throttles", statistic: Stats.SUM, period: Duration.minutes(5) });
  return [
    above("training", training.metricFailed(), "A training failed; its execution and runs/<run>/failure.json say why"),
    above("scoring", scoring.metricFailed(), "An object could not be scored; the dead-letter queue says which and why"),
    above("update", update.metricFailed(), "An object could not be brought into its model; the dead-letter queue says which and why"),
    above("door", door.metricFailed(), "Scoring or an update could not be started; the dead-letter queue says for which object"),
    above(
      "dead-letters",
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
      "Somebody should read the dead-letter queue",
    ),
    above("throttled", throttled, "Functions of this region have been throttled for 15 minutes; ask for more concurrency", 3),
  ];
}

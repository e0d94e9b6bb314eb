/**
 * Metrics as lines of the log in CloudWatch's embedded metric format: nothing to call, no latency. Every set of dimensions is a metric that
 * costs by the month, so the only dimension is the stack; what tells runs apart are properties, to search by.
 */

type Unit = "Count" | "Milliseconds" | "None" | "Bytes";

export interface Metric {
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
}

const NAMESPACE = "steplearn";

/** One line. `properties` are not metrics and cost nothing. */
export function embeddedMetrics(
  metrics: readonly Metric[],
  stack: string,
  properties: Readonly<Record<string, string | number>>,
  dateMillis: number,
): string {
  return JSON.stringify({
    _aws: {
      Timestamp: dateMillis,
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [["stack"]], Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })) },
      ],
    },
    stack,
    ...properties,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  });
}

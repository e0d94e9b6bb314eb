/** What a function of a stack tells of itself in metrics: of every round that it ended, and of every call. */
import { embeddedMetrics, type Metric } from "../adapters/aws/emf.ts";
import { PRICES } from "../plan/prices.ts";
import type { RunState } from "../rounds/run.ts";
import { METRICS, roundMillis } from "../workflow/metrics.ts";

export interface Telemetry {
  /** The state after a round, whose last record is the round's. */
  round(state: RunState): void;
  /** A call that took so long, whether it answered or threw. */
  call(millis: number): void;
}

export interface TelemetryOptions {
  readonly stack: string;
  readonly megabytes: number;
  /** Milliseconds since 1970. */
  dateMillis(): number;
  /** Takes a line for the function's log. */
  write(line: string): void;
}

export function telemetry({ stack, megabytes, dateMillis, write }: TelemetryOptions): Telemetry {
  let calls = 0;
  const tell = (metrics: readonly Metric[], properties: Readonly<Record<string, string | number>>) =>
    write(embeddedMetrics(metrics, stack, properties, dateMillis()));
  return {
    round: ({ history }) => {
      const { phase, round, rows, tasks, millis, cacheHits, cacheMisses, loss } = history[history.length - 1];
      const metrics: Metric[] = [
        { name: roundMillis(phase), unit: "Milliseconds", value: millis },
        { name: METRICS.cacheHits, unit: "Count", value: cacheHits },
        { name: METRICS.cacheMisses, unit: "Count", value: cacheMisses },
      ];
      if (loss !== undefined) metrics.push({ name: METRICS.loss, unit: "None", value: loss });
      tell(metrics, { phase, round, rows, tasks });
    },
    call: (millis) => {
      const { gigabyteSecond, request } = PRICES.lambda;
      const dollars = (millis / 1_000) * (megabytes / 1_024) * gigabyteSecond + request;
      const cold = calls === 0 ? 1 : 0;
      calls += 1;
      tell(
        [
          { name: METRICS.calls, unit: "Count", value: 1 },
          { name: METRICS.coldStarts, unit: "Count", value: cold },
          { name: METRICS.dollars, unit: "None", value: dollars },
        ],
        {},
      );
    },
  };
}

/** For stacks that want no metrics. */
export const silent: Telemetry = { round: () => {}, call: () => {} };

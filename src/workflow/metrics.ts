/** Names of the metrics that functions write and the dashboard shows, where a deployment wants one: each is charged for while it is written. */

export const METRIC_NAMESPACE = "steplearn";

export const METRICS = {
  /** Lowest loss of the candidates after a round. */
  loss: "Loss",
  cacheHits: "CacheHits",
  cacheMisses: "CacheMisses",
  calls: "Calls",
  /** Calls that started an environment. */
  coldStarts: "ColdStarts",
  /** What Lambda asks for a call: its time and memory, and the request. */
  dollars: "LambdaDollars",
} as const;

/** Phases whose rounds are timed. */
export const TIMED_PHASES = ["load", "survey", "fit", "search", "judge", "train", "evaluate", "score", "inspect"] as const;

/** Wall time of a round of a phase: `TrainMillis`. */
export const roundMillis = (phase: string): string => `${phase[0].toUpperCase()}${phase.slice(1)}Millis`;

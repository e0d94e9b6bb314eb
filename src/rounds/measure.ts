/** What a round cost: each task's report, and what is told of all of them. For reports and forecasts; never in a model. */

/** What one task took. Milliseconds are those of its thread. */
export interface TaskReport {
  readonly rows: number;
  readonly millis: number;
  /** Waiting for parts that were not in memory. */
  readonly readMillis: number;
  readonly gcMillis: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Largest resident memory of the process so far. */
  readonly peakBytes: number;
}

export interface Measured {
  readonly rows: number;
  /** Wall time from the question to the merged answer. */
  readonly millis: number;
  readonly tasks: number;
  /** Their distance is the skew: one slow task holds up the round. */
  readonly medianMillis: number;
  readonly slowestMillis: number;
  readonly readMillis: number;
  readonly gcMillis: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly peakBytes: number;
}

export function measure(reports: readonly TaskReport[], millis: number): Measured {
  const sum = (of: (report: TaskReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const most = (of: (report: TaskReport) => number): number => reports.reduce((largest, report) => Math.max(largest, of(report)), 0);
  const times = reports.map((report) => report.millis).sort((a, b) => a - b);
  return {
    rows: sum((report) => report.rows),
    millis,
    tasks: reports.length,
    medianMillis: times[Math.floor(times.length / 2)] ?? 0,
    slowestMillis: most((report) => report.millis),
    readMillis: sum((report) => report.readMillis),
    gcMillis: sum((report) => report.gcMillis),
    cacheHits: sum((report) => report.cacheHits),
    cacheMisses: sum((report) => report.cacheMisses),
    peakBytes: most((report) => report.peakBytes),
  };
}

/** Several tasks as one report, where each by itself would be too much to pass on: what they took together, and the slowest's time. */
export function summary(reports: readonly TaskReport[]): TaskReport {
  const { rows, slowestMillis, readMillis, gcMillis, cacheHits, cacheMisses, peakBytes } = measure(reports, 0);
  return { rows, millis: slowestMillis, readMillis, gcMillis, cacheHits, cacheMisses, peakBytes };
}

/** What a run cost besides its time: how far work was uneven, and what it waited for. */
export interface Work {
  /** Of the longest round with several tasks: the slowest task against the median one; 1 where no round had several. */
  readonly skew: number;
  /** Shares of the tasks' time. */
  readonly readShare: number;
  readonly gcShare: number;
  /** Of the parts asked for. */
  readonly cacheHitShare: number;
  readonly peakBytes: number;
}

export function workOf(rounds: readonly Measured[]): Work {
  const sum = (of: (round: Measured) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const spread = rounds.filter((round) => round.tasks > 1 && round.medianMillis > 0);
  const longest = spread.reduce<Measured | null>((most, round) => (most === null || round.millis > most.millis ? round : most), null);
  const busy = Math.max(
    1e-9,
    sum((round) => round.medianMillis * round.tasks),
  );
  const asked = Math.max(
    1,
    sum((round) => round.cacheHits + round.cacheMisses),
  );
  return {
    skew: longest === null ? 1 : longest.slowestMillis / longest.medianMillis,
    readShare: Math.min(1, sum((round) => round.readMillis) / busy),
    gcShare: Math.min(1, sum((round) => round.gcMillis) / busy),
    cacheHitShare: sum((round) => round.cacheHits) / asked,
    peakBytes: rounds.reduce((most, round) => Math.max(most, round.peakBytes), 0),
  };
}

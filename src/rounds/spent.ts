/** What a run has taken so far. */
export interface Spent {
  readonly millis: number;
  /** At list prices. */
  readonly usd: number;
  /** When the last round ended, since 1970; null before the first. */
  readonly atMillis: number | null;
  /** The limit that ended training before it was done. */
  readonly reached: "minutes" | "costUsd" | null;
}

export const NOTHING_SPENT: Spent = { millis: 0, usd: 0, atMillis: null, reached: null };

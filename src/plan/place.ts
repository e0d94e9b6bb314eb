/** Where a run happens, as a forecast sees it: how fast its functions are, and what a round costs besides its work. */
import type { Functions } from "./plan.ts";

export interface Place {
  /** Before the first round and after the last one. */
  readonly startSeconds: number;
  /** Threads of the machine of `throughput.ts` that a function is worth. */
  speed(functions: Functions): number;
  /** From and to the store, of a function. */
  readonly bytesPerSecond: number;
  /** Whatever the round's work. */
  roundSeconds(spread: Spread): number;
}

/** A round's tasks and the statistic that each of them ships. */
export interface Spread {
  readonly functions: Functions;
  readonly tasks: number;
  readonly groups: number;
  readonly statisticBytes: number;
}

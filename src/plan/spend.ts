/** Dollars of a round at list prices: what limits are held against. Rather too much than too little; free tiers do not count. */
import type { Functions } from "./plan.ts";
import { PRICES } from "./prices.ts";

/** Of a round: starting and answering a task, the reducer's time in GB seconds, the machine's states, requests of the reducer and its question. */
const TASK_MILLIS = 100;
const REDUCER_GIGABYTE_SECONDS = 0.6;
const TRANSITIONS = 5;
const WRITES = 3;
/** Of an Express child, in gigabytes; it lasts as long as its slowest task. */
const CHILD_GIGABYTES = 0.064;

export interface RoundSize {
  readonly tasks: number;
  readonly groups: number;
  /** Of the slowest task. */
  readonly millis: number;
}

/** Zero on a machine of one's own. */
export function roundDollars({ billed = false, fused, memoryBytes }: Functions, { tasks, groups, millis }: RoundSize): number {
  if (!billed) return 0;
  const { lambda, standard, express, s3 } = PRICES;
  const gigabytes = memoryBytes / 2 ** 30;
  if (fused) return (millis / 1_000) * gigabytes * lambda.gigabyteSecond;
  const seconds = (millis + TASK_MILLIS) / 1_000;
  const mapping = tasks * (seconds * gigabytes * lambda.gigabyteSecond + lambda.request + s3.get + s3.put);
  const reducing = REDUCER_GIGABYTE_SECONDS * lambda.gigabyteSecond + (1 + groups) * lambda.request + WRITES * s3.put;
  const driving =
    TRANSITIONS * standard.transition + groups * (express.request + (seconds / 3_600) * CHILD_GIGABYTES * express.gigabyteHour);
  return mapping + reducing + driving;
}

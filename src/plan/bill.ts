/** What was used of AWS, and what it costs. */
import { PRICES } from "./prices.ts";

export interface Usage {
  /** Billed time of functions times their memory in GiB, and calls of them. */
  readonly gigabyteSeconds: number;
  readonly calls: number;
  /** States entered of standard machines, tries again included. */
  readonly transitions: number;
  readonly children: number;
  readonly childSeconds: number;
  readonly reads: number;
  readonly writes: number;
}

export interface Bill {
  readonly functions: number;
  readonly machine: number;
  readonly storage: number;
  readonly total: number;
}

/** Memory that a child is billed by: 50 MB and its definition and payload, in steps of 64 MB. */
const CHILD_GIGABYTES = 64 / 1_024;

/** In dollars. Storage by the month is not in it. */
export function billOf({ gigabyteSeconds, calls, transitions, children, childSeconds, reads, writes }: Usage): Bill {
  const { lambda, standard, express, s3 } = PRICES;
  const functions = gigabyteSeconds * lambda.gigabyteSecond + calls * lambda.request;
  const machine =
    transitions * standard.transition + children * express.request + (childSeconds / 3_600) * CHILD_GIGABYTES * express.gigabyteHour;
  const storage = reads * s3.get + writes * s3.put;
  return { functions, machine, storage, total: functions + machine + storage };
}

/**
 * A process that trains a job with little more memory than its plan needs, and prints its peak beside the plan's:
 * `node measured-run.ts '{ "form": …, "threads": 2 }'`. With `"less": true` it gets less than whole statistics need, and so has ranges.
 */
import { planLocal, train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import type { Memory } from "../../src/plan/memory.ts";

export interface Measured {
  readonly memory: Memory;
  readonly threads: number;
  readonly peakBytes: number;
  /** Of a model of trees. */
  readonly leaves: number;
}

/** What the plan may keep between rounds is 0.8 of it: tables that need more are read again and again. */
const SLACK_BYTES = 2 ** 26;

const asking = JSON.parse(process.argv[2]) as { form: JobForm; store: string; threads: number; less?: boolean };
const { form, store, threads, less = false } = asking;
const asked = job({ ...form, output: `${store}/models` });
const { memory, functions } = await planLocal(asked, { store, threads, memoryBytes: 2 ** 40 });
const memoryBytes = less ? memory.neededBytes - 1 : memory.neededBytes + SLACK_BYTES;
let planned = memory;
const { model } = await train(asked, {
  store,
  threads,
  memoryBytes,
  onPlan: (plan) => {
    planned = plan.memory;
  },
});
const measured: Measured = {
  memory: planned,
  threads: functions.threads,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  leaves: Number(model.leaves ?? 0),
};
process.stdout.write(`${JSON.stringify(measured)}\n`);

/** Training on a deployed stack, from a program: started, followed to its end. */
import type { Job } from "../job/job.ts";
import type { Aws } from "./aws.ts";
import { followRun } from "./follow.ts";
import { openRemote, startTraining, stopRun } from "./remote.ts";
import type { LocalOptions, Trained } from "./train.ts";

/** Stops the run when the signal is aborted. */
export async function trainRemote(job: Job, on: Aws, { folder, run, where, onPlan, onRound, signal }: LocalOptions): Promise<Trained> {
  const remote = await openRemote(on);
  const started = await startTraining(remote, job, { folder, run, where });
  try {
    return await followRun(remote, started, { onPlan, onRound, signal });
  } catch (error) {
    if (signal?.aborted === true) await stopRun(remote, started);
    throw error;
  }
}

/** Training on a deployed stack, from a program: started, followed to its end. */
import type { Job } from "../job/job.ts";
import type { Aws } from "./aws.ts";
import { followRun } from "./follow.ts";
import { openRemote, startTraining, stopRun } from "./remote.ts";
import type { Trained, TrainOptions } from "./train.ts";

/** Stops the run when the signal is aborted. */
export async function trainRemote(job: Job, on: Aws, options: Omit<TrainOptions, "on">): Promise<Trained> {
  const { folder, run, where, from, onPlan, onRound, signal } = options;
  const remote = await openRemote(on);
  const started = await startTraining(remote, job, { folder, run, where, from });
  try {
    return await followRun(remote, started, { onPlan, onRound, signal });
  } catch (error) {
    if (signal?.aborted === true) await stopRun(remote, started);
    throw error;
  }
}

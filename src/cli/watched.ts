/** A run as the commands show it: progress while it goes on, and Ctrl-C. */
import type { LocalOptions } from "../api/execute.ts";
import { expectedRounds } from "./expected-rounds.ts";
import { Interrupted } from "./fail.ts";
import { catchInterrupt } from "./interrupt.ts";
import { showProgress } from "./progress.ts";

export type Hooks = Required<Pick<LocalOptions, "onPlan" | "onRound" | "signal">>;

/** Answers what the run answers. Rejects with Interrupted when it was stopped, else with its error. `remedy` says how to go on, once the run has a name. */
export async function watched<T>(start: (hooks: Hooks) => Promise<T>, remedy: (run: string | null) => string): Promise<T> {
  const progress = showProgress(expectedRounds);
  let run: string | null = null;
  let warned = false;
  const interrupt = catchInterrupt(
    () => progress.say("stopping after this round (Ctrl-C again: at once)"),
    () => progress.say(`steplearn: stopped at once; ${remedy(run)}`),
  );
  try {
    return await start({
      onPlan: (plan) => {
        run = plan.run;
        progress.onPlan(plan);
      },
      onRound: (state) => {
        progress.onRound(state);
        // Told while there is time to stop; and again at the end, where nobody has watched.
        if (warned || state.dataset === null) return;
        warned = true;
        for (const warning of state.dataset.warnings) progress.say(`warning: ${warning}`);
      },
      signal: interrupt.signal,
    });
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted(`stopped; ${remedy(run)}`, { cause: error });
    throw error;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

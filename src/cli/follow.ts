/** A run of a deployed stack on the terminal: progress as of a run here, then its report. Ctrl-C ends the watching, not the run. */
import type { Remote } from "../api/remote.ts";
import { labelled } from "../report/table.ts";
import { expectedRounds } from "./expected-rounds.ts";
import { Interrupted } from "./fail.ts";
import { catchInterrupt } from "./interrupt.ts";
import { commandOf } from "./on-aws.ts";
import { printResult, say } from "./output.ts";
import { showProgress } from "./progress.ts";
import { printTrained } from "./run-training.ts";

/** What is said of a run that has just been started: its name and how to see it, or its progress to the end. */
export async function told(
  remote: Remote,
  run: string,
  { execution, watch, json }: { execution: string; watch?: true; json?: true },
): Promise<void> {
  if (watch === true) {
    say(`run ${run} started; see it in the console: ${remote.executions.consoleUrl(execution)}`);
    await follow(remote, run, { json, execution });
    return;
  }
  const started = { run, execution, bucket: remote.home, console: remote.executions.consoleUrl(execution) };
  printResult(json === true, started, () =>
    [
      ...labelled("run", [run]),
      ...labelled("watch", [commandOf("watch", run, remote.stack)]),
      ...labelled("stop", [commandOf("stop", run, remote.stack)]),
      ...labelled("console", [started.console]),
    ].join("\n"),
  );
}

export async function follow(remote: Remote, run: string, { json, execution }: { json?: true; execution?: string }): Promise<void> {
  const { followRun } = await import("../api/follow.ts");
  const progress = showProgress(expectedRounds);
  const goesOn = `run ${run} goes on; see it with: ${commandOf("watch", run, remote.stack)}, end it with: ${commandOf("stop", run, remote.stack)}`;
  const interrupt = catchInterrupt(
    () => undefined,
    () => say(goesOn),
  );
  try {
    const { onPlan, onRound } = progress;
    const trained = await followRun(remote, run, { onPlan, onRound, signal: interrupt.signal, execution });
    progress.clear();
    printTrained(trained, json === true);
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted(goesOn, { cause: error });
    throw error;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

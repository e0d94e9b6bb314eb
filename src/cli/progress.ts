/** Shows a run as it goes on: one line that is rewritten on a terminal, lines of rounds elsewhere. */
import type { Plan } from "../plan/plan.ts";
import { progressLine } from "../report/progress.ts";
import { roundLog } from "../report/round-log.ts";
import type { RunState } from "../rounds/run.ts";
import { say } from "./output.ts";

const ERASE_LINE = "\r\u001b[K";

/** How often the seconds on the line move on while a round lasts. */
const TICK_MILLIS = 250;

export interface ProgressShow {
  onPlan(plan: Plan): void;
  onRound(state: RunState): void;
  /** A sentence between two rounds. */
  say(sentence: string): void;
  /** Ends the line. */
  clear(): void;
}

/** `expectedRounds` tells what the learner expects of the phase that the run is in. */
export function showProgress(expectedRounds: (plan: Plan, state: RunState) => number | null): ProgressShow {
  return process.stderr.isTTY ? onTerminal(expectedRounds) : inLog();
}

function inLog(): ProgressShow {
  const log = roundLog(say, () => performance.now() / 1_000);
  return {
    onPlan: () => undefined,
    onRound: ({ history }) => log.add(history[history.length - 1]),
    say,
    clear: log.end,
  };
}

function onTerminal(expectedRounds: (plan: Plan, state: RunState) => number | null): ProgressShow {
  const from = performance.now();
  let plan: Plan | null = null;
  let state: RunState | null = null;
  const draw = (): void => {
    const expected = plan === null || state === null ? null : expectedRounds(plan, state);
    const line = progressLine({
      history: state?.history ?? [],
      elapsedSeconds: (performance.now() - from) / 1_000,
      expectedRounds: expected,
    });
    // Back to the start of the line, and what is left of a longer one erased; a line that wrapped could not be rewritten.
    process.stderr.write(`\r${line.slice(0, (process.stderr.columns || 80) - 1)}\u001b[K`);
  };
  const timer = setInterval(draw, TICK_MILLIS).unref();
  return {
    onPlan: (planned) => {
      plan = planned;
      draw();
    },
    onRound: (ended) => {
      state = ended;
      draw();
    },
    say: (sentence) => say(`${ERASE_LINE}${sentence}`),
    clear: () => {
      clearInterval(timer);
      process.stderr.write(ERASE_LINE);
    },
  };
}

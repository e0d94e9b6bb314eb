/** Runs a plan on this machine: the state machine of AWS, its functions here, on files and threads. */
import { availableParallelism, totalmem } from "node:os";
import { resolve } from "node:path";
import { LOCAL_FUNCTIONS, runMachine } from "../adapters/local/orchestrator.ts";
import type { Where } from "../job/problem.ts";
import { PROGRAM_BYTES } from "../plan/memory.ts";
import type { Functions, Plan } from "../plan/plan.ts";
import { InputError, Stopped } from "../ports/errors.ts";
import type { Invoke } from "../ports/orchestrator.ts";
import { runName } from "../rounds/planning/run-name.ts";
import { PHASES, type PhaseName, type RunState } from "../rounds/run.ts";
import { groupMachine } from "../workflow/group.ts";
import { trainingMachine } from "../workflow/machine.ts";
import { localFunctions } from "./local.ts";

export interface LocalOptions {
  /** Folder of runs and datasets; `.steplearn` where left out. */
  readonly store?: string;
  /** Folder that the job's paths are relative to; the working folder where left out. */
  readonly folder?: string;
  /** Functions that rounds are spread over; 1 holds everything and runs fused rounds. */
  readonly functions?: number;
  /** Compute threads of a function; as many as the data keeps busy, at most the cores. */
  readonly threads?: number;
  /** Memory of all functions together; three quarters of this machine's where left out. */
  readonly memoryBytes?: number;
  /** Name of the run; the job's with the time where left out. */
  readonly run?: string;
  /** Place of a path of the job in its file, for errors. */
  readonly where?: Where;
  readonly onPlan?: (plan: Plan) => void;
  readonly onRound?: (state: RunState) => void;
  /** Aborting it stops the run after its round; it then rejects with Stopped, and can be resumed. */
  readonly signal?: AbortSignal;
}

/** Wall time by phase. */
export type Seconds = Readonly<Record<PhaseName | "plan" | "total", number>>;

export interface Executed {
  readonly seconds: Seconds;
  /** What the publisher answered. */
  readonly answer: unknown;
}

/** Runs the machine of a written plan to its end and answers the wall time by phase, measured since `from`. */
export async function execute(plan: Plan, options: LocalOptions, from: number): Promise<Executed> {
  const root = resolve(options.store ?? ".steplearn");
  const clock = phaseClock(from);
  const onRound = (state: RunState): void => {
    clock.tick(state.history[state.history.length - 1].phase);
    options.onRound?.(state);
  };
  clock.tick("plan");
  const { threads } = plan.functions;
  const host = { root, threads, cacheBytes: plan.memory.cacheBytes };
  const functions = localFunctions(plan.functions.count, host, onRound, () => options.signal?.aborted === true);
  // What follows the last round needs no threads, whose memory takes as long to give back. An update may go on and train anew.
  const invoke: Invoke = (name, ...call) => {
    if (name === "publisher" && plan.functions.count === 1 && plan.update === undefined) void functions.close();
    return functions.invoke(name, ...call);
  };
  try {
    const answer = await runMachine({
      machine: trainingMachine(LOCAL_FUNCTIONS),
      child: groupMachine(LOCAL_FUNCTIONS),
      invoke,
      // A single function stops between rounds by itself; several are stopped between their calls.
      execution: {
        name: plan.run,
        input: { run: plan.run, generation: 0 },
        ...(plan.functions.count > 1 && options.signal && { signal: options.signal }),
      },
      startTime: new Date().toISOString(),
    });
    clock.tick("publish");
    return { seconds: clock.seconds(), answer };
  } catch (error) {
    if (options.signal?.aborted !== true || (error instanceof Error && error.name === "Stopped")) throw error;
    throw new Stopped(
      `run ${plan.run} was stopped; ${plan.score === undefined ? `go on with: steplearn resume ${plan.run}` : "score the data again"}`,
      { cause: error },
    );
  } finally {
    await functions.close();
  }
}

/** Attributes the time between two ticks to the phase that the second one names. */
function phaseClock(from: number) {
  const millis = Object.fromEntries(["plan", ...PHASES].map((phase) => [phase, 0])) as Record<PhaseName | "plan", number>;
  let last = from;
  return {
    tick: (phase: PhaseName | "plan"): void => {
      const now = performance.now();
      millis[phase] += now - last;
      last = now;
    },
    seconds: (): Seconds => {
      const seconds = Object.fromEntries(Object.entries(millis).map(([phase, ms]) => [phase, ms / 1_000])) as Record<
        PhaseName | "plan",
        number
      >;
      return { ...seconds, total: (last - from) / 1_000 };
    },
  };
}

/** InputError for counts that are none, and for memory that is none: a share of what there is need not be whole. */
export function localFunctionsOf({ functions = 1, threads, memoryBytes = Math.floor(totalmem() * 0.75) }: LocalOptions): Functions {
  for (const [subject, count] of Object.entries({ functions, threads: threads ?? 1 })) {
    if (!Number.isSafeInteger(count) || count < 1) throw new InputError(`${subject} must be an integer >= 1, got ${count}`);
  }
  if (!(memoryBytes >= 1 && memoryBytes <= Number.MAX_SAFE_INTEGER))
    throw new InputError(`memoryBytes must be a number >= 1, got ${memoryBytes}`);
  const each = threads ?? (functions > 1 ? 1 : availableParallelism());
  // Functions of this machine are threads of one process: they share the program, and each has its part of what that leaves.
  const share = Math.max(0, Math.floor((memoryBytes - PROGRAM_BYTES) / functions)) + Math.min(Math.floor(memoryBytes), PROGRAM_BYTES);
  return { count: functions, fused: functions === 1, slots: functions, threads: each, memoryBytes: share };
}

/** Names that this process has given. */
const given = new Set<string>();

/** The name of a run that starts now; of two that a program starts in the same millisecond the second has the next one. */
export function newRunName(name: string, now: Date): string {
  const run = runName(name, now.toISOString(), String(now.getUTCMilliseconds()).padStart(3, "0"));
  if (given.has(run)) return newRunName(name, new Date(now.getTime() + 1));
  given.add(run);
  return run;
}

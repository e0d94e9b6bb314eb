/** What the handlers run on: the stores, the compute threads and the clock of one function, on Lambda or here. */
import type { ObjectStore } from "../src/ports/object-store.ts";
import type { HeldRuns } from "../src/rounds/held.ts";
import type { FunctionsOf } from "../src/rounds/planning/plan-run.ts";
import type { RunState } from "../src/rounds/run.ts";
import type { Affinity, Mappers } from "../src/rounds/schedule.ts";

export interface Host {
  /** Runs and datasets. */
  readonly store: ObjectStore;
  /** Where the job's data lies; read only. */
  readonly sources: ObjectStore;
  /** Where models and scores are published. */
  readonly outputs: ObjectStore;
  /** Where relative paths of a job begin that an execution was started with. */
  readonly home: string;
  readonly bundle: string;
  /** What a run may use that is planned here. */
  functions(): Promise<FunctionsOf>;
  /** How a user goes on with a run. */
  resumeCommand(run: string): string;
  readonly mappers: Mappers;
  readonly affinity: Affinity;
  /** What the function keeps of runs between its calls. */
  readonly held: HeldRuns;
  /** History events after which an execution is continued in a new one; the workflow's own bound where left out. */
  readonly maxEvents?: number;
  /** Milliseconds on a clock that only goes forward. */
  nowMillis(): number;
  /** Milliseconds since 1970, for the age of an execution. */
  dateMillis(): number;
  remainingMillis(): number;
  breathe?(): Promise<void>;
  onRound?(state: RunState): void;
  stopped?(): boolean;
}

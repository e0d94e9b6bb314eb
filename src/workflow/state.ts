/**
 * What crosses the states of the training machine: scalars and keys, never data (256 KiB a state). Strings that cross hold neither quotes
 * nor backslashes, because interpreters differ in how `States.Format` and `States.JsonToString` escape them.
 */
import { STRETCH_SECONDS } from "./timing.ts";

/** Tasks of a group at most: they all run at once, and an inline Map runs 40 at once. */
export const GROUP_TASKS = 32;
/** Statistics of a round, all together, that one function reads in about two seconds; more are merged in more groups. */
const HEAVY_BYTES = 512 * 2 ** 20;

/**
 * Tasks of a whole group of a round of so many. A group runs at once and has a slot for each, so where fewer functions may run, or there are
 * fewer slots, the round has more groups: of a power of two, so that each is a whole subtree. Where statistics are heavy there are about as
 * many groups as tasks of one, so that neither the combiners nor the reducer read more than they must.
 */
export function groupTasks(tasks: number, functions: number, statisticBytes: number): number {
  const most = Math.max(1, Math.min(GROUP_TASKS, functions));
  const isHeavy = tasks * statisticBytes > HEAVY_BYTES;
  if (tasks <= most && !isHeavy) return GROUP_TASKS;
  const wanted = isHeavy ? Math.sqrt(tasks / 2) : GROUP_TASKS;
  let size = 1;
  while (size < wanted && size * 2 <= most) size *= 2;
  return size;
}
/** Groups in flight at most: 40 x 32 = 1,280 mappers without a Distributed Map and its seconds of start-up. */
export const GROUPS_AT_ONCE = 40;
/**
 * Groups of a round at most. Their answers, 384 bytes of each that went through the store, pass the reducer in one state of 256 KiB; and their
 * events, 11 of each, come on top of MAX_EVENTS.
 */
export const MOST_GROUPS = 256;
/** An execution fails at 25,000 history events; the distance is room for retries, which cost about five each. */
export const MAX_EVENTS = 20_000;

/**
 * What follows, as the planner and the reducer answer it. Any other word ends the run as `UnknownAnswer`.
 *
 * - `round`: many groups, each a child that combines its tasks; then the reducer.
 * - `stretch`: one group, whose child also reduces and goes on by itself.
 * - `again`: the next round in the same child; only from a reduce inside a child.
 * - `fused`: one function holds everything and runs rounds until done or its time is nearly up.
 * - `continue`: a new execution named `<run>-<generation>`, before this one's history is full.
 * - `publish`: training is over.
 * - `done`: an update has nothing to do, for the object is in the model already.
 */
export const NEXT = ["round", "stretch", "again", "fused", "continue", "publish", "done"] as const;
export type Next = (typeof NEXT)[number];

/** Tasks `first` to `last` of a round, both included, GROUP_TASKS of them at most. Task i runs in slot `slotFrom + i - first`, which must exist. */
export interface Group {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly slotFrom: number;
}

export interface MachineState {
  /** Letters, digits and hyphens, 48 at most: executions are named after it and their names end at 80. */
  readonly run: string;
  /** Number of the execution; on `continue` that of the execution to start. */
  readonly generation: number;
  /** The round to run, or just run when `next` is no round. */
  readonly round: number;
  /** Tasks of that round; empty when it is fused. */
  readonly groups: readonly Group[];
  /** 1 to GROUPS_AT_ONCE, so that all tasks in flight stay inside the account's concurrency. */
  readonly groupsAtOnce: number;
  /** Hash of the code that planned the run; a function that is another answers CodeChanged. */
  readonly bundle: string;
  /** History events of this execution so far. */
  readonly events: number;
  readonly next: Next;
}

/** An object that arrived in the stack's bucket, as the door passes it on. A bucket with versions gives every upload its own. */
export interface Arrival {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
}

/** Input of an execution. Generation 0 plans; a later one, or a run that has a state already, resumes. A continuation passes its arrival on. */
export interface StartInput {
  readonly run: string;
  readonly generation: number;
}

/** What the door starts an execution with; the run is named after the object. */
export interface ArrivalInput {
  /** The object to score. */
  readonly score?: Arrival;
  /** The object to bring into its model. */
  readonly update?: Arrival;
}

/** planner -> MachineState */
export interface PlanRequest {
  /** StartInput, ArrivalInput, or what `rounds/begin.ts` makes one from: a job, or where it lies. */
  readonly input: unknown;
  readonly execution: string;
  /** ISO 8601. */
  readonly startTime: string;
}

/** mapper -> a task's answer, 4 KiB at most. */
export interface TaskRequest {
  readonly run: string;
  readonly round: number;
  readonly task: number;
  readonly slot: number;
  readonly bundle: string;
}

/** The mapper's code in its own function with minutes of time -> MachineState */
export interface FusedRequest {
  readonly run: string;
  readonly fused: true;
  readonly generation: number;
  readonly round: number;
  readonly bundle: string;
  readonly events: number;
}

/** reducer -> the group's answer. */
export interface CombineRequest {
  readonly verb: "combine";
  readonly run: string;
  readonly round: number;
  readonly bundle: string;
  readonly group: Group;
  /** In the order of the tasks. */
  readonly answers: readonly unknown[];
}

/** reducer -> MachineState */
export interface ReduceRequest {
  readonly verb: "reduce";
  readonly run: string;
  readonly generation: number;
  readonly round: number;
  readonly bundle: string;
  readonly events: number;
  /** Of the groups in order; inside a stretch those of the tasks. */
  readonly answers: readonly unknown[];
  /** When the child started, ISO 8601; inside a stretch only. */
  readonly since?: string;
}

/** publisher -> what the execution answers; of an update also the MachineState of the run that takes its place. */
export interface PublishRequest {
  readonly verb: "publish";
  readonly run: string;
  readonly bundle: string;
  /** Of an update. */
  readonly events?: number;
}

/** publisher -> FailAnswer */
export interface FailRequest {
  readonly verb: "fail";
  readonly execution: string;
  /** The machine's state as it failed; when planning failed, the execution's input. `Cause` of a function is JSON with `errorMessage`. */
  readonly state: Partial<MachineState> & ArrivalInput & { readonly error: { readonly Error: string; readonly Cause: string } };
}

/** publisher, called by a rule and not by a machine -> FailAnswer, or null where there is nothing to settle. */
export interface SettleRequest {
  readonly verb: "settle";
  readonly execution: string;
  /** As Step Functions tells it: ABORTED or TIMED_OUT. */
  readonly status: string;
}

/** What the execution fails with: the error's name, and one sentence that says why and how to resume. */
export interface FailAnswer {
  readonly name: string;
  readonly sentence: string;
}

/** Which word asks for one more round. `stretchSeconds`: time spent in the child, null outside one. `maxEvents`: history that is not passed. */
export function nextRound(groups: number, events: number, stretchSeconds: number | null, maxEvents: number = MAX_EVENTS): Next {
  if (groups === 1 && stretchSeconds !== null && stretchSeconds < STRETCH_SECONDS) return "again";
  if (events > maxEvents) return "continue";
  return groups === 1 ? "stretch" : "round";
}

/**
 * History events that a step costs when nothing is retried, up to and with `Next?`: a task 5, a choice or a pass 2, a map 4 and 2 for each
 * iteration (counted on LocalStack; AWS documents the same kinds).
 */
export function eventsOf(step: "plan" | "round" | "stretch" | "fused", groups: number): number {
  if (step === "round") return 11 + 11 * groups;
  if (step === "stretch") return 13;
  return step === "fused" ? 7 : 8;
}

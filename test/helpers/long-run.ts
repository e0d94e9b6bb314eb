/** Runs of many rounds: a learner that adds up, the real planner, handlers, checkpoints and machines, and the history that the parent leaves. */
import { inlineFunctions } from "../../src/adapters/local/functions.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../src/adapters/local/orchestrator.ts";
import { localHandlers, localHost } from "../../src/api/local.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { writeJson } from "../../src/ports/json.ts";
import { openCheckpoint, saveCheckpoint } from "../../src/rounds/checkpoint.ts";
import { type RunContext, type RunState, startState } from "../../src/rounds/run.ts";
import type { TaskAnswer, TaskRequest } from "../../src/rounds/task.ts";
import { addLeaf, startForest } from "../../src/statistics/merge-tree.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { trainingMachine } from "../../src/workflow/machine.ts";
import type { FailRequest } from "../../src/workflow/state.ts";

export interface LongRun {
  readonly rounds: number;
  /** Of one task each. */
  readonly groups: number;
  readonly maxEvents?: number;
  /** A round takes so many seconds on the clock that ends stretches. */
  readonly roundSeconds?: number;
}

export interface Ran {
  readonly state: RunState;
  /** States that each execution of the parent entered, in order. */
  readonly executions: readonly (readonly string[])[];
}

interface Sums {
  readonly sums: Float64Array;
}

/** Every round depends on all before it, so that one lost or done twice shows in the last digit. */
const adder = (rounds: number): LearnerAny =>
  ({
    ask: ([{ at }]: readonly { at: Float64Array }[]) => ({ parts: "all", ask: { at } }),
    empty: ({ at }: { at: Float64Array }) => ({ sums: new Float64Array(at.length) }),
    merge: (into: Sums, other: Sums) => {
      for (let i = 0; i < into.sums.length; i++) into.sums[i] += other.sums[i];
    },
    step: ({ sums }: Sums, { at }: { at: Float64Array }, [{ round }]: readonly { round: number }[]) => {
      const next = at.map((value, i) => 0.9 * value + sums[i] / (round + 1));
      return [{ state: { at: next, round: round + 1 }, done: round + 1 === rounds, loss: next[0] }];
    },
  }) as Partial<LearnerAny> as LearnerAny;

/** What part `p` answers: something of its number and of the question. */
function mapped({ total, first, end, ask }: TaskRequest): TaskAnswer {
  const { at } = (ask as { ask: { at: Float64Array } }).ask;
  const forest = startForest<unknown>(total);
  for (let place = first; place < end; place++)
    addLeaf(forest, place, { statistic: { sums: at.map((value, i) => Math.fround(value) + place + i) }, outboxes: [] }, () => {});
  return { forest, report: { rows: 1, millis: 0, readMillis: 0, gcMillis: 0, cacheHits: 0, cacheMisses: 0, peakBytes: 0 } };
}

const CHILD_STATES: ReadonlySet<string> = new Set([...Object.keys(groupMachine(LOCAL_FUNCTIONS).States), "Task"]);

export async function longRun({ rounds, groups, maxEvents, roundSeconds = 0 }: LongRun): Promise<Ran> {
  const store = memoryStore();
  // A slot for one task at a time makes a group of each task.
  const functions = { count: groups, fused: false, slots: 1, threads: 1, memoryBytes: 2 ** 30 };
  const memory = { neededBytes: 0, allowedBytes: 0, cacheBytes: 0, statisticBytes: 64, items: [] };
  const plan = {
    run: "run",
    bundle: "source",
    functions,
    memory,
    job: { model: { learner: "linearRegression" }, split: { kind: "none" }, limits: {} },
  } as unknown as Plan;
  await writeJson(store, "runs/run/plan.json", plan);
  const context: RunContext = { plan, learner: adder(rounds), model: null, profile: null };
  const candidate = { id: 0, setting: 0, fold: null, state: { at: new Float64Array(4), round: 0 }, done: false, rounds: 0, loss: [] };
  const dataset = { fingerprint: "f", columns: [], rows: groups, parts: groups, badRows: 0, warnings: [], testFromRow: null };
  const evaluated = { asks: { train: null, test: null }, results: { train: null, test: null } };
  await saveCheckpoint(store, "run", { ...startState(), phase: "train", dataset, candidates: [candidate], evaluated }, null);

  const host = {
    ...localHost({ root: "/nowhere", threads: 1, cacheBytes: 0 }),
    store,
    maxEvents,
    held: new Map([["run", { context, ahead: null }]]),
    mappers: { size: 1, run: async (_thread: number, request: TaskRequest) => mapped(request) },
  };
  const publisher = async (payload: unknown) => {
    const { state } = payload as Partial<FailRequest>;
    return state === undefined ? {} : { name: state.error.Error, sentence: state.error.Cause };
  };
  let ended = 0;
  const clocked = { ...host, onRound: () => void ended++, dateMillis: () => Date.now() + 1_000 * roundSeconds * ended };
  const handlers = { ...localHandlers(clocked), publisher };
  const executions: string[][] = [];
  await runMachine({
    machine: trainingMachine(LOCAL_FUNCTIONS),
    child: groupMachine(LOCAL_FUNCTIONS),
    invoke: inlineFunctions({ count: 1, create: () => handlers }).invoke,
    execution: {
      name: "run",
      input: { run: "run", generation: 0 },
      onState: (state) => {
        if (state === "Plan") executions.push([]);
        if (!CHILD_STATES.has(state)) executions.at(-1)?.push(state);
      },
    },
    startTime: new Date().toISOString(),
  });
  return { state: (await openCheckpoint(store, "run")).state, executions };
}

/** History events of the parent by the states that it entered: a start, a task 5, a choice or a pass 2, a map 4 and 2 for each iteration. */
export function eventsOfStates(states: readonly string[]): number {
  const machine = trainingMachine(LOCAL_FUNCTIONS).States;
  const inner = (machine.Round.ItemProcessor as { States: typeof machine }).States;
  return states.reduce((sum, name) => {
    const { Type } = machine[name] ?? inner[name];
    const iteration = name === "Group" ? 2 : 0;
    if (Type === "Task") return sum + 5 + iteration;
    return sum + (Type === "Map" ? 4 : Type === "Fail" || Type === "Succeed" ? 1 : 2);
  }, 1);
}

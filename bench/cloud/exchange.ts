/**
 * One exchange: every mapper reads the question and ships a statistic of so many bytes, the statistics are merged, and the next question is
 * written. The real handlers on warm functions, without the orchestrator; large objects are small ones that count a thousandfold.
 */
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { saveCheckpoint } from "../../src/rounds/checkpoint.ts";
import { askRound } from "../../src/rounds/distribute.ts";
import { phaseNamed } from "../../src/rounds/phases/registry.ts";
import { type RunContext, startState } from "../../src/rounds/run.ts";
import type { TaskAnswer, TaskRequest } from "../../src/rounds/task.ts";
import { tasksOf } from "../../src/rounds/tasks.ts";
import { addLeaf, startForest } from "../../src/statistics/merge-tree.ts";
import { createChance } from "./chance.ts";
import { createClock } from "./clock.ts";
import { BUNDLE, type Call, simulatedFunctions } from "./functions.ts";

export interface Exchange {
  /** In which a mapper, then a combiner, then the reducer waited for storage; of each kind the longest. */
  readonly storageSeconds: number;
  /** All of it, with calls of functions. */
  readonly seconds: number;
  readonly reads: number;
  readonly writes: number;
}

/** Sums of so many numbers. */
function sumLearner(numbers: number): LearnerAny {
  const learner: Partial<LearnerAny> = {
    ask: () => ({ parts: "all", ask: { point: new Float64Array(numbers) } }),
    empty: () => ({ sums: new Float64Array(numbers) }),
    merge: (into, other) => {
      for (let i = 0; i < numbers; i++) into.sums[i] += other.sums[i];
    },
    step: (merged, _ask, active) => active.map(() => ({ state: { point: merged.sums }, done: false })),
  };
  return learner as LearnerAny;
}

const MEMORY = 3_008 * 2 ** 20;

export async function simulateExchange(mappers: number, bytes: number, seed = 1): Promise<Exchange> {
  const times = bytes > 100_000 ? 1_000 : 1;
  const numbers = Math.round(bytes / 8 / times);
  const learner = sumLearner(numbers);
  const functions = { count: mappers, fused: false, slots: mappers, threads: 1, memoryBytes: MEMORY / times };
  const plan = {
    run: "run",
    bundle: BUNDLE,
    functions,
    memory: { statisticBytes: bytes },
    job: { split: { kind: "none" }, limits: { badRows: 0 } },
  } as unknown as Plan;
  const context: RunContext = { plan, learner, model: null, profile: null };
  const store = memoryStore();
  const candidate = { id: 0, setting: 0, fold: null, state: { point: new Float64Array(numbers) }, done: false, rounds: 0, loss: [] };
  const dataset = { fingerprint: "f", columns: [], rows: mappers, parts: mappers, badRows: 0, warnings: [], testFromRow: null };
  await saveCheckpoint(store, "run", { ...startState(), phase: "train", dataset, candidates: [candidate] }, null);
  await askRound({ store, sources: store }, context);

  const clock = createClock();
  let calls: Call[] = [];
  const cloud = simulatedFunctions({
    clock,
    chance: createChance(seed),
    store,
    functions: { ...functions, memoryBytes: MEMORY },
    cacheBytes: 0,
    sizeOf: (key, size) => (/(\.stat|\/ask|\/state-train)$/.test(key) ? size * times : size),
    workOf: () => 0,
    onCall: (call) => calls.push(call),
    own: { context, map: (request) => mapped(request, learner) },
  });

  const round = async (number: number): Promise<void> => {
    const asked = { run: "run", round: number, bundle: BUNDLE };
    const map = (task: number) => cloud.invoke(`mapper-${task}`, { ...asked, task, slot: task });
    const tasks = Array.from({ length: mappers }, (_, task) => task);
    const reduce = { ...asked, verb: "reduce", generation: 0, events: 0 };
    const { inGroup } = tasksOf({ units: tasks }, plan);
    if (mappers <= inGroup) {
      await cloud.invoke("combiner", { ...reduce, answers: await Promise.all(tasks.map(map)), since: new Date(0).toISOString() });
      return;
    }
    const groups = Array.from({ length: Math.ceil(mappers / inGroup) }, (_, group) => group);
    const answers = groups.map(async (group) => {
      const own = tasks.slice(group * inGroup, (group + 1) * inGroup);
      return cloud.invoke("combiner", { ...asked, verb: "combine", group: { number: group }, answers: await Promise.all(own.map(map)) });
    });
    await cloud.invoke("reducer", { ...reduce, answers: await Promise.all(answers) });
  };

  return clock.run(async () => {
    await round(0);
    calls = [];
    const from = clock.now();
    await round(1);
    const waited = (verb: string) => calls.reduce((most, call) => (call.verb === verb ? Math.max(most, call.line.waited) : most), 0);
    return {
      storageSeconds: waited("mapper") + waited("combine") + waited("reduce"),
      seconds: clock.now() - from,
      reads: calls.reduce((sum, { line }) => sum + line.reads, 0),
      writes: calls.reduce((sum, { line }) => sum + line.writes, 0),
    };
  });
}

function mapped(request: TaskRequest, learner: LearnerAny): TaskAnswer {
  const { empty, merge } = phaseNamed("train", learner);
  const forest = startForest<unknown>(request.total);
  for (let place = request.first; place < request.end; place++)
    addLeaf(forest, place, empty({ ask: {} }), (into, other) => merge(into, other, { ask: {} }));
  const none = { rows: 0, millis: 0, readMillis: 0, gcMillis: 0, cacheHits: 0, cacheMisses: 0, peakBytes: 0 };
  return { forest, report: none };
}

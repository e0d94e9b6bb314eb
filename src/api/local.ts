/** The functions of a run on this machine: the handlers that Lambda runs, on files and threads. */
import { totalmem } from "node:os";
import { resolve } from "node:path";
import type { Host } from "../../functions/host.ts";
import { mapper } from "../../functions/mapper.ts";
import { planner } from "../../functions/planner.ts";
import { publisher } from "../../functions/publisher.ts";
import { reducer } from "../../functions/reducer.ts";
import { anywhere } from "../adapters/anywhere.ts";
import { watchCollections } from "../adapters/local/collections.ts";
import { fileStore } from "../adapters/local/file-store.ts";
import { type Handlers, inlineFunctions, isolatedFunctions, type LocalFunctions } from "../adapters/local/functions.ts";
import { type ThreadPool, workerThreads } from "../adapters/local/threads.ts";
import type { Functions } from "../plan/plan.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { Invoke } from "../ports/orchestrator.ts";
import { openCheckpoint } from "../rounds/checkpoint.ts";
import type { RunState } from "../rounds/run.ts";
import type { Mappers } from "../rounds/schedule.ts";
import { createTasks, type TaskAnswer } from "../rounds/task.ts";
import { bundle } from "./bundle.ts";
import { moduleUrl } from "./modules.ts";

export interface LocalHostOptions {
  /** Folder of runs and datasets. */
  readonly root: string;
  readonly threads: number;
  readonly cacheBytes: number;
  /** What an arrival's run may use; one function and half of this machine's memory where left out. */
  readonly functions?: Functions;
}

export interface LocalHost extends Host {
  close(): Promise<void>;
}

/** A function of this machine. One thread is this one; more are workers, which start with their first task. */
export function localHost(
  { root, threads, cacheBytes, functions = alone(threads) }: LocalHostOptions,
  hooks: Pick<Host, "onRound" | "stopped"> = {},
  wrap: (store: ObjectStore) => ObjectStore = (store) => store,
): LocalHost {
  const files = anywhere();
  const store = wrap(fileStore(root));
  const pool: ThreadPool | null =
    threads > 1
      ? workerThreads({
          size: threads,
          entry: moduleUrl("thread"),
          data: { root, bundle, cacheBytes: cacheBytes / threads },
          // The cache gets four fifths of what a plan does not need.
          spareBytes: cacheBytes / 4,
        })
      : null;
  return {
    store,
    sources: files,
    outputs: files,
    home: "",
    bundle,
    functions: async () => functions,
    resumeCommand: (run) => `steplearn resume ${run}${root === resolve(".steplearn") ? "" : ` --store ${JSON.stringify(root)}`}`,
    mappers:
      pool === null
        ? inlineMappers(store, files, cacheBytes)
        : { size: threads, run: (thread, request) => pool.run(thread, request) as Promise<TaskAnswer> },
    affinity: new Map(),
    held: new Map(),
    nowMillis: () => performance.now(),
    dateMillis: () => Date.now(),
    remainingMillis: () => Number.POSITIVE_INFINITY,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    ...hooks,
    close: async () => pool?.close(),
  };
}

const alone = (threads: number): Functions => ({
  count: 1,
  fused: true,
  slots: 1,
  threads,
  memoryBytes: Math.floor(totalmem() / 2),
});

function inlineMappers(store: ObjectStore, sources: ObjectStore, cacheBytes: number): Mappers {
  const run = createTasks({
    store,
    sources,
    outputs: sources,
    bundle,
    cacheBytes: () => cacheBytes,
    nowMillis: () => performance.now(),
    peakBytes: () => process.resourceUsage().maxRSS * 1024,
    gcMillis: watchCollections(),
  });
  return { size: 1, run: (_thread, request) => run(request) };
}

export function localHandlers(host: Host): Handlers {
  return {
    planner: (payload) => planner(payload as Parameters<typeof planner>[0], host),
    mapper: (payload) => mapper(payload as Parameters<typeof mapper>[0], host),
    reducer: (payload) => reducer(payload as Parameters<typeof reducer>[0], host),
    publisher: (payload) => publisher(payload as Parameters<typeof publisher>[0], host),
  };
}

/**
 * One function in this process, which tells of every round itself, or several in threads of their own, whose rounds are seen in the
 * checkpoints that their reducers leave.
 */
export function localFunctions(
  count: number,
  options: LocalHostOptions,
  onRound: (state: RunState) => void,
  stopped: () => boolean,
): LocalFunctions {
  if (count === 1) {
    const host = localHost(options, { onRound, stopped });
    return { invoke: inlineFunctions({ count, create: () => localHandlers(host) }).invoke, close: host.close };
  }
  const functions = isolatedFunctions({ count, entry: moduleUrl("local"), data: options });
  const store = fileStore(options.root);
  const invoke: Invoke = async (name, payload, slot, signal) => {
    const answer = await functions.invoke(name, payload, slot, signal);
    const { verb, run } = payload as { verb?: string; run?: string };
    if (name === "reducer" && verb === "reduce" && run !== undefined) onRound((await openCheckpoint(store, run)).state);
    return answer;
  };
  return { invoke, close: functions.close };
}

/** The functions of a run on this machine: `count` instances, each with its own caches, each at one thing at a time as on Lambda. */
import type { FunctionName, Invoke } from "../../ports/orchestrator.ts";
import { type Answer, answerThread } from "./thread.ts";
import { type ThreadPool, workerThreads } from "./threads.ts";

export type Handlers = Readonly<Record<FunctionName, (payload: unknown) => Promise<unknown>>>;

export interface LocalFunctions {
  readonly invoke: Invoke;
  close(): Promise<void>;
}

/** Instances in this process: nothing to start, which is what a small job wants; they share its one thread unless they have pools. */
export function inlineFunctions({ count, create }: { count: number; create: (instance: number) => Handlers }): LocalFunctions {
  const instances: (Handlers | undefined)[] = new Array(count).fill(undefined);
  const run = (instance: number, name: FunctionName, payload: unknown) => {
    instances[instance] ??= create(instance);
    return instances[instance][name](payload);
  };
  return { invoke: queued(count, run), close: async () => {} };
}

/** Instances in threads of their own, which share nothing but the store. `entry` is a module that calls `answerFunctions`. */
export function isolatedFunctions({ count, entry, data }: { count: number; entry: URL; data?: unknown }): LocalFunctions {
  const threads: ThreadPool = workerThreads({ size: count, entry, data });
  return { invoke: queued(count, (instance, name, payload) => threads.run(instance, { name, payload })), close: threads.close };
}

/** In the module of an instance: its functions, made once from the data that `isolatedFunctions` was given. */
export function answerFunctions(create: (data: unknown) => Handlers | Promise<Handlers>): void {
  answerThread(async (data): Promise<Answer> => {
    const handlers = await create(data);
    return (message) => {
      const { name, payload } = message as { name: FunctionName; payload: unknown };
      return handlers[name](payload);
    };
  });
}

/** Slots share the instances evenly. What waits for its turn when the signal comes is never started. */
function queued(count: number, run: (instance: number, name: FunctionName, payload: unknown) => Promise<unknown>): Invoke {
  const turns: Promise<unknown>[] = new Array(count).fill(Promise.resolve());
  return (name, payload, slot, signal) => {
    const instance = slot % count;
    const work = turns[instance].then(() => {
      signal?.throwIfAborted();
      return run(instance, name, payload);
    });
    turns[instance] = work.catch(() => {});
    return work;
  };
}

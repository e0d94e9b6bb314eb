/**
 * Threads that answer messages: the compute threads of one function, on a laptop and on Lambda, and the functions of a laptop. A thread keeps
 * what its module holds for as long as the pool lives; messages and answers are structured clones.
 */
import { setFlagsFromString } from "node:v8";
import { type Transferable, Worker } from "node:worker_threads";
import { InputError } from "../../ports/errors.ts";
import type { Answer, Reply } from "./thread.ts";
import { fromWire, toWire } from "./wire-error.ts";

export interface ThreadPool {
  readonly size: number;
  /** Rejects with the thread's error, or with `Runtime.ExitError` or `Runtime.OutOfMemory` when the thread dies; the next call then starts a new one. */
  run(thread: number, message: unknown, transfer?: readonly Transferable[]): Promise<unknown>;
  /** Stops the threads; calls under way reject. */
  close(): Promise<void>;
}

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly calls: Map<number, Call>;
}

/**
 * Columns lie outside V8's heap, yet count against its limit, which starts so low that a thread marks its whole heap anew for every 10 MB of
 * them that it loads: a fifth of its time. Threads read the flag when they start; the first collection sets the limit by what is in use.
 */
const FIRST_COLLECTION_MEGABYTES = 512;
/** Longest wait for a thread to read it. */
const STARTED_MILLIS = 50;

/** The name under which Lambda reports a function that dies, so that the machine tries again what it would try again there. */
function exitError(message: string, name = "Runtime.ExitError"): Error {
  return fromWire({ name, message, stack: "" });
}

const isOutOfMemory = (error: Error): boolean => (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";

/** Threads that no pool has taken yet, by module. */
const spares = new Map<string, Worker[]>();

/**
 * Starts threads before anybody knows the pool that will want them: a thread loads its module for 0.1 s, which a program that is loading
 * itself need not wait for afterwards. A pool of the same module takes them first.
 */
export function startAhead(entry: URL, count: number): void {
  const own = spares.get(entry.href) ?? [];
  spares.set(entry.href, own);
  own.push(...newWorkers(entry, count));
}

/**
 * The flag holds only until the threads have read it: code that was compiled under other flags is compiled anew, Node's own in every thread
 * (60 ms of it) and this program's whenever a run with threads follows one without.
 */
function newWorkers(entry: URL, count: number): Worker[] {
  setFlagsFromString(`--initial-old-space-size=${FIRST_COLLECTION_MEGABYTES}`);
  const workers = Array.from({ length: count }, () => new Worker(entry));
  const end = performance.now() + STARTED_MILLIS;
  // A thread makes its heap as soon as it knows its limits, which are -1 before.
  const isStarting = ({ resourceLimits }: Worker): boolean => !((resourceLimits?.maxOldGenerationSizeMb ?? 0) > 0);
  while (workers.some(isStarting) && performance.now() < end) sleep(1);
  sleep(1);
  setFlagsFromString("--initial-old-space-size=0");
  for (const worker of workers) worker.unref();
  return workers;
}

/**
 * A thread that passes large statistics on would collect its heap for every 64 MB of them, although they are given back by hand. V8 13 can
 * count them as it counts the heap itself; others do not know the flag and would say so. Once threads have loaded their code. Garbage then
 * waits, 0.8 GB of it a thread (measured), so that it takes memory to spare.
 */
const GARBAGE_BYTES = 2 ** 30;
let countOutside = (): void => {
  if (process.versions.v8.startsWith("13.")) setFlagsFromString("--external-memory-accounted-in-global-limit");
  countOutside = () => {};
};

const never = new Int32Array(new SharedArrayBuffer(4));

const sleep = (millis: number): void => void Atomics.wait(never, 0, 0, millis);

/** One thread of this process, on its own event loop: no start-up, no copies. */
export function inlineThread(answer: Answer): ThreadPool {
  return { size: 1, run: async (_thread, message) => answer(message), close: async () => {} };
}

/**
 * Threads that run a module which calls `answerThread`. Each starts with its first call, if not ahead of it, and lets the process end while
 * it is idle.
 *
 * @param entry the module
 * @param data what `answerThread` is given in each of them, structured-cloned
 * @param spareBytes memory that nobody needs
 */
export function workerThreads({
  size,
  entry,
  data,
  spareBytes = 0,
}: {
  size: number;
  entry: URL;
  data?: unknown;
  spareBytes?: number;
}): ThreadPool {
  const isRoomy = spareBytes >= size * GARBAGE_BYTES;
  const threads: (Thread | undefined)[] = new Array(size).fill(undefined);
  let calls = 0;
  let closed = false;

  function start(number: number): Thread {
    const thread: Thread = { worker: spares.get(entry.href)?.pop() ?? newWorkers(entry, 1)[0], calls: new Map() };
    thread.worker.postMessage({ data });
    const lose = (error: Error) => {
      if (threads[number] === thread) threads[number] = undefined;
      for (const call of thread.calls.values()) call.reject(error);
      thread.calls.clear();
    };
    thread.worker.on("message", (reply: Reply) => {
      if (isRoomy) countOutside();
      settle(thread, reply);
    });
    thread.worker.on("error", (error) =>
      lose(
        exitError(
          `thread ${number} must not crash, got ${toWire(error).name}: ${toWire(error).message}`,
          isOutOfMemory(error) ? "Runtime.OutOfMemory" : undefined,
        ),
      ),
    );
    thread.worker.on("exit", (code) => lose(exitError(`thread ${number} must stay until it has answered, got exit code ${code}`)));
    return thread;
  }

  return {
    size,
    run(number, message, transfer = []) {
      if (closed) return Promise.reject(new InputError("a closed thread pool must not be called"));
      if (!Number.isInteger(number) || number < 0 || number >= size) {
        return Promise.reject(new InputError(`thread must be an integer from 0 to ${size - 1}, got ${number}`));
      }
      threads[number] ??= start(number);
      const thread = threads[number];
      const call = calls++;
      return new Promise((resolve, reject) => {
        thread.worker.postMessage({ call, message }, transfer);
        thread.worker.ref();
        thread.calls.set(call, { resolve, reject });
      });
    },
    async close() {
      closed = true;
      await Promise.all(threads.map((thread) => thread?.worker.terminate()));
    },
  };
}

function settle(thread: Thread, reply: Reply): void {
  const call = thread.calls.get(reply.call);
  thread.calls.delete(reply.call);
  if (thread.calls.size === 0) thread.worker.unref();
  if (reply.error === undefined) call?.resolve(reply.value);
  else call?.reject(fromWire(reply.error));
}

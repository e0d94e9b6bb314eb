/** A deployed stack in this process: its bucket in memory, its training machine run by the local interpreter over the real handlers. */

import type { DescribedExecution } from "../../src/adapters/aws/executions.ts";
import { type Handlers, inlineFunctions } from "../../src/adapters/local/functions.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../src/adapters/local/orchestrator.ts";
import { bundle } from "../../src/api/bundle.ts";
import { localHandlers } from "../../src/api/local.ts";
import type { Remote } from "../../src/api/remote.ts";
import { ConflictError, NotFoundError } from "../../src/ports/errors.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import { settleRun } from "../../src/rounds/settle.ts";
import { createTasks } from "../../src/rounds/task.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { trainingMachine } from "../../src/workflow/machine.ts";

export interface FakeStack {
  readonly remote: Remote;
  readonly objects: ObjectStore;
  /** All executions have ended. */
  idle(): Promise<void>;
}

/** `functions` beyond one are spread; `handlers` may fail or hold up. */
export function fakeStack({
  functions = 1,
  handlers: wrap = (given) => given,
}: {
  functions?: number;
  handlers?: (handlers: Handlers) => Handlers;
} = {}): FakeStack {
  const objects = memoryStore();
  const within = (prefix: string): ObjectStore => {
    const at = (key: string): string => prefix + key;
    return {
      read: (key, ...range) => objects.read(at(key), ...range),
      write: (key, ...content) => objects.write(at(key), ...content),
      info: async (key) => ({ ...(await objects.info(at(key))), key }),
      nameOf: (key) => `s3://${at(key)}`,
      list: (under) => objects.list(at(under)),
    };
  };
  const store = within("own/");
  const plain = (key: string): string => key.replace(/^s3:\/\//, "");
  const root: ObjectStore = {
    read: (key, ...range) => objects.read(plain(key), ...range),
    write: (key, ...content) => objects.write(plain(key), ...content),
    info: async (key) => ({ ...(await objects.info(plain(key))), key }),
    nameOf: (key) => key,
    async *list(prefix) {
      for await (const info of objects.list(plain(prefix))) yield { ...info, key: `s3://${info.key}` };
    },
  };
  const shared = { store, sources: root, outputs: root, bundle, nowMillis: () => performance.now() };
  const host = () => {
    const run = createTasks({ ...shared, cacheBytes: () => 2 ** 24, peakBytes: () => 0, gcMillis: () => 0 });
    return {
      ...shared,
      home: "s3://own/",
      functions: async () => ({ count: functions, fused: functions === 1, slots: functions, threads: 1, memoryBytes: 2 ** 33 }),
      resumeCommand: (name: string) => `steplearn resume ${name} --on aws`,
      mappers: { size: 1, run: (_: number, request: Parameters<typeof run>[0]) => run(request) },
      affinity: new Map(),
      held: new Map(),
      dateMillis: () => Date.now(),
      remainingMillis: () => Number.POSITIVE_INFINITY,
      breathe: () => new Promise<void>((resolve) => setImmediate(resolve)),
    };
  };
  const { invoke } = inlineFunctions({ count: Math.max(2, functions), create: () => wrap(localHandlers(host())) });

  const found = new Map<string, DescribedExecution & { stop: AbortController }>();
  const running: Promise<unknown>[] = [];
  const update = (name: string, changed: Partial<DescribedExecution>): void => {
    const old = found.get(name);
    if (old?.status === "RUNNING") found.set(name, { ...old, ...changed });
  };

  const begin = (name: string, input: unknown): void => {
    if (found.has(name)) throw new ConflictError(`execution ${name} must be a new one`);
    const stop = new AbortController();
    const now = Date.now();
    found.set(name, { name, status: "RUNNING", startMillis: now, stopMillis: null, output: null, error: "", cause: "", stop });
    running.push(
      runMachine({
        machine: trainingMachine(LOCAL_FUNCTIONS),
        child: groupMachine(LOCAL_FUNCTIONS),
        invoke,
        execution: { name, input, signal: stop.signal },
        startTime: new Date(now).toISOString(),
      }).then(
        (output) => update(name, { status: "SUCCEEDED", output, stopMillis: Date.now() }),
        (error: Error) => update(name, { status: "FAILED", error: error.name, cause: error.message, stopMillis: Date.now() }),
      ),
    );
  };

  const remote: Remote = {
    stack: "steplearn",
    environment: {},
    home: "s3://own/",
    store,
    root,
    executions: {
      start: async (name, input) => begin(name, JSON.parse(JSON.stringify(input))),
      describe: async (name) => found.get(name) ?? null,
      list: async (count) => [...found.values()].sort((a, b) => b.startMillis - a.startMillis).slice(0, count),
      async stop(name) {
        const execution = found.get(name);
        if (execution === undefined) throw new NotFoundError(`execution ${name} must exist`);
        update(name, { status: "ABORTED", stopMillis: Date.now() });
        execution.stop.abort(new Error("aborted"));
        // The rule on stopped executions.
        await settleRun(host(), { verb: "settle", execution: name, status: "ABORTED" });
      },
      consoleUrl: (name) => `https://console.example/${name}`,
    },
  };
  return {
    remote,
    objects,
    async idle() {
      while (running.length > 0) await running.pop();
    },
  };
}

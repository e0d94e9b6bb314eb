/** A stack in memory: a bucket whose objects' arrival goes through the door to the machines, run by the local interpreter over the real handlers. */
import type { Host } from "../../functions/host.ts";
import { type Handlers, inlineFunctions } from "../../src/adapters/local/functions.ts";
import { interpret, localMachine } from "../../src/adapters/local/interpreter.ts";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../src/adapters/local/orchestrator.ts";
import { bundle } from "../../src/api/bundle.ts";
import { localHandlers } from "../../src/api/local.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { readJson, writeJson } from "../../src/ports/json.ts";
import { createTasks } from "../../src/rounds/task.ts";
import { doorMachine } from "../../src/workflow/door.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { scoringMachine, trainingMachine, updateMachine } from "../../src/workflow/machine.ts";

export const BUCKET = "own";
const QUEUE = "queue";
const door = localMachine(doorMachine({ scoring: "scoring", update: "update", deadLetters: QUEUE }));
const machines = { scoring: scoringMachine(LOCAL_FUNCTIONS, QUEUE), update: updateMachine(LOCAL_FUNCTIONS, QUEUE) };

export type MemoryStore = ReturnType<typeof memoryStore>;

/** What EventBridge delivers of an object. */
export interface ArrivalEvent {
  readonly detail: { readonly bucket: { readonly name: string }; readonly object: { readonly key: string; readonly size: number } };
}

interface Letter {
  readonly object: { readonly key: string };
  readonly error: string;
  readonly reason: string;
}

export function arrivals({
  functions = 1,
  handlers: wrap = (given) => given,
  watched = (given) => given,
  onFunctions = () => {},
}: {
  functions?: number;
  handlers?: (handlers: Handlers) => Handlers;
  /** Sees what is asked of the stores. */
  watched?: (store: MemoryStore) => MemoryStore;
  /** Sees who asks what the account has free. */
  onFunctions?: () => void;
} = {}) {
  const [store, objects] = [watched(memoryStore()), watched(memoryStore())];
  const letters: Letter[] = [];
  const taken = new Set<string>();
  let versions = 0;
  const shared = { store, sources: objects, outputs: objects, bundle, cacheBytes: () => 2 ** 26, nowMillis: () => 0 };
  const host = (): Host => {
    const run = createTasks({ ...shared, peakBytes: () => 0, gcMillis: () => 0 });
    return {
      ...shared,
      home: `${BUCKET}/`,
      functions: async () => {
        onFunctions();
        return { count: functions, fused: functions === 1, slots: functions, threads: 1, memoryBytes: 2 ** 33 };
      },
      resumeCommand: (name) => `steplearn resume ${name}`,
      mappers: { size: 1, run: (_, request) => run(request) },
      affinity: new Map(),
      held: new Map(),
      dateMillis: () => 0,
      remainingMillis: () => Number.POSITIVE_INFINITY,
    };
  };
  const calls: string[] = [];
  const { invoke } = inlineFunctions({ count: Math.max(2, functions), create: () => wrap(localHandlers(host())) });

  const execute = (machine: Parameters<typeof runMachine>[0]["machine"], name: string, input: unknown): Promise<unknown> =>
    runMachine({
      machine,
      child: groupMachine(LOCAL_FUNCTIONS),
      invoke: (called, payload, slot, signal) => {
        calls.push(called);
        return invoke(called, payload, slot, signal);
      },
      execution: { name, input },
      startTime: "2020-01-01T00:00:00.000Z",
      onDeadLetter: (message) => letters.push(message as Letter),
    });

  return {
    /** Runs and datasets; and the bucket, whose keys begin with its name. */
    store,
    objects,
    letters,
    /** Functions called so far, by name. */
    calls,
    /** Starts a machine as the door does, under any name. */
    start: (machine: keyof typeof machines, name: string, input: unknown) => execute(machines[machine], name, input),
    /** Writes an object; the event is not delivered yet. */
    async put(key: string, content: string | Uint8Array): Promise<ArrivalEvent> {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const etag = await objects.write(`${BUCKET}/${key}`, bytes);
      const object = { key, size: bytes.length, etag, "version-id": `v${++versions}` };
      return { detail: { bucket: { name: BUCKET }, object } };
    },
    /** Delivers an event and waits for what it starts. True where it started something. */
    async deliver(event: ArrivalEvent): Promise<boolean> {
      const started: Promise<unknown>[] = [];
      const start = async (parameters: unknown): Promise<unknown> => {
        const { StateMachineArn, Name, Input } = parameters as { StateMachineArn: keyof typeof machines; Name: string; Input: unknown };
        if (taken.has(Name)) throw Object.assign(new Error("taken"), { name: "StepFunctions.ExecutionAlreadyExistsException" });
        taken.add(Name);
        started.push(execute(machines[StateMachineArn], Name, Input).catch(() => {}));
        return {};
      };
      await interpret({
        machine: door,
        input: event,
        context: { Execution: { Name: "event" } },
        handlers: { "states:startExecution": start, "sqs:sendMessage": async () => ({}) },
        signal: new AbortController().signal,
        onState: undefined,
      });
      await Promise.all(started);
      return started.length > 0;
    },
    /** Trains a job whose data is given, and answers the version. */
    async train(name: string, form: Omit<JobForm, "data">, csv: string, run = `${name}-1`): Promise<string> {
      await objects.write(`${BUCKET}/data/${name}.csv`, new TextEncoder().encode(csv));
      const asked = job({ name, data: `${BUCKET}/data/${name}.csv`, output: `${BUCKET}/models/${name}`, ...form } as JobForm);
      await writeJson(store, `runs/${run}/request.json`, { run, job: asked });
      await execute(trainingMachine(LOCAL_FUNCTIONS), run, { run, generation: 0 });
      return run;
    },
    json: <T>(key: string): Promise<T> => readJson<T>(objects, `${BUCKET}/${key}`),
  };
}

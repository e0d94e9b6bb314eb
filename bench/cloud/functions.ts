/** The functions of a stack: environments that start cold, stay warm, do one thing at a time and are billed. The handlers are the real ones. */
import type { Host } from "../../functions/host.ts";
import { localHandlers } from "../../src/api/local.ts";
import { CLOUD, lambdaSpeed } from "../../src/plan/cloud.ts";
import type { Functions } from "../../src/plan/plan.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import type { FunctionName } from "../../src/ports/orchestrator.ts";
import type { RunContext } from "../../src/rounds/run.ts";
import { createTasks, type TaskAnswer, type TaskRequest } from "../../src/rounds/task.ts";
import type { Chance } from "./chance.ts";
import type { Clock } from "./clock.ts";
import { type Line, newLine, simulatedStore } from "./storage.ts";

/** One call, when it is over. */
export interface Call {
  readonly name: string;
  readonly verb: string;
  readonly round: number;
  readonly cold: boolean;
  /** Seconds on the clock; the handler runs from the one to the other. */
  readonly from: number;
  readonly to: number;
  readonly line: Line;
}

export interface FunctionsOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly store: ObjectStore;
  readonly functions: Functions;
  readonly cacheBytes: number;
  readonly sizeOf: (key: string, bytes: number, startByte: number) => number;
  /** Seconds of work, on a thread of the machine of `throughput.ts`, that a request stands for. */
  readonly workOf: (request: TaskRequest, answer: TaskAnswer) => number;
  readonly onCall: (call: Call) => void;
  /** What maps instead of the engine's own tasks, and the run that every environment holds from the start: for statistics of any size. */
  readonly own?: { readonly context: RunContext; readonly map: (request: TaskRequest) => TaskAnswer };
}

export interface SimulatedFunctions {
  invoke(name: string, payload: unknown): Promise<unknown>;
  readonly billed: { gigabyteSeconds: number; calls: number; cold: number };
}

interface Environment {
  readonly host: Host;
  line: Line;
}

/** Of everything but mappers, as the stack has it. */
const OTHER_BYTES = 1_769 * 2 ** 20;
const GiB = 2 ** 30;
/** Of the input and output of a state: Step Functions' limit. */
const STATE_BYTES = 256 * 1_024;
/** Functions of the same code by another name. */
const HANDLERS: Readonly<Record<string, FunctionName>> = { combiner: "reducer", fused: "mapper" };

export function simulatedFunctions(options: FunctionsOptions): SimulatedFunctions {
  const { clock, chance, functions, onCall } = options;
  const idle = new Map<string, Environment[]>();
  const started = new Map<string, number[]>();
  const billed = { gigabyteSeconds: 0, calls: 0, cold: 0 };

  /** Waits where a function grows faster than Lambda lets it. */
  async function start(name: string): Promise<Environment> {
    const starts = started.get(name) ?? [];
    started.set(name, starts);
    const { environmentsIn10Seconds: most } = CLOUD.lambda;
    const due = starts.length < most ? clock.now() : Math.max(clock.now(), starts[starts.length - most] + 10);
    starts.push(due);
    await clock.sleep(due - clock.now());
    return newEnvironment(options);
  }

  return {
    billed,
    async invoke(name, payload) {
      await clock.sleep(chance(CLOUD.lambda.warm));
      const kept = idle.get(name)?.pop();
      const environment = kept ?? (await start(name));
      const kind = name.split("-")[0];
      const gigabytes = (kind === "mapper" ? functions.memoryBytes : OTHER_BYTES) / GiB;
      const cold = kept === undefined ? chance(CLOUD.lambda.cold) : 0;
      await clock.sleep(cold);
      environment.line = Object.assign(environment.line, newLine());
      const from = clock.now();
      const handlers = localHandlers(environment.host);
      const handler = (HANDLERS[kind] ?? kind) as FunctionName;
      const answer = await handlers[handler](asState(payload));
      const { verb = kind, round = -1 } = payload as { verb?: string; round?: number };
      onCall({ name, verb, round, cold: cold > 0, from, to: clock.now(), line: { ...environment.line } });
      billed.gigabyteSeconds += (cold + clock.now() - from) * gigabytes;
      billed.calls += 1;
      billed.cold += cold > 0 ? 1 : 0;
      idle.set(name, [...(idle.get(name) ?? []), environment]);
      return asState(answer);
    },
  };
}

/** What crosses a state, as JSON that the machine takes. */
function asState(value: unknown): unknown {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > STATE_BYTES) throw new Error(`a state must not exceed ${STATE_BYTES} bytes, got ${text.length}`);
  return JSON.parse(text);
}

function newEnvironment({ clock, chance, store, functions, cacheBytes, sizeOf, workOf, own }: FunctionsOptions): Environment {
  const line = newLine();
  const simulated = simulatedStore(store, { clock, chance, line, sizeOf });
  const { threads, memoryBytes } = functions;
  const threadSpeed = lambdaSpeed(memoryBytes, threads) / threads;
  const compute = Array.from({ length: threads }, () => {
    let readAhead = 0;
    const sources: ObjectStore = {
      ...simulated,
      async read(key, startByte, endByte) {
        const from = clock.now();
        const bytes = await simulated.read(key, startByte, endByte);
        readAhead += clock.now() - from;
        return bytes;
      },
    };
    const run = createTasks({
      store: simulated,
      sources,
      outputs: simulated,
      bundle: BUNDLE,
      cacheBytes: () => cacheBytes / threads,
      nowMillis: () => 1_000 * clock.now(),
      peakBytes: () => 0,
      gcMillis: () => 0,
    });
    return async (request: TaskRequest): Promise<TaskAnswer> => {
      readAhead = 0;
      const answer = own === undefined ? await run(request) : own.map(request);
      // The source is read ahead while it is parsed; here the small table is read at once, before.
      await clock.sleep(workOf(request, answer) / threadSpeed - readAhead);
      return answer;
    };
  });
  const host: Host = {
    store: simulated,
    sources: simulated,
    outputs: simulated,
    bundle: BUNDLE,
    functions: async () => functions,
    home: "",
    resumeCommand: (run) => `steplearn resume ${run}`,
    mappers: {
      size: threads,
      run: (thread, request) => compute[thread](request),
    },
    affinity: new Map(),
    held: new Map(own === undefined ? [] : [[own.context.plan.run, { context: own.context, ahead: null }]]),
    nowMillis: () => 1_000 * clock.now(),
    dateMillis: () => dateOf(clock).getTime(),
    remainingMillis: () => 600_000,
  };
  return { host, line };
}

export const BUNDLE = "simulated";
/** The day on which a simulation begins. */
export const dateOf = (clock: Clock): Date => new Date(Date.UTC(2026, 0, 1) + 1_000 * clock.now());

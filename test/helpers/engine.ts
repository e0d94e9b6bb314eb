/** Runs of the real engine in a test: plans with small parts and cuts, any number of functions and threads, stores and handlers that go wrong. */
import { readFileSync } from "node:fs";
import { fileStore } from "../../src/adapters/local/file-store.ts";
import { type Handlers, inlineFunctions } from "../../src/adapters/local/functions.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../src/adapters/local/orchestrator.ts";
import { type LocalHost, localHandlers, localHost } from "../../src/api/local.ts";
import { planLocal } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";
import type { Cut } from "../../src/plan/cuts.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { writeJson } from "../../src/ports/json.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import type { Execution } from "../../src/ports/orchestrator.ts";
import { openCheckpoint } from "../../src/rounds/checkpoint.ts";
import type { RunState } from "../../src/rounds/run.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { trainingMachine } from "../../src/workflow/machine.ts";

export interface Seams {
  /** Rows of a part; those of the planner where left out. */
  readonly partRows?: number;
  /** Byte ranges that each CSV file is cut into. */
  readonly cuts?: number;
  /** What a function has; plenty where left out. */
  readonly memoryBytes?: number;
}

/** The plan of a job whose paths are absolute, with its rows in more parts and cuts than so few rows would have. */
export async function planOf(form: JobForm, { partRows, cuts, memoryBytes = 2 ** 33 }: Seams = {}): Promise<Plan> {
  const plan = await planLocal(job({ output: "/nowhere", ...form }), { run: "run", memoryBytes, threads: 1 });
  return {
    ...plan,
    partRows: partRows ?? plan.partRows,
    source: {
      ...plan.source,
      cuts:
        cuts === undefined
          ? plan.source.cuts
          : plan.source.cuts.flatMap((cut) => slices(cut, cuts)).map((cut, number) => ({ ...cut, number })),
    },
  };
}

function slices(cut: Cut, count: number): Cut[] {
  if (cut.format !== "csv") return [cut];
  const [piece] = cut.pieces;
  const bound = (i: number): number => piece.startByte + Math.floor(((piece.endByte - piece.startByte) * i) / count);
  return Array.from({ length: count }, (_, i) => ({
    ...cut,
    bytes: bound(i + 1) - bound(i),
    pieces: [{ ...piece, startByte: bound(i), endByte: bound(i + 1) }],
  }));
}

/** Room for every table of a test. */
const CACHE_BYTES = 2 ** 28;

export interface Engine {
  /** Folder of the store; models go below it, too. */
  readonly root: string;
  /** 1, as where left out: fused rounds. */
  readonly functions?: number;
  readonly threads?: number;
  readonly cacheBytes?: number;
  /** Is given the store of the run, then that of the models. */
  readonly wrap?: (store: ObjectStore) => ObjectStore;
  readonly handlers?: (handlers: Handlers) => Handlers;
  readonly nowMillis?: () => number;
  readonly dateMillis?: () => number;
  /** History of an execution before it is continued in a new one. */
  readonly maxEvents?: number;
  readonly onState?: Execution["onState"];
}

/** A run as `execute` does it, through its seams. Goes on where the root holds a run of that name already. */
export async function runPlan(plan: Plan, engine: Engine): Promise<void> {
  const { root, functions = 1, threads = 1, cacheBytes = CACHE_BYTES, wrap, handlers = (given) => given, maxEvents, onState } = engine;
  const placed: Plan = {
    ...plan,
    job: { ...plan.job, output: `${root}/models` },
    functions: { ...plan.functions, count: functions, fused: functions === 1, slots: functions, threads },
  };
  await writeJson(fileStore(root), `runs/${plan.run}/plan.json`, placed);
  const hosts: LocalHost[] = [];
  const { invoke, close } = inlineFunctions({
    count: functions,
    create: () => {
      const local = localHost({ root, threads, cacheBytes }, {}, wrap);
      const { nowMillis = local.nowMillis, dateMillis = local.dateMillis } = engine;
      const host = { ...local, outputs: wrap?.(local.outputs) ?? local.outputs, nowMillis, dateMillis, maxEvents };
      hosts.push(host);
      return handlers(localHandlers(host));
    },
  });
  try {
    await runMachine({
      machine: trainingMachine(LOCAL_FUNCTIONS),
      child: groupMachine(LOCAL_FUNCTIONS),
      invoke,
      execution: { name: plan.run, input: { run: plan.run, generation: 0 }, onState },
      startTime: "2020-01-01T00:00:00.000Z",
    });
  } finally {
    await close();
    await Promise.all(hosts.map((host) => host.close()));
  }
}

export const MODEL_FILES = ["model.json", "metrics.json", "profile.json", "weights.bin"] as const;

/** The published folder of a run, as text and hexadecimal digits: what is equal is equal byte for byte. */
export function published(root: string, run = "run"): Record<(typeof MODEL_FILES)[number], string> {
  const read = (file: string) => readFileSync(`${root}/models/${run}/${file}`);
  return {
    "model.json": read("model.json").toString(),
    "metrics.json": read("metrics.json").toString(),
    "profile.json": read("profile.json").toString(),
    "weights.bin": read("weights.bin").toString("hex"),
  };
}

/** What the last checkpoint of a run holds. */
export async function stateOf(root: string, run = "run"): Promise<RunState> {
  return (await openCheckpoint(fileStore(root), run)).state;
}

/** A training on the simulated cloud: the real planner, handlers, learner and machines, on a table that stands for a larger one. */
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { job } from "../../src/job/builders.ts";
import { learnerNamed } from "../../src/learners/registry.ts";
import { type Bill, billOf, type Usage } from "../../src/plan/bill.ts";
import type { Cut } from "../../src/plan/cuts.ts";
import type { Functions, Plan } from "../../src/plan/plan.ts";
import { workOf } from "../../src/plan/work.ts";
import { writeJson } from "../../src/ports/json.ts";
import { openCheckpoint } from "../../src/rounds/checkpoint.ts";
import { planRun } from "../../src/rounds/planning/plan-run.ts";
import type { RoundRecord } from "../../src/rounds/run.ts";
import type { TaskAnswer, TaskRequest } from "../../src/rounds/task.ts";
import { createChance } from "./chance.ts";
import { createClock } from "./clock.ts";
import { BUNDLE, type Call, simulatedFunctions } from "./functions.ts";
import { type Orchestrated, runMachines } from "./machine.ts";
import { denseCsv } from "./tables.ts";

export interface Shape {
  /** Of the table that is meant, and of the one that stands for it. */
  readonly rows: number;
  readonly bytes: number;
  readonly standIn: number;
  readonly columns: number;
  readonly cuts: number;
}

export interface Simulated {
  readonly plan: Plan;
  readonly seconds: number;
  readonly calls: readonly Call[];
  readonly history: readonly RoundRecord[];
  readonly orchestrated: Orchestrated;
  readonly cold: number;
  readonly usage: Usage;
  readonly bill: Bill;
  readonly store: { readonly readBytes: number; readonly writtenBytes: number };
}

const SOURCE = "table.csv";

export async function simulateTraining(shape: Shape, functions: Functions, seed = 1): Promise<Simulated> {
  const clock = createClock();
  const store = memoryStore();
  const text = denseCsv(shape.standIn, shape.columns);
  await store.write(SOURCE, text);
  const asked = job({
    data: { path: SOURCE },
    label: "y",
    model: { logisticRegression: { regParam: 1e-4 } },
    metrics: ["accuracy", "logLoss"],
    output: "models/simulated",
  });
  const planned = await planRun(store, { run: "run", job: asked }, functions, BUNDLE);
  const [whole] = planned.source.cuts;
  const plan: Plan = { ...planned, functions, source: { ...planned.source, cuts: slices(whole, text.length, shape.cuts) } };
  await writeJson(store, "runs/run/plan.json", plan);

  const [byRow, byByte] = [shape.rows / shape.standIn, shape.bytes / text.length];
  const learner = learnerNamed("logisticRegression");
  const size = { rows: shape.rows, parts: shape.cuts, columns: shape.columns, classes: 2 };
  const work = workOf(plan.source, shape.columns, learner.cost(size, asked.model.params as never));
  const secondsOf = ({ phase, first, end, units, ask }: TaskRequest, { report }: TaskAnswer): number => {
    if (phase === "load") return units.slice(first, end).reduce((sum, cut) => sum + plan.source.cuts[cut].bytes, 0) * byByte * work.load;
    if (phase === "fit") return report.rows * byRow * work.fit;
    if (phase === "evaluate") return report.rows * byRow * (work.encode + work.evaluate);
    // A sample has as many rows of the large table as of the small one.
    return report.rows * (isSample(ask) ? 1 : byRow) * (work.encode + work.train);
  };

  // A cut is one part of float64 columns behind a head that is as small in the large table.
  const partBytes = (shape.rows / shape.cuts) * shape.columns * 8;
  const isWritten = new Set<string>();
  const sizeOf = (key: string, bytes: number, startByte: number): number => {
    if (key === SOURCE) return bytes * byByte;
    if (!key.endsWith(".arrow") || (startByte === 0 && isWritten.has(key))) return bytes;
    isWritten.add(key);
    return partBytes;
  };

  const calls: Call[] = [];
  const simulated = simulatedFunctions({
    clock,
    chance: createChance(seed),
    store,
    functions,
    cacheBytes: functions.memoryBytes / 2 / byRow,
    sizeOf,
    workOf: secondsOf,
    onCall: (call) => calls.push(call),
  });
  const orchestrated = await clock.run(() => runMachines(clock, simulated, "run"));
  const { state } = await openCheckpoint(store, "run");
  const sum = (of: (call: Call) => number): number => calls.reduce((total, call) => total + of(call), 0);
  const usage: Usage = {
    ...orchestrated,
    ...simulated.billed,
    reads: sum(({ line }) => line.reads),
    writes: sum(({ line }) => line.writes),
  };
  return {
    plan,
    seconds: clock.now(),
    calls,
    history: state.history,
    orchestrated,
    cold: simulated.billed.cold,
    usage,
    bill: billOf(usage),
    store: { readBytes: sum(({ line }) => line.readBytes), writtenBytes: sum(({ line }) => line.writtenBytes) },
  };
}

function isSample(ask: unknown): boolean {
  const { questions = [] } = (ask as { ask?: { questions?: readonly { sample: object | null }[] } }).ask ?? {};
  return questions.length > 0 && questions.every(({ sample }) => sample !== null);
}

function slices(cut: Cut, size: number, count: number): Cut[] {
  if (cut.format !== "csv") throw new Error(`a table must be CSV, got ${cut.format}`);
  const bound = (i: number): number => Math.floor((size * i) / count);
  return Array.from({ length: count }, (_, number) => ({
    ...cut,
    number,
    bytes: bound(number + 1) - bound(number),
    pieces: [{ ...cut.pieces[0], startByte: bound(number), endByte: bound(number + 1) }],
  }));
}

/**
 * Rounds spread over functions: the question goes to the store, every task maps an aligned block of units and answers its forest of
 * statistics, groups combine theirs, and the reducer joins all, steps and checkpoints. Each verb may run twice: it reads what follows
 * from its names and writes the same bytes again.
 */
import type { ObjectStore } from "../ports/object-store.ts";
import { type Forest, joinForests, mergeForests } from "../statistics/merge-tree.ts";
import { openCheckpoint, roundKey, saveCheckpoint } from "./checkpoint.ts";
import { decode, encode } from "./codec.ts";
import { measure, summary, type TaskReport } from "./measure.ts";
import { mergeOf } from "./phases/registry.ts";
import { endRound, nextRound } from "./program.ts";
import type { Round, RunContext, RunState } from "./run.ts";
import { type Affinity, type Mappers, mapPlaces } from "./schedule.ts";
import { requestOf } from "./task.ts";

/** Bytes of an answer that travels in the task's result, in base64 below 4 KiB; larger ones go through the store. */
const INLINE_BYTES = 3_000;

/** The answer of a task or of a group: its forest, here or in the store. */
export interface Shipment {
  /** Task or group. */
  readonly number: number;
  readonly inline?: string;
  readonly key?: string;
  /** One: of the task, or of the group's tasks together, which have to fit the state of the machine. */
  readonly reports: readonly TaskReport[];
}

/** Units of a task: the smallest power of two that lets the plan's functions hold all units of the round. */
function taskUnits(units: number, functions: number): number {
  let size = 1;
  while (size * functions < units) size *= 2;
  return size;
}

export const taskCount = (units: number, functions: number): number => Math.ceil(units / taskUnits(units, functions));

/** Writes the next round's question; null when the model can be published. */
export async function askRound(store: ObjectStore, context: RunContext): Promise<{ round: Round | null; state: RunState }> {
  const { run } = context.plan;
  const checkpoint = await openCheckpoint(store, run);
  const { state, round } = await nextRound(checkpoint.state, context, store);
  if (state.phase !== checkpoint.state.phase || state.load !== checkpoint.state.load)
    await saveCheckpoint(store, run, state, checkpoint.etag);
  if (round !== null) await store.write(roundKey(run, round.number, "ask"), encode(round));
  return { round, state };
}

/** Maps one task of a round and ships its forest. */
export async function mapTask(
  store: ObjectStore,
  { plan, learner }: RunContext,
  roundNumber: number,
  task: number,
  mappers: Mappers,
  affinity: Affinity,
  nowMillis: () => number,
): Promise<Shipment> {
  const from = nowMillis();
  const round = decode<Round>(await store.read(roundKey(plan.run, roundNumber, "ask")));
  const total = round.units.length;
  const size = taskUnits(total, plan.functions.count);
  const merge = mergeOf(round, learner);
  const request = requestOf(plan, round, task * size, Math.min(total, (task + 1) * size));
  const { forest, reports } = await mapPlaces(mappers, request, affinity, merge);
  const shipment = await ship(store, roundKey(plan.run, roundNumber, `task-${String(task).padStart(4, "0")}`), task, forest);
  return { ...shipment, reports: [{ ...summary(reports), millis: nowMillis() - from }] };
}

/** Merges what the tasks of one group shipped into one shipment. */
export async function combineTasks(
  store: ObjectStore,
  runContext: RunContext,
  roundNumber: number,
  group: number,
  answers: readonly Shipment[],
): Promise<Shipment> {
  const { run } = runContext.plan;
  const round = decode<Round>(await store.read(roundKey(run, roundNumber, "ask")));
  const forests = await unpack(store, answers);
  const merged = mergeForests(forests, mergeOf(round, runContext.learner));
  const shipment = await ship(store, roundKey(run, roundNumber, `group-${String(group).padStart(3, "0")}`), group, merged);
  return { ...shipment, reports: [summary(answers.flatMap((answer) => answer.reports))] };
}

/** Joins all shipments of a round, steps and checkpoints. A round that has been reduced already is left as it is. */
export async function reduceRound(
  store: ObjectStore,
  runContext: RunContext,
  roundNumber: number,
  answers: readonly Shipment[],
): Promise<RunState> {
  const { run } = runContext.plan;
  const checkpoint = await openCheckpoint(store, run);
  if (checkpoint.state.rounds > roundNumber) return checkpoint.state;
  const round = decode<Round>(await store.read(roundKey(run, roundNumber, "ask")));
  const forests = await unpack(store, answers);
  const merged = joinForests(forests, round.units.length, mergeOf(round, runContext.learner));
  const reports = answers.flatMap((answer) => answer.reports);
  // The time between question and answer is the orchestrator's; the slowest task is what the round waited for.
  const measured = measure(
    reports,
    reports.reduce((slowest, { millis }) => Math.max(slowest, millis), 0),
  );
  const state = endRound(merged, round, checkpoint.state, runContext, measured);
  return (await saveCheckpoint(store, run, state, checkpoint.etag)).state;
}

async function ship(store: ObjectStore, key: string, number: number, forest: Forest<unknown>): Promise<Shipment> {
  const bytes = encode(forest);
  if (bytes.length <= INLINE_BYTES) return { number, inline: Buffer.from(bytes).toString("base64"), reports: [] };
  await store.write(`${key}.stat`, bytes);
  return { number, key: `${key}.stat`, reports: [] };
}

function unpack(store: ObjectStore, answers: readonly Shipment[]): Promise<Forest<unknown>[]> {
  return Promise.all(
    answers.map(async ({ inline, key, number }) => {
      if (inline !== undefined) return decode<Forest<unknown>>(Buffer.from(inline, "base64"));
      if (key === undefined) throw new Error(`answer ${number} must carry a statistic or its key`);
      return decode<Forest<unknown>>(await store.read(key));
    }),
  );
}

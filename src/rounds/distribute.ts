/**
 * Rounds spread over functions: the question goes to the store, every task maps an aligned block of units and answers its forest of
 * statistics, groups combine theirs, and the reducer joins all, steps and checkpoints. Each verb may run twice: it reads what follows
 * from its names and writes the same bytes again.
 */
import type { ObjectStore } from "../ports/object-store.ts";
import { type Forest, joinForests, type Merge, mergeForests } from "../statistics/merge-tree.ts";
import { type Checkpoint, lostPointer, openCheckpoint, roundKey, saveCheckpoint } from "./checkpoint.ts";
import { decode, encode } from "./codec.ts";
import type { Ahead, Held } from "./held.ts";
import { measure, summary, type TaskReport } from "./measure.ts";
import type { ReadStores } from "./phases/load.ts";
import { mergeOf } from "./phases/registry.ts";
import { endRound, nextRound } from "./program.ts";
import type { Round, RunContext, RunState } from "./run.ts";
import { type Affinity, addressed, type Mappers, mapPlaces } from "./schedule.ts";
import { requestOf } from "./task.ts";
import { placesOf, tasksOf } from "./tasks.ts";

/** Bytes that all answers of a group's tasks, or of a round's groups, may take of the state that carries them, and one of them at most. */
const ANSWERS_BYTES = 160 * 1_024;
const ANSWER_BYTES = 4 * 1_024;
/** Of an answer beside its forest: number, key and report as JSON. */
const REPORT_BYTES = 384;

/** Bytes of a forest that travels in the answer, in base64, where so many answers travel together; a larger one goes through the store. */
export const inlineBytes = (answers: number): number =>
  Math.floor((Math.min(ANSWER_BYTES, ANSWERS_BYTES / answers) - REPORT_BYTES) * (3 / 4));

/** Reads at a time: beyond, a function's sockets and its bandwidth are taken. */
const READS_AT_ONCE = 32;
/** Of a function's memory for statistics on their way in. */
const READ_SHARE = 1 / 8;

/** The answer of a task or of a group: its forest, here or in the store. */
export interface Shipment {
  /** Task or group. */
  readonly number: number;
  readonly inline?: string;
  readonly key?: string;
  /** Of the object under the key. */
  readonly bytes?: number;
  /** One: of the task, or of the group's tasks together, which have to fit the state of the machine. */
  readonly reports: readonly TaskReport[];
}

/** Goes on from the last checkpoint: the next question is in the store when this returns. */
export async function askRound(stores: ReadStores, context: RunContext): Promise<Ahead> {
  return goOn(stores, context, await openCheckpoint(stores.store, context.plan.run));
}

/** `reached` is where the run stands, and `saved` the checkpoint that is in the store. One that lost the race goes on from the winner's. */
async function goOn(stores: ReadStores, context: RunContext, saved: Checkpoint, reached: RunState = saved.state): Promise<Ahead> {
  const { store } = stores;
  const { run } = context.plan;
  const { state, round } = await nextRound(reached, context, stores);
  const [checkpoint] = await Promise.all([
    state === saved.state ? saved : saveCheckpoint(store, run, state, saved.etag),
    round === null ? null : store.write(roundKey(run, round.number, "ask"), encode(round)),
  ]);
  return checkpoint.state === state ? { ...checkpoint, round } : goOn(stores, context, checkpoint);
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
  const round = await readRound(store, plan.run, roundNumber);
  const { first, end } = placesOf(task, round, plan);
  const merge = mergeOf(round, learner);
  const request = requestOf(plan, round, first, end);
  const { forest: mapped, reports } = await mapPlaces(mappers, request, affinity, merge);
  const forest = round.anyOrder ? addressed(mapped[0].statistic, task) : mapped;
  const name = `task-${String(task).padStart(4, "0")}`;
  const shipment = await ship(store, roundKey(plan.run, roundNumber, name), task, forest, tasksOf(round, plan).inGroup);
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
  const { plan, learner } = runContext;
  const round = readRound(store, plan.run, roundNumber);
  const merged = await gather(store, runContext, answers, async () => mergeOf(await round, learner));
  const { tasks, inGroup } = tasksOf(await round, plan);
  const shipment = await ship(
    store,
    roundKey(plan.run, roundNumber, `group-${String(group).padStart(3, "0")}`),
    group,
    merged,
    Math.ceil(tasks / inGroup),
  );
  return { ...shipment, reports: [summary(answers.flatMap((answer) => answer.reports))] };
}

/** Joins all shipments of a round, steps, checkpoints and asks the next. A round that has been reduced already is left as it is. */
export async function reduceRound(
  stores: ReadStores,
  held: Held,
  roundNumber: number,
  answers: readonly Shipment[],
  dateMillis: number,
): Promise<Ahead> {
  const { store } = stores;
  const { context } = held;
  const { run } = context.plan;
  const kept = held.ahead?.state.rounds === roundNumber ? held.ahead : null;
  const opening = kept ?? openCheckpoint(store, run);
  const asking = kept?.round ?? readRound(store, run, roundNumber);
  const forest = gather(store, context, answers, async () => mergeOf(await asking, context.learner));
  const [checkpoint, round, whole] = await Promise.all([opening, asking, forest]);
  if (checkpoint.state.rounds > roundNumber) return goOn(stores, context, checkpoint);
  if (checkpoint.state.rounds < roundNumber)
    throw lostPointer(store, run, `one of round ${checkpoint.state.rounds} in round ${roundNumber}`);
  const { length } = round.units;
  const leaves = round.anyOrder ? tasksOf(round, context.plan).tasks : length;
  const merged = joinForests([whole], leaves, mergeOf(round, context.learner));
  const reports = answers.flatMap((answer) => answer.reports);
  // The time between question and answer is the orchestrator's; the slowest task is what the round waited for.
  const measured = measure(
    reports,
    reports.reduce((slowest, { millis }) => Math.max(slowest, millis), 0),
  );
  held.ahead = await goOn(stores, context, checkpoint, endRound(merged, round, checkpoint.state, context, measured, dateMillis));
  return held.ahead;
}

async function readRound(store: ObjectStore, run: string, round: number): Promise<Round> {
  return decode<Round>(await store.read(roundKey(run, round, "ask")));
}

async function ship(store: ObjectStore, key: string, number: number, forest: Forest<unknown>, together: number): Promise<Shipment> {
  const bytes = encode(forest);
  if (bytes.length <= inlineBytes(together)) return { number, inline: Buffer.from(bytes).toString("base64"), reports: [] };
  await store.write(`${key}.stat`, bytes);
  return { number, key: `${key}.stat`, bytes: bytes.length, reports: [] };
}

/** What the answers hold as one forest. As many are read at a time as the memory has room for; what has arrived merges while the rest is read. */
async function gather(
  store: ObjectStore,
  { plan }: RunContext,
  answers: readonly Shipment[],
  opening: () => Promise<Merge<unknown>>,
): Promise<Forest<unknown>> {
  const largest = answers.reduce((most, { bytes = 1 }) => Math.max(most, bytes), 1);
  const atOnce = Math.min(READS_AT_ONCE, Math.max(2, Math.floor((plan.functions.memoryBytes * READ_SHARE) / largest)));
  const left = [...answers];
  let forest: Forest<unknown> = [];
  const work = async (): Promise<void> => {
    for (let answer = left.shift(); answer !== undefined; answer = left.shift()) {
      const [arrived, merge] = await Promise.all([forestOf(store, answer), opening()]);
      forest = mergeForests([forest, arrived], merge);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return forest;
}

async function forestOf(store: ObjectStore, { inline, key, number }: Shipment): Promise<Forest<unknown>> {
  if (inline !== undefined) return decode(Buffer.from(inline, "base64"));
  if (key === undefined) throw new Error(`answer ${number} must carry a statistic or its key`);
  return decode(await store.read(key));
}
